"""What a template of Python does before it is ready (docs/languages.md). `harness` is the harness's module.

The modules that programs import most are loaded here, then taken out of sys.modules again and kept. A program that
imports one gets the module that was kept, with all that it would have imported, so `sys.modules`, what a package has
as attributes, and which file an import finds are what they are in a cold run; only the time is another. A module is
given only if nothing that decides what an import finds has changed: a file of the same name beside the program, a
replaced module that it would have imported, a hook. Otherwise it is loaded from its file as ever.
"""

import builtins
import os
import sys
from _weakref import ref

MODULES = """
abc argparse asyncio base64 bisect calendar collections collections.abc concurrent.futures concurrent.futures.thread
contextlib copy csv dataclasses datetime _strptime decimal difflib enum fractions functools glob hashlib heapq inspect io
itertools json linecache logging math numbers operator pathlib pickle pprint queue random re secrets shutil signal
statistics string struct subprocess tempfile textwrap threading timeit tokenize traceback types typing unittest
unittest.async_case urllib.parse uuid weakref
""".split()  # not multiprocessing, which makes a key when it is imported

BuiltinImporter = sys.meta_path[0]
ModuleSpec = type(sys.__spec__)


# ---- what is imported by what ----


class Imports:
    """While it is entered, all imports and atexit handlers are noted with the module that asked for them."""

    def __init__(self):
        self.asked, self.handlers, self.loading = {}, {}, ["__main__"]

    def __enter__(self):
        import atexit

        self.atexit, self.register, self.import_ = atexit, atexit.register, builtins.__import__
        builtins.__import__, atexit.register = self.note, self.note_handler
        return self

    def __exit__(self, *_):
        builtins.__import__, self.atexit.register = self.import_, self.register

    def note(self, name, globals=None, locals=None, fromlist=(), level=0):
        who = (globals or {}).get("__name__", "")
        if who not in sys.modules or who.startswith("_frozen_importlib"):
            who = self.loading[-1]  # an extension module asks in the name of the import system
        if level:
            package = globals["__package__"].rsplit(".", level - 1)[0]
            full = f"{package}.{name}" if name else package
        else:
            full = name
        self.loading.append(full)
        try:
            module = self.import_(name, globals, locals, fromlist, level)
        finally:
            self.loading.pop()
        names = [full, *(f"{full}.{part}" for part in fromlist or ())]
        self.asked.setdefault(who, []).extend(each for each in names if each in sys.modules)
        return module

    def note_handler(self, function, *args, **keywords):
        self.handlers.setdefault(self.loading[-1], []).append((function, args, keywords))
        return function


# ---- what is kept ----


class Kept:
    def __init__(self, module):
        self.module, self.spec = module, module.__spec__
        self.imports = []  # what it imports, in order
        self.all = {}  # what is loaded when it has been imported: names and weak references
        self.aliases = {}  # names beneath it that it puts into sys.modules itself
        self.others = {}  # what stands in it under the names of modules beneath it
        self.handlers = []


kept = {}
beside = {}  # names of the files in the program's folder, by the folder and when it changed


def hide(before, imports):
    """Takes the modules that are new out of sys.modules and notes how to give them back."""
    new = {name: module for name, module in sys.modules.items() if name not in before}
    aliases = [name for name, module in new.items() if module.__spec__ is None or module.__spec__.name != name]
    for name, module in new.items():
        if name not in aliases:
            kept[name] = Kept(module)
    for name in aliases:
        kept[name.rpartition(".")[0]].aliases[name] = new[name]
    for name, module in new.items():
        del sys.modules[name]
        package, _, child = name.rpartition(".")
        if package in new and name not in aliases:
            there = vars(new[package]).pop(child)
            if there is not module:
                kept[package].others[child] = there
    for name, each in kept.items():
        each.imports = list(dict.fromkeys(part for part in imports.asked.get(name, ()) if part in kept and part != name))
        each.handlers = imports.handlers.get(name, [])
    for name, each in kept.items():
        each.all = {part: ref(kept[part].module) for part in reach(name)}


def reach(name):
    found, ahead = set(), [name]
    while ahead:
        each = ahead.pop()
        if each in kept and each not in found:
            found.add(each)
            ahead += [*kept[each].imports, each.rpartition(".")[0]]
    return found


def as_it_was(name):
    """Whether an import of `name` would find what was found when it was kept."""
    if how_imports_work() != usual:
        return False
    try:
        looked_at = sys.path[0], os.stat(sys.path[0]).st_mtime_ns
        if looked_at not in beside:
            beside.clear()
            beside[looked_at] = {file.partition(".")[0] for file in os.listdir(sys.path[0])}
    except OSError:
        return False
    everything = kept[name].all
    if not beside[looked_at].isdisjoint(part.partition(".")[0] for part in everything):
        return False
    for part, module in everything.items():
        there = sys.modules.get(part)
        if there is None and part not in kept or there is not None and there is not module():
            return False
    return True


def how_imports_work():
    return sys.path[1:], sys.meta_path[:], sys.path_hooks[:], builtins.__import__


class Keeper:
    """The loader of what was kept."""

    @staticmethod
    def create_module(spec):
        return kept[spec.name].module

    @staticmethod
    def exec_module(module):
        each = kept.pop(module.__spec__.name)
        module.__spec__ = each.spec
        sys.modules.update(each.aliases)
        for part in each.imports:
            if part not in sys.modules:
                import_module(part)
        vars(module).update(each.others)
        for function, args, keywords in each.handlers:
            register(function, *args, **keywords)


class Importer(BuiltinImporter):
    """Stands first in sys.meta_path in place of the one that it is made from."""

    @classmethod
    def find_spec(cls, name, path=None, target=None):
        if name in kept and target is None and as_it_was(name):
            return ModuleSpec(name, Keeper)
        return super().find_spec(name, path, target)


def keep_modules():
    global import_module, register
    before = set(sys.modules)
    with Imports() as imports:
        for name in MODULES:
            __import__(name)
    loaded = set(sys.modules)
    rehearse()
    for name in sys.modules.keys() - loaded:
        del sys.modules[name]  # nobody noted what it needs
    import_module, register = sys.modules["importlib"].import_module, imports.register
    hide(before, imports)


# ---- what runs do ----

SAMPLE = '''
"""Document."""
from __future__ import annotations
import collections, json, re, sys
from dataclasses import dataclass, field
from typing import NamedTuple

@dataclass(order=True)
class Point:
    x: int = 0
    y: float = 1.5
    tags: list[str] = field(default_factory=list)
    def __str__(self): return f"{self.x:>4}|{self.y:.2f}|{self.tags!r}"

class Pair(NamedTuple):
    a: int
    b: str = "b"

def fibonacci(n):
    a, b = 0, 1
    while n > 0:
        yield a
        a, b, n = b, a + b, n - 1

def divide(a, b, *rest, key=None, **more):
    try:
        return a / b
    except ZeroDivisionError as error:
        raise ValueError(f"no {b}") from error
    finally:
        more.clear()

async def later(x): return await other(x)
square = lambda x: x ** 2
words = "the quick brown fox, the lazy dog ü".split()
counts = collections.Counter(words)
table = {word: len(word) for word in words if word not in {"dog"}}
for i, (word, n) in enumerate(sorted(table.items(), key=lambda pair: (-pair[1], pair[0]))):
    if i % 2 == 0 and n > 3: print(f"{word:<8}{n:03d}", i, sep="\\t", end="\\n")
    elif not n: continue
    else: pass
print(1 + 1, "%s %d %.3f" % ("a", 2, 3.0), "{} {x}".format(1, x=2), [*map(square, range(5))], list(fibonacci(10)))
match words:
    case [first, *others]: print(first, others[-1])
    case {"a": 1} | None: print("none")
print(Point(1, 2.0), repr(Point()), Pair(1), counts.most_common(2), json.loads(json.dumps({"a": [1, None, 1.5]}, indent=2)))
print(re.sub(r"(\\w+) (\\w+)", r"\\2 \\1", "hello world"), re.findall("[a-z]+", "a1b2"), 2 ** 100, 10 // 3, 7 % 3, ~5 & 3)
with open("/phial/warm_up.py", encoding="utf-8") as file: lines = [line.strip() for line in file][:3]
assert len(lines) == 3, "three"
global_value: int = len(lines); del lines
print(max(words, key=len), sum(x for x in range(10)), any([]), all([1]), "".join(reversed("abc")), {1, 2} | {3}, (1,), b"x")
try: divide(1, 0)
except (ValueError, TypeError) as error: print(type(error).__name__, error, file=sys.stderr)
else: print("never")
sorted(table)
'''


def rehearse():
    for trace in (False, True):
        space = {"__name__": "__main__"}
        parts, _ = harness.compile_parts(SAMPLE.encode(), "/phial/sample.py", trace)
        for code, line in parts:
            value = eval(code, space)
            harness.to_json({"values": {"line": line, "value": harness.inspect_at_most(value, 1000)}})
    for source in ("print(2\n", "x = (1,\n", "def f(:\n", "x = 1\n  y = 2\n"):
        try:
            harness.compile_parts(source.encode(), "/phial/sample.py", False)
        except SyntaxError as error:
            sys.excepthook(type(error), error.with_traceback(None), None)
    for fault in (lambda: space["divide"](1, 0), lambda: {}["key"], lambda: [][1], lambda: undefined, lambda: 1 + "1"):
        try:
            fault()
        except Exception as error:
            sys.excepthook(type(error), error, error.__traceback__)
    rehearse_tests()
    sys.stdout.flush()
    sys.stderr.flush()


def rehearse_tests():
    import unittest

    class Test(unittest.TestCase):
        def test_right(self):
            self.assertEqual([1, 2], [1, 2])
            self.assertTrue(1)
            with self.assertRaises(ZeroDivisionError):
                1 / 0

        def test_wrong(self):
            self.assertEqual({"a": 1}, {"a": 2})

    suite = unittest.defaultTestLoader.loadTestsFromTestCase(Test)
    unittest.TextTestRunner(verbosity=2).run(suite)


def tidy_up():
    """Nothing of the rehearsal stays."""
    kept["re"].module.purge()
    kept["linecache"].module.clearcache()
    for name in [name for name in sys.path_importer_cache if name.startswith("/phial/")]:
        del sys.path_importer_cache[name]


keep_modules()
tidy_up()
for name in ("__module__", "__name__", "__qualname__"):
    setattr(Importer, name, getattr(BuiltinImporter, name))
sys.meta_path[0] = Importer
usual = how_imports_work()

"""The side of the solution: imports its modules when the tests do, and does what they ask for."""

import builtins
import copy
import io
import os
import sys
import types
import warnings

from phial_grade import handles, proxies
from phial_grade import link as links
from phial_grade.gates import SolutionGate

WORK = "/work"


class Speaker(io.TextIOBase):
    """Standard output or error while the tests call: they print it, so that they can look at it."""

    encoding, errors = "utf-8", "strict"

    def __init__(self, link, stream):
        self.link, self.stream = link, stream

    def write(self, text):
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self.link.say(self.stream, "".join(text))
        return len(text)

    def writable(self):
        return True

    def fileno(self):
        return self.stream

    def isatty(self):
        return False


class Listener(io.TextIOBase):
    """Standard input: what the tests have put in its place."""

    encoding, errors = "utf-8", "strict"

    def __init__(self, link):
        self.link = link

    def readline(self, size=-1):
        return self.link.call("readline", 0, None, (size,))

    def read(self, size=-1):
        return self.link.call("read", 0, None, (size,))

    def __next__(self):
        line = self.readline()
        if not line:
            raise StopIteration
        return line

    def readable(self):
        return True

    def fileno(self):
        return 0


class Solution:
    def __init__(self, link):
        self.link, self.handles = link, handles.Handles(link, SolutionGate())
        self.loop, self.imported = None, set()
        link.operations = self.operate

    def operate(self, operation, target, name, args, keywords):
        return getattr(self, "do_" + operation)(self.handles.own(target) if target else None, name, args, keywords)

    def do_get(self, value, name, args, keywords):
        return getattr(value, name)

    def do_set(self, value, name, args, keywords):
        setattr(value, name, *args)

    def do_del(self, value, name, args, keywords):
        delattr(value, name)

    def do_call(self, value, name, args, keywords):
        return value(*args, **keywords)

    def do_special(self, value, name, args, keywords):
        if name == "__dir__":
            return [*dir(value)]
        if name == "__getitem__":
            return value[args[0]]
        method = getattr(type(value), name, None)
        if method is None:
            raise TypeError(f"'{type(value).__name__}' object has no {name}")
        return method(value, *args)

    def do_value(self, value, name, args, keywords):
        base = next(kind for kind in (list, dict, set) if proxies.is_a(value, kind))
        return dict.copy(value) if base is dict else base(base.__iter__(value))

    def do_all(self, value, name, args, keywords):
        return [*getattr(value, "__all__", [each for each in vars(value) if not each.startswith("_")])]

    def do_copy(self, value, name, args, keywords):
        return copy.copy(value)

    def do_deepcopy(self, value, name, args, keywords):
        return copy.deepcopy(value)

    def do_await(self, value, name, args, keywords):
        import asyncio

        async def wait():
            return await value

        self.loop = self.loop or asyncio.new_event_loop()
        asyncio.set_event_loop(self.loop)
        return self.loop.run_until_complete(wait())

    def do_import(self, value, name, args, keywords):
        """The tests import it anew when they have forgotten it: so does this."""
        if name in self.imported:
            sys.modules.pop(name, None)
        self.imported.add(name)
        __import__(name)
        return sys.modules[name]

    def do_print(self, value, name, args, keywords):
        """The tests' own `print` or `input` stand in place of the builtins, or no more."""
        builtins.print = ask(self.link, "print") if args[0] else usual_print
        builtins.input = ask(self.link, "input")


usual_print = print


def ask(link, name):
    def function(*args, **keywords):
        return link.call(name, 0, None, args, keywords)

    function.__name__ = function.__qualname__ = name
    return function


def modules_of(files):
    """The names by which the tests can import the solution's files, and whether each is a package."""
    found = {}
    for file in files:
        parts = file.removesuffix(".py").split("/")
        if not file.endswith(".py") or not all(part.isidentifier() for part in parts):
            continue
        if parts[-1] == "__init__" and len(parts) > 1:
            parts.pop()
            found[".".join(parts)] = True
        else:
            found.setdefault(".".join(parts), False)
        for size in range(1, len(parts)):
            found[".".join(parts[:size])] = True
    return tuple(found.items())


def compile_errors(files):
    """What the compiler says of files that it refuses: (message, file, line, column)."""
    found = []
    for file in files:
        if not file.endswith(".py"):
            continue
        try:
            with open(os.path.join(WORK, file), "rb") as opened, warnings.catch_warnings():
                warnings.simplefilter("ignore")
                compile(opened.read(), os.path.join(WORK, file), "exec", 0, True)
        except SyntaxError as error:
            found.append((f"{type(error).__name__}: {error.msg}", file, error.lineno, error.offset))
        except (ValueError, RecursionError, MemoryError, OverflowError) as error:
            found.append((f"{type(error).__name__}: {error}", file, None, None))
    return tuple(found)


def broken_rules(order):
    """Broken code rules: (rule, kind, line or None)."""
    if not order["rules"]:
        return ()
    from phial_grade import rules

    broken = rules.check(order["rules"], order["solution"])
    return tuple((each["rule"], each["kind"], each.get("line")) for each in broken)


def serve(link):
    while True:
        kind, number, data = link.receive()
        if kind == 67:
            link.serve(number, data)


def run(order, early):
    link = links.Link(early)
    solution = Solution(link)
    errors = compile_errors(order["solution"])
    link.send(72, 0, write(solution, (modules_of(order["solution"]), errors, broken_rules(order))))
    sys.path[0] = WORK
    sys.stdin, sys.stdout, sys.stderr = Listener(link), Speaker(link, 1), Speaker(link, 2)
    builtins.input = ask(link, "input")
    main = types.ModuleType("__main__")
    sys.modules["__main__"] = main
    try:
        serve(link)
    except links.Lost:
        pass
    os._exit(1 if errors else 0)


def write(solution, value):
    writer = proxies.wire.Writer(solution.handles)
    writer.put(value)
    return writer.out

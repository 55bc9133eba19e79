"""The side of the tests, and a run that holds both."""

import builtins
import importlib.machinery
import os
import sys

from phial_grade import link as links
from phial_grade import handles as handles_of
from phial_grade import proxies, results
from phial_grade.gates import TestsGate

WORK = "/work"


class Together(BaseException):
    """These tests cannot be judged apart."""


class Watch:
    """Tells whether the solution was lost in a test, whatever the test makes of that."""

    def __init__(self, link):
        self.link, self.usual = link, (print, input)
        self.patched = False
        link.print = self.print
        self.ask, link.call = link.call, self.call
        self.asked = False

    def begin_test(self):
        self.asked = False

    def lost_in_test(self):
        return f"the solution cannot be asked any more: {self.link.lost}" if self.asked and self.link.lost else None

    @staticmethod
    def print(stream, text):
        target = sys.stdout if stream == 1 else sys.stderr
        if target is not None:
            target.write(text)

    def call(self, operation, *args):
        self.asked = True
        patched = builtins.print is not self.usual[0]
        if patched != self.patched:
            self.patched = patched
            self.ask("print", 0, None, (patched,))
        return self.ask(operation, *args)


class Gatekeeper:
    """What the solution may ask of the tests' side."""

    def __init__(self, handles, usual):
        self.handles, self.gate, self.usual = handles, handles.gate, usual

    def operate(self, operation, target, name, args, keywords):
        if operation in ("print", "input", "readline", "read"):
            return getattr(self, operation)(*args, **keywords)
        value = self.handles.own(target) if target < handles_of.PASSING else self.handles.passing.get(target)
        self.gate.check_use(value, operation, name)
        if operation == "call":
            return value(*args, **keywords)
        if operation == "special":
            return self.special(value, name, args)
        return {"get": getattr, "set": setattr, "del": delattr}[operation](value, name, *args)

    @staticmethod
    def special(value, name, args):
        method = getattr(type(value), name, None)
        if method is None:
            raise TypeError(f"'{type(value).__name__}' object has no {name}")
        return method(value, *args)

    def print(self, *args, **keywords):
        """Only what a test has put in its place; the solution prints by itself."""
        if builtins.print is not self.usual[0]:
            builtins.print(*args, **{key: value for key, value in keywords.items() if key != "file"})

    def input(self, *args):
        if builtins.input is not self.usual[1]:
            return builtins.input(*args)
        if args:
            sys.stdout.write(str(args[0]))
        line = self.readline()
        if not line:
            raise EOFError("EOF when reading a line")
        return line.removesuffix("\n")

    @staticmethod
    def readline(size=-1):
        return sys.stdin.readline(size) if sys.stdin is not None else ""

    @staticmethod
    def read(size=-1):
        return sys.stdin.read(size) if sys.stdin is not None else ""


class Finder:
    """Finds the solution's modules, after everything that the tests' side has itself."""

    def __init__(self, link, names):
        self.link, self.names = link, dict(names)

    def find_spec(self, name, path=None, target=None):
        if name not in self.names:
            return None
        return importlib.machinery.ModuleSpec(name, self, is_package=self.names[name])

    def create_module(self, spec):
        return proxies.Module(spec.name)

    def exec_module(self, module):
        found = self.link.call("import", 0, module.__spec__.name)
        handle = proxies.remote(found)
        if handle is None:
            raise ImportError(f"{module.__spec__.name} is no module of the solution's")
        vars(module)[proxies.KEY] = handle


def private_output():
    """A descriptor of standard output that tests do not write to by mistake."""
    number = os.dup(1)
    nothing = os.open("/dev/null", os.O_WRONLY)
    os.dup2(nothing, 1)
    os.close(nothing)
    return number


def sender(number, wrap="{}"):
    write = os.write

    def send(line):
        data = memoryview((wrap[:-1] + line + "}\n" if wrap != "{}" else line + "\n").encode())
        while data:
            data = data[write(number, data) :]

    return send


def first_word(link):
    kind, _, data = link.receive()
    word = link.read(data)[0] if kind == 72 else None
    if type(word) is not tuple or [type(part) for part in word] != [tuple, tuple, tuple]:
        link.fail("it did not begin as a solution does")
    names, errors, broken = word
    for pair in names:
        if type(pair) is not tuple or [type(part) for part in pair] != [str, bool]:
            link.fail("it has no names")
    for error in errors:
        if type(error) is not tuple or len(error) != 4 or type(error[0]) is not str or type(error[1]) is not str:
            link.fail("it has no errors")
    for each in broken:
        if type(each) is not tuple or [type(part) for part in each] not in ([str, str, int], [str, str, type(None)]):
            link.fail("it has no rules")
    return word


def derived(name):
    raise Together(f"the class {name} of the tests derives from one of the solution's")


def run(order, early):
    lines = results.Lines(sender(private_output()))
    code = 1
    try:
        code = 0 if judge(order["test"], lines, links.Link(early)) else 1
    except Together as error:
        lines.say(together=str(error))
        code = 0
    except links.Lost as error:
        lines.diagnostic(f"the solution could not be asked: {error}", None, None, None)
    os._exit(code)


def judge(files, lines, link):
    gate = TestsGate()
    handles = handles_of.Handles(link, gate)
    link.local = {Together}
    proxies.Meta.derived = staticmethod(derived)
    watch = Watch(link)
    link.operations = Gatekeeper(handles, watch.usual).operate
    sys.path[0] = WORK
    sys.stdin = open("/dev/null")
    sys.stdout = sys.stderr = results.Captured()
    sys.setrecursionlimit(20000)
    names, errors, broken = first_word(link)
    for rule, kind, line in broken:
        lines.rule({"rule": rule, "kind": kind, "line": line})
    for error in errors:
        lines.diagnostic(*error)
    if errors or not results.check_syntax(lines, files):
        lines.say(compile_error=True)
        return False
    sys.meta_path.append(Finder(link, names))
    results.watch_assertions(proxies.remote)
    return results.run(files, lines, watch)


class NoWatch:
    def begin_test(self):
        pass

    def lost_in_test(self):
        return None


def run_together(order, report):
    lines = results.Lines(sender(report, '{"grade": }'))
    exit_ = os._exit
    if order["rules"]:
        from phial_grade import rules

        for broken in rules.check(order["rules"], order["solution"]):
            lines.rule(broken)
    sys.path[0] = WORK
    if not results.check_syntax(lines, order["solution"] + order["test"]):
        lines.say(compile_error=True)
        exit_(1)
    sys.stdout = sys.stderr = results.Captured()
    results.watch_assertions(lambda value: None)
    exit_(0 if results.run(order["test"], lines, NoWatch()) else 1)

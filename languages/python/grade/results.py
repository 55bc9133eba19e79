"""Finds the tests of unittest, runs them, and tells what came of each as lines of JSON (docs/languages.md)."""

import functools
import importlib
import importlib.util
import inspect
import io
import json
import os
import sys
import time
import traceback
import types
import unittest

WORK = "/work"
TESTS_MOST, NAME_MOST, MESSAGE_MOST, OUTPUT_MOST, VALUE_MOST = 500, 900, 16000, 16000, 8000
CAPTURED_MOST = 1 << 20


def cut(text, most):
    """At most so many bytes of UTF-8, and no half of a surrogate pair."""
    data = text[:most].encode("utf-8", "replace")
    return data.decode() if len(data) <= most else data[: most - 4].decode("utf-8", "ignore") + "…"


class Captured(io.StringIO):
    """What a test prints. Past its bound nothing more is kept."""

    def write(self, text):
        if self.tell() < CAPTURED_MOST:
            super().write(text)
        return len(text)


class Lines:
    def __init__(self, send):
        self.send = send

    def say(self, **fields):
        self.send(json.dumps(fields))

    def diagnostic(self, message, file, line, column):
        place = {name: number for name, number in (("line", line), ("column", column)) if isinstance(number, int) and number > 0}
        self.say(diagnostic={"severity": "error", "message": cut(message, 8000), "file": file, **place})

    def rule(self, broken):
        self.say(rule={name: value for name, value in broken.items() if value is not None})


# ---- finding ----


def load(file):
    """The module of a test file: as an import finds it when its name allows that."""
    folder, name = os.path.split(file)
    stem = name.removesuffix(".py")
    place = os.path.join(WORK, folder)
    if place not in sys.path:
        sys.path.insert(1, place)
    if stem.isidentifier() and stem not in sys.modules:
        spec = importlib.util.find_spec(stem)
        if spec is not None and spec.origin == os.path.join(WORK, file):
            return importlib.import_module(stem)
    spec = importlib.util.spec_from_file_location(stem, os.path.join(WORK, file))
    module = importlib.util.module_from_spec(spec)
    sys.modules[stem] = module
    spec.loader.exec_module(module)
    return module


def line_of(function):
    try:
        code = getattr(inspect.unwrap(function), "__code__", None)
    except ValueError:
        code = None
    return code.co_firstlineno if isinstance(code, types.CodeType) else 0


class Loader(unittest.TestLoader):
    """In the order of the file; inherited tests first."""

    def getTestCaseNames(self, testCaseClass):
        names = super().getTestCaseNames(testCaseClass)
        depth = {name: -i for i, kind in enumerate(testCaseClass.__mro__) for name in reversed(list(vars(kind)))}
        return sorted(names, key=lambda name: (depth.get(name, 0), line_of(getattr(testCaseClass, name))))


class FunctionTest(unittest.FunctionTestCase):
    def __str__(self):
        return self._testFunc.__name__

    def shortDescription(self):
        return None


def tests_in(suite):
    for each in suite:
        if isinstance(each, unittest.TestSuite):
            yield from tests_in(each)
        else:
            yield each


def find(file):
    """A suite of the tests in a file; one that fails when it cannot be loaded."""
    try:
        module = load(file)
        loader = Loader()
        suite = loader.suiteClass()
        if hasattr(module, "load_tests"):
            suite.addTest(loader.loadTestsFromModule(module))
        else:
            for value in list(vars(module).values()):
                if isinstance(value, type) and issubclass(value, unittest.TestCase) and value.__module__.partition(".")[0] != "unittest":
                    suite.addTest(loader.loadTestsFromTestCase(value))
            for name, value in list(vars(module).items()):
                if name.startswith("test") and type(value) is types.FunctionType and value.__module__ == module.__name__:
                    suite.addTest(FunctionTest(value))
        return suite
    except Exception as error:
        return unittest.TestSuite([failed_load(file, error)])
    except SystemExit as error:
        return unittest.TestSuite([failed_load(file, RuntimeError(f"it ends the tests: SystemExit({error.code})"))])


def failed_load(file, error):
    def test():
        raise error

    test.__name__ = file
    return FunctionTest(test)


# ---- what came of each ----


def message_of(error):
    """The exception and where in the files of the run it came from."""
    try:
        text = f"{type(error).__name__}: {error}".rstrip(": ") if not isinstance(error, AssertionError) else str(error)
    except Exception:
        text = type(error).__name__
    trace = vars(error).get("_phial_trace") or ""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(WORK + "/")]
    places = [f"{frame.filename[len(WORK) + 1 :]}:{frame.lineno} in {frame.name}" for frame in frames[-4:]]
    return "\n".join([text or "AssertionError", *places, *trace.split("\n")]).strip()


class Result(unittest.TestResult):
    """Notes each test and tells it when it has ended."""

    def __init__(self, lines, tests, watch):
        super().__init__()
        self.lines, self.watch = lines, watch
        self.numbers = {id(test): number for number, test in enumerate(tests)}
        self.tests, self.told = tests, set()
        self.begin()

    def begin(self):
        self.status, self.messages, self.compared = None, [], None
        self.out, self.started = Captured(), time.monotonic()

    def startTest(self, test):
        super().startTest(test)
        self.begin()
        self.watch.begin_test()
        sys.stdout = sys.stderr = self.out

    def note(self, status, error=None, text=None):
        rank = ("pass", "skip", "fail", "error")
        if self.status is None or rank.index(status) > rank.index(self.status):
            self.status = status
        if error is not None:
            text = message_of(error) if text is None else f"{text}\n{message_of(error)}"
            self.compared = self.compared or vars(error).get("_phial_compared")
        if text:
            self.messages.append(text)

    def addSuccess(self, test):
        self.note("pass")

    def addFailure(self, test, err):
        self.note("fail", err[1])

    def addError(self, test, err):
        if id(test) not in self.numbers:
            self.fail_group(test, err[1])
        self.note("error", err[1])

    def addSkip(self, test, reason):
        if id(test) not in self.numbers:
            for each in self.group(test):
                self.tell(each, "skip", [str(reason)])
        self.note("skip", text=str(reason))

    def addExpectedFailure(self, test, err):
        self.note("pass")

    def addUnexpectedSuccess(self, test):
        self.note("fail", text="it passed, but a failure was expected")

    def addSubTest(self, test, subtest, err):
        if err is not None:
            failed = issubclass(err[0], test.failureException)
            self.note("fail" if failed else "error", err[1], subtest._subDescription())

    def stopTest(self, test):
        super().stopTest(test)
        sys.stdout = sys.stderr = Captured()
        lost = self.watch.lost_in_test()
        if lost:
            self.status = "error"
            self.messages.insert(0, lost)
        self.tell(test, self.status or "error", self.messages, self.out.getvalue(), self.compared, time.monotonic() - self.started)

    def group(self, holder):
        """The tests of a class or module whose set-up came to nothing: unittest names it in brackets."""
        name = str(holder).partition("(")[2].rstrip(")")
        return [test for test in self.tests if name in (type(test).__module__, f"{type(test).__module__}.{type(test).__qualname__}")]

    def fail_group(self, holder, error):
        for test in self.group(holder):
            self.tell(test, "error", [f"{str(holder).partition(' ')[0]} failed", message_of(error)])

    def tell(self, test, status, messages, output="", compared=None, seconds=0.0):
        number = self.numbers.get(id(test))
        if number is None or number in self.told:
            return
        self.told.add(number)
        fields = {"index": number, "status": status, "ms": round(seconds * 1000, 3)}
        if messages and status != "pass":
            fields["message"] = cut("\n".join(messages), MESSAGE_MOST)
        if output:
            fields["output"] = cut(output, OUTPUT_MOST)
        if compared and status == "fail":
            fields["actual"], fields["expected"] = (cut(text, VALUE_MOST) for text in compared)
        self.lines.say(test=fields)

    def tell_rest(self):
        for test in self.tests:
            self.tell(test, "error", ["it was not run"])


# ---- assertions ----


def shown(value):
    try:
        return repr(value)[:VALUE_MOST]
    except Exception as error:
        return f"<{type(value).__name__}: its repr raised {type(error).__name__}>"


def watch_assertions(remote):
    """Remembers what assertEqual compared, and keeps numbers and the solution's own objects apart."""
    equal = unittest.TestCase.assertEqual

    @functools.wraps(equal)
    def assert_equal(self, first, second, msg=None):
        __unittest = True
        try:
            equal(self, first, second, msg)
        except self.failureException as error:
            vars(error).setdefault("_phial_compared", (shown(first), shown(second)))
            raise

    def apart(assertion):
        @functools.wraps(assertion)
        def wrapped(self, first, second, *args, **keywords):
            __unittest = True
            own = [remote(value) is not None and not isinstance(value, (int, float, complex)) for value in (first, second)]
            if own[0] != own[1]:
                self.fail(f"{shown(first)} and {shown(second)} are not of one kind")
            return assertion(self, first, second, *args, **keywords)

        return wrapped

    unittest.TestCase.assertEqual = assert_equal
    for name in ("assertAlmostEqual", "assertNotAlmostEqual"):
        setattr(unittest.TestCase, name, apart(getattr(unittest.TestCase, name)))


# ---- running ----


def check_syntax(lines, files):
    """Whether all files compile; says of each what is wrong."""
    good = True
    for file in files:
        try:
            with open(os.path.join(WORK, file), "rb") as opened:
                compile(opened.read(), os.path.join(WORK, file), "exec", 0, True)
        except SyntaxError as error:
            lines.diagnostic(f"{type(error).__name__}: {error.msg}", file, error.lineno, error.offset)
            good = False
        except ValueError as error:
            lines.diagnostic(f"{type(error).__name__}: {error}", file, None, None)
            good = False
    return good


def planned(test, file):
    method = getattr(test, "_testFunc", None) or getattr(test, getattr(test, "_testMethodName", ""), None)
    return {"name": cut(str(test), NAME_MOST), "file": file, **({"line": line_of(method)} if line_of(method) else {})}


def run(files, lines, watch):
    """Everything from the plan to the end; True when it came to its end."""
    suites = [(file, find(file)) for file in files]
    tests, plan = [], []
    for file, suite in suites:
        for test in tests_in(suite):
            tests.append(test)
            plan.append(planned(test, file))
    if len(tests) > TESTS_MOST:
        lines.diagnostic(f"there are {len(tests)} tests, more than {TESTS_MOST}", files[0], None, None)
        return False
    lines.say(plan=plan)
    result = Result(lines, list(tests), watch)
    sys.stdout = sys.stderr = Captured()
    whole = unittest.TestSuite(suite for _, suite in suites)
    whole._removeTestAtIndex = lambda index: None  # a test's identity is its number
    whole.run(result)
    result.tell_rest()
    lines.say(end=True)
    return True

"""What each side lets out, and what it believes.

The tests' side gives away functions, iterators and objects of the tests' own classes, and lets the solution call them and
use their public attributes; nothing that leads to frames, modules or the tests themselves. The solution's side hides nothing.
"""

import inspect
import io
import random
import sys
import traceback
import types
import unittest
import unittest.mock

from phial_grade import proxies

WORK = "/work/"
TRACE_MOST = 5
REFUSED = (types.FrameType, types.CodeType, types.TracebackType, types.ModuleType, unittest.TestCase, unittest.TestSuite,
           unittest.TestResult, unittest.TestLoader, io.IOBase)  # fmt: skip
SAFE = (io.StringIO, io.BytesIO, random.Random, unittest.mock.NonCallableMock)


def place(module_name):
    return getattr(sys.modules.get(module_name), "__file__", None) or ""


class SolutionGate:
    tells_documents = exports_exceptions = True

    def common_name(self, value):
        if not proxies.is_a(value, (type, types.BuiltinFunctionType)):
            return None
        name = value.__module__, value.__qualname__
        if type(name[0]) is not str or type(name[1]) is not str:
            return None
        found = proxies.common_classes().get(name) or proxies.common_exception(*name)
        return name if found is value else None

    def find_common(self, module, name):
        """The tests' side is trusted."""
        __import__(module)
        value = sys.modules[module]
        for part in name.split(".") if name else ():
            value = getattr(value, part)
        return value

    def check_export(self, value):
        pass

    def tells_base(self, base):
        return base is not object and (place(base.__module__).startswith(WORK) or issubclass(base, BaseException))

    def tells_exception(self, kind):
        return True

    def may_derive(self, base):
        return True

    def own_exception(self, handles, number):
        error = handles.exports.get(number)
        return error if isinstance(error, BaseException) else None

    def believe(self, error):
        return error

    def trace(self, error):
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(WORK)]
        lines = [f"{frame.filename[len(WORK) :]}:{frame.lineno} in {frame.name}" for frame in frames[-TRACE_MOST:]]
        return "\n".join(lines)


class TestsGate:
    tells_documents = exports_exceptions = False

    def common_name(self, value):
        if proxies.is_a(value, types.ModuleType):
            return None if place(value.__name__).startswith(WORK) or value.__name__ == "__main__" else (value.__name__, "")
        if not proxies.is_a(value, (type, types.FunctionType, types.BuiltinFunctionType, types.MethodDescriptorType)):
            return None
        module = getattr(value, "__module__", None) or getattr(getattr(value, "__objclass__", None), "__module__", None)
        name = value.__qualname__
        if type(module) is not str or place(module).startswith(WORK) or module.startswith(("phial_grade", "__main__")):
            return None
        found = sys.modules.get(module)
        for part in name.split("."):
            found = getattr(found, part, None)
        return (module, name) if found is value else None

    def find_common(self, module, name):
        found = proxies.common_classes().get((module, name)) or proxies.common_exception(module, name)
        if found is None:
            raise proxies.wire.Malformed("a name that is not for the solution to give")
        return found

    def check_export(self, value):
        kind = value if proxies.is_a(value, type) else type(value)
        if issubclass(kind, SAFE):
            return
        own = place(kind.__module__).startswith(WORK)
        allowed = issubclass(kind, proxies.CALLABLES) or hasattr(kind, "__next__") or own
        if not allowed or issubclass(kind, REFUSED) or inspect.iscoroutine(value):
            raise TypeError(f"a {kind.__name__} of the tests cannot be given to the solution")

    def tells_base(self, base):
        return base is not object and (place(base.__module__).startswith(WORK) or self.tells_exception(base)) and not issubclass(base, REFUSED)

    def tells_exception(self, kind):
        return issubclass(kind, BaseException) and (self.common(kind) or place(kind.__module__).startswith(WORK))

    @staticmethod
    def common(kind):
        name = kind.__module__, kind.__qualname__
        return (proxies.common_classes().get(name) or proxies.common_exception(*name)) is kind

    def may_derive(self, base):
        return self.common(base)

    def own_exception(self, handles, number):
        return handles.passing.get(number)

    def believe(self, error):
        """Nothing that steers the tests; an exception of their own is the one that they have raised in this call."""
        if isinstance(error, (Exception, SystemExit)):
            return error
        return RuntimeError(f"{type(error).__name__}: {error}")

    def trace(self, error):
        return ""

    # ---- what the solution may do with what it was given ----

    def check_use(self, value, operation, name):
        kind = type(value)
        if operation == "call":
            return
        if operation == "special":
            if name not in proxies.SPECIALS or name == "__dir__":
                raise TypeError(f"the solution cannot use {name}")
            return
        if issubclass(kind, proxies.CALLABLES):
            raise AttributeError(f"a function of the tests has no attribute {name} for the solution")
        if kind is types.GeneratorType and name in ("send", "throw", "close") and operation == "get":
            return
        usable = place((value if proxies.is_a(value, type) else kind).__module__).startswith(WORK) or issubclass(kind, SAFE)
        if not usable or name.startswith("_") or operation not in ("get", "set", "del"):
            raise AttributeError(f"an object of the tests has no attribute {name} for the solution")

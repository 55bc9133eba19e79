"""Solutions that try to pass, to read the tests or to break them, and how each tries. `double` is right in none of them."""

# Prints what it finds of the tests: on descriptor 1, which is looked at.
SEARCH = """
import os
def found(text):
    if "MARKER-" + "7391" in str(text):
        os.write(1, b"FIND " + b"it")
"""
# Sends frames as the solution's own side would.
RAW = """
import os, struct, sys
def raw(kind, number, body): os.write(4, struct.pack(">IBI", len(body), kind, number) + body)
def wire():
    from phial_grade import wire
    return wire
def frame(kind, number, value, head=b""):
    w = wire().Writer(None)
    w.put(value)
    raw(kind, number, head + bytes(w.out))
"""
LIAR = """
class Liar:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __hash__(self): return 0
    def __lt__(self, other): return True
    __le__ = __gt__ = __ge__ = __contains__ = __lt__
    def __sub__(self, other): return 0
    __rsub__ = __abs__ = __sub__
    def __round__(self, n=0): return 0
    def __bool__(self): return True
    def __len__(self): return 1
    def __iter__(self): return iter(())
"""


def call(body, head=""):
    lines = "\n".join("    " + line for line in body.strip().splitlines())
    return f"{head}\ndef double(n):\n{lines}\n    return 0\n"


CHEATS = {
    # ---- ending it
    "exits while it is imported": "import os\nos._exit(0)",
    "raises SystemExit while it is imported": "raise SystemExit(0)",
    "exits in a call": call("import os; os._exit(0)"),
    "raises SystemExit in a call": call("raise SystemExit(0)"),
    "raises KeyboardInterrupt": call("raise KeyboardInterrupt"),
    "raises GeneratorExit": call("raise GeneratorExit"),
    "kills its group": call("import os, signal; os.kill(0, signal.SIGKILL)"),
    "kills itself": call("import os, signal; os.kill(os.getpid(), signal.SIGKILL)"),
    "crashes": call("import ctypes; ctypes.string_at(0)"),
    "closes the link": call("import os\nos.close(3); os.close(4)"),
    "closes every descriptor": call("import os\nos.closerange(0, 256)"),
    "leaves handlers of exit": call("pass", "import atexit\natexit.register(lambda: print('{\"end\": true}'))"),
    # ---- forged results
    "prints results": call("""
import os
for n in (1, 2): os.write(n, b'{"test":{"index":0,"status":"pass"}}\\n{"test":{"index":1,"status":"pass"}}\\n{"end":true}\\n')
print('\\n{"test":{"index":0,"status":"pass"}}\\n{"end":true}')
"""),
    "writes results on the link": call("""import os; os.write(4, b'{"grade":{"test":{"index":0,"status":"pass"}}}\\n{"grade":{"end":true}}\\n')"""),
    "says it was all run while it is imported": "import os\nos.write(1, b'{\"plan\":[]}\\n{\"end\":true}\\n')\nos._exit(0)",
    "asks for one run of both": "import os\nos.write(1, b'{\"together\":\"please\"}\\n')\nos.write(4, b'{\"together\":\"please\"}\\n')\ndef double(n): return 0",
    # ---- patching
    "patches unittest": call("pass", """
import unittest
for name in dir(unittest.TestCase):
    if name.startswith("assert"): setattr(unittest.TestCase, name, lambda *a, **k: None)
unittest.TestCase.run = unittest.TestCase.__call__ = lambda self, result=None: result.addSuccess(self)
unittest.TestResult.addFailure = unittest.TestResult.addError = lambda *a: None
"""),
    "patches builtins": call("pass", "import builtins\nbuiltins.isinstance = lambda *a: True\nbuiltins.AssertionError = type('A', (BaseException,), {})\nbuiltins.__build_class__ = None"),
    "replaces modules": call("pass", "import sys, types\nfor name in ('unittest', 'random', 'json', 'test_solution'): sys.modules[name] = types.ModuleType(name)"),
    "looks for the tests' frames": call("""
import sys
frame = sys._getframe()
while frame:
    for space in (frame.f_locals, frame.f_globals):
        found(list(space.items()) if "MARKER" not in space else space)
    frame = frame.f_back
""", SEARCH + "# no marker here"),
    "patches the sender": call("pass", """
from phial_grade import link, proxies, wire
link.Link.write_reply = lambda self, *a: b"\\0\\0\\0\\0t\\0\\0\\0\\3TTt\\0\\0\\0\\0"
"""),
    "patches the harness's equality": call("pass", """
from phial_grade import proxies
proxies.Instance.__eq__ = lambda *a: True
proxies.remote = lambda value: None
"""),
    # ---- lying objects
    "returns an object that equals everything": call("return Liar()", LIAR),
    "returns a number that equals everything": call("return N(0)", "class N(int):\n    __eq__ = lambda *a: True\n    __ne__ = lambda *a: False\n    __hash__ = int.__hash__"),
    "returns a text that equals everything": call("return N('')", "class N(str):\n    __eq__ = lambda *a: True\n    __ne__ = lambda *a: False\n    __hash__ = str.__hash__"),
    "returns a list that equals everything": call("return N()", "class N(list):\n    __eq__ = lambda *a: True\n    __ne__ = lambda *a: False"),
    "returns a table that equals everything": call("return N()", "class N(dict):\n    __eq__ = lambda *a: True\n    __ne__ = lambda *a: False"),
    "returns a tuple of what equals everything": call("return (Liar(), [Liar()], {Liar(): Liar()})", LIAR),
    "returns a class that equals everything": call("return M('N', (), {})", "class M(type):\n    __eq__ = __lt__ = __contains__ = lambda *a: True\n    __hash__ = type.__hash__"),
    "returns an object that claims to be a number": call("return N()", LIAR + "class N(Liar):\n    __class__ = int\n    def __index__(self): return 0"),
    "returns an object with a proxy's names": call("return N()", LIAR + "class N(Liar):\n    _phial_remote = _phial_specials = _phial_container = None\n    def __getattr__(self, name): return self"),
    "returns an object of a lying class": call("return N()", "class M(type):\n    def __instancecheck__(c, o): return True\n    def __eq__(c, o): return True\n    __hash__ = type.__hash__\nclass N(metaclass=M):\n    def __eq__(self, o): return True"),
    "returns a function": call("return lambda *a: True"),
    "returns NotImplemented": call("return NotImplemented"),
    "gives itself as its difference": call("return D()", "class D:\n    def __sub__(self, o): return self\n    __rsub__ = __sub__\n    def __abs__(self): return 0.0\n    def __float__(self): return 0.0\n    def __round__(self, *a): return 0"),
    # ---- lying exceptions
    "raises SkipTest": call("import unittest; raise unittest.SkipTest('no')"),
    "raises an exception derived from SkipTest": call("raise E('no')", "import unittest\nclass E(unittest.SkipTest): pass"),
    "raises unittest's own signal to stop": call("from unittest.case import _ShouldStop; raise _ShouldStop"),
    "raises an exception whose class lies": call("raise E()", "import unittest\nclass E(Exception):\n    __class__ = unittest.SkipTest\n    def __str__(self): raise SystemExit(0)"),
    "raises an exception of a class named SkipTest": call("raise E()", "class E(Exception): pass\nE.__name__ = E.__qualname__ = 'SkipTest'; E.__module__ = 'unittest.case'"),
    "raises a base exception": call("raise E()", "class E(BaseException): pass"),
    "raises an exception in a cycle": call("e = ValueError(); e.__cause__ = RuntimeError(); e.__cause__.__cause__ = e; e.args = (e,); raise e"),
    # ---- forged frames
    "sends noise": call("os.write(4, os.urandom(100000))", RAW),
    "sends an endless frame": call("os.write(4, b'\\xff' * 100)", RAW),
    "answers before it is asked": call("for n in range(1, 50): frame(82, n, (True, 8, ()), b'\\0\\0\\0\\0')", RAW),
    "answers with too many counts": call("raw(82, 3, b'\\0\\0\\0\\0l\\xff\\xff\\xff\\xff')", RAW),
    "answers with a deep value": call("raw(82, 3, b'\\0\\0\\0\\0' + b'l\\0\\0\\0\\1' * 100000 + b'N')", RAW),
    "uses handles that it has not": call("frame(67, 1, ('get', 99, '__globals__', (), {}))\nframe(67, 2, ((), ()))", RAW),
    "asks for other operations": call("for op in ('import', 'exec', '__init__', 'special', 'value'):\n    raw(67, 1, two((op, 0, '__dict__', ('os',), {}), ((), ())))", RAW + "\ndef two(*vs):\n    w = wire().Writer(None)\n    for v in vs: w.put(v)\n    return bytes(w.out)\n"),
    "names functions of the tests' side": call("raw(82, 3, b'\\0\\0\\0\\0' + b't\\0\\0\\0\\3TG' + name('os', 'system') + b't\\0\\0\\0\\0')", RAW + "\ndef name(*v):\n    w = wire().Writer(None)\n    w.put(v)\n    return bytes(w.out)\n"),
    "changes what it was not given": call("raw(82, 3, b'\\0\\0\\0\\5' + b'\\0\\0\\0\\0t\\0\\0\\0\\0' * 5 + b'N')", RAW),
    "says that it compiled to nothing": "import os, struct\nfor i in range(3): os.write(4, struct.pack('>IBI', 1, 72, 0) + b'N')\ndef double(n): return 0",
    "derives a class from what steers the tests": call("""
body = b"O" + b"\\0" * 8 + b"K" + b"\\0" * 8
for base in ("KeyboardInterrupt", "SystemExit", "type", "object"):
    w = wire().Writer(None)
    w.put(("X", "X", "x", None, ("__eq__", "__getattribute__", "__class__"), None, False, True))
    raw(82, 3, b"\\0\\0\\0\\0t\\0\\0\\0\\3T" + body + bytes(w.out) + b"t\\0\\0\\0\\1G" + pair("builtins", base) + b"Nt\\0\\0\\0\\0")
""", RAW + "\ndef pair(*v):\n    w = wire().Writer(None)\n    w.put(v)\n    return bytes(w.out)\n"),
    # ---- reading the tests
    "searches files": call("pass", SEARCH + """
for top in ("/work", "/tmp", "/phial", "/proc/self", "/dev/shm"):
    for folder, _, names in os.walk(top):
        for name in names:
            try:
                fd = os.open(os.path.join(folder, name), os.O_RDONLY | os.O_NONBLOCK)
                found(os.read(fd, 1 << 16).decode("latin-1")); os.close(fd)
            except OSError: pass
"""),
    "searches processes": call("pass", SEARCH + """
for pid in os.listdir("/proc"):
    for name in ("cmdline", "environ", "cwd/test_solution.py", "cwd/test_hidden.py", "root/work/test_hidden.py", "fd/0", "fd/3"):
        try:
            fd = os.open(f"/proc/{pid}/{name}", os.O_RDONLY | os.O_NONBLOCK)
            found(os.read(fd, 1 << 16).decode("latin-1")); os.close(fd)
        except OSError: pass
found(sorted(os.environ.items()))
import sys; found(sys.argv + sys.orig_argv)
"""),
    "searches memory": call("""
import gc
for each in gc.get_objects():
    if type(each) in (dict, list, tuple) and each is not globals():
        for part in (each.values() if type(each) is dict else each):
            if type(part) is str and part == "".join(["MARKER", "-7391"]): os.write(1, b"FIND " + b"it")
""", "import os"),
    "looks into a callback": call("pass", SEARCH + """
def with_callback(function):
    for name in ("__globals__", "__code__", "__closure__", "__self__", "__func__", "__module__", "__dict__", "__class__", "gi_frame"):
        try: found(repr(getattr(function, name)))
        except Exception: pass
    from phial_grade import proxies
    handle = proxies.remote(function)
    for operation, name, args in (("get", "__globals__", ()), ("special", "__getattribute__", ("__globals__",)), ("value", None, ()),
                                  ("special", "__reduce_ex__", (2,)), ("set", "__code__", ((lambda n: n).__code__,)), ("special", "__dir__", ())):
        try: found(repr(handle.ask(operation, name, args)))
        except Exception: pass
"""),
    "looks into an object of the tests": call("pass", SEARCH + """
def with_object(value):
    from phial_grade import proxies
    for name in ("__dict__", "__class__", "__init__", "secret", "_secret", "method"):
        for more in ("__globals__", "__func__", "__self__", "__dict__", None):
            try:
                part = getattr(value, name)
                found(repr(proxies.remote(part).ask("get", more) if more else part))
            except Exception: pass
"""),
    "calls the tests back with a class that lies": call("pass", "def with_callback(function):\n    class E(int):\n        __eq__ = lambda *a: True\n    return function(E(3))"),
}

# What takes all of its time or memory.
SLOW = {
    "loops for ever": call("while True: pass"),
    "loops while it is imported": "while True: pass",
    "sleeps": call("import time; time.sleep(1000)"),
    "takes all memory": call("x = []\nwhile True: x.append(bytearray(1 << 20))"),
    "forks for ever": call("import os\nwhile True:\n    try: os.fork()\n    except OSError: pass"),
    "prints for ever": call("while True: print('x' * 100000)"),
    "answers with much": call("return [[]] * 1000000 + [10 ** 100000] * 1000"),
    "gives an endless iterator": call("return iter(int, 1)"),
    "calls back for ever": call("pass", "def with_callback(function):\n    while True: function(3)"),
    "recurses through callbacks": call("pass", "def with_callback(function): return function(lambda *a: with_callback(function))"),
    "has an endless repr": call("return R()", "class R:\n    def __repr__(self):\n        while True: pass"),
}

class Odd(ValueError):
    pass
def check(n):
    if n % 2:
        raise Odd(f"{n} is odd")
    return n
for n in (3, 4):
    try:
        check(n)
    except Odd as e:
        print("caught", e, repr(e))
    else:
        print("even")
    finally:
        print("finally")
try:
    try:
        1 / 0
    except ZeroDivisionError as e:
        raise RuntimeError("outer") from e
except RuntimeError as e:
    print(e, "from", repr(e.__cause__))
for source in ("[][1]", "{}['k']", "int('x')", "None.x", "undefined", "'a' + 1", "open('none')", "import_module"):
    try:
        eval(source)
    except Exception as e:
        print(type(e).__name__, e)
try:
    raise ExceptionGroup("many", [ValueError("a"), TypeError("b")])
except* ValueError as group:
    print("values", group.exceptions)
except* TypeError as group:
    print("types", group.exceptions)
import traceback
try:
    check(5)
except Odd:
    print(traceback.format_exc())
import contextlib
with contextlib.suppress(KeyError):
    {}["x"]
@contextlib.contextmanager
def tag(name):
    print(f"<{name}>")
    yield
    print(f"</{name}>")
with tag("b"), contextlib.redirect_stdout(None):
    print("nothing")

"""Speaks the harness protocol (docs/languages.md) for Python and runs a file as `python3 FILE` does.

The last statement of the file, if it is an expression, is compiled apart from the others, so that its value is known;
with trace, every statement is. Only modules that are loaded at boot anyway are imported, for each costs the run time.
"""

import _ast
import _thread
import atexit
import gc
import os
import sys
import warnings
from _json import encode_basestring_ascii
from _weakref import ref

ORDER, REPORT = 3, 4
WORK = "/work"
AST_ONLY = 0x400  # PyCF_ONLY_AST
FUTURE_FLAGS = 0x1FF0000  # all flags of the module __future__
VALUE_MOST, TRACE_VALUE_MOST, TRACE_MOST, MESSAGE_MOST = 65536, 1000, 500, 8192
DIAGNOSTICS_MOST, reported = 100, {}  # of each severity

runner = None  # the process that reports


# ---- the report ----


def to_json(value):
    if value is True:
        return "true"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, dict):
        return "{" + ",".join(f'"{key}":{to_json(part)}' for key, part in value.items() if part is not None) + "}"
    return encode_basestring_ascii(value.encode("utf-8", "replace").decode())  # no half of a surrogate pair


def report(line):
    # A forked child that comes to the end of the file has nothing to say.
    if os.getpid() != runner:
        return
    data = (to_json(line) + "\n").encode()
    try:
        while data:
            data = data[os.write(REPORT, data) :]
    except OSError:
        pass  # the program closed the descriptor: its own loss


def report_diagnostic(severity, message, file, line=None, column=None):
    # Past its bound the report is not read any more, and writing to it would block.
    reported[severity] = reported.get(severity, 0) + 1
    if reported[severity] > DIAGNOSTICS_MOST:
        return
    if file is not None and file.startswith(WORK + "/"):
        file = file[len(WORK) + 1 :]
    report({"diagnostic": {"severity": severity, "message": message[:MESSAGE_MOST], "file": file,
                           "line": line, "column": column}})  # fmt: skip


def inspect_at_most(value, most):
    try:
        if isinstance(value, (str, bytes, bytearray, list, tuple)) and len(value) > most:
            value = value[:most]  # its text is longer still
        return repr(value)[:most]
    except BaseException as error:
        return f"<{type(value).__name__} object: its repr raised {type(error).__name__}>"


def watch_warnings():
    show = warnings._showwarnmsg_impl

    def show_and_report(message):
        if message.filename.startswith(WORK + "/"):
            text = f"{message.category.__name__}: {message.message}"
            report_diagnostic("warning", text, message.filename, message.lineno)
        show(message)

    warnings._showwarnmsg_impl = show_and_report


# ---- the order ----


def read_order():
    data, early = b"", b""
    while part := os.read(ORDER, 65536):
        data += part
        if b"\0\0" in data:  # a linked run's: what follows is the other's
            data, _, early = data.partition(b"\0\0")
            break
    else:
        os.close(ORDER)
    order = {"file": "main.py", "trace": False, "args": [], "role": None, "test": [], "solution": [], "rules": [],
             "early": early}  # fmt: skip
    for field in data.split(b"\0"):
        key, _, value = os.fsdecode(field).partition("=")
        if key == "file":
            order["file"] = value
        elif key == "trace":
            order["trace"] = value == "1"
        elif key == "arg":
            order["args"].append(value)
        elif key == "role":
            order["role"] = value
        elif key in ("test", "solution"):
            order[key].append(value)
        elif key in ("forbid", "require"):
            order["rules"].append((key, value))
        elif key == "env":
            name, _, value = value.partition("=")
            if name:
                os.environ[name] = value
    return order


# ---- running ----


def compile_error(error, path):
    report({"compile_error": True})
    if isinstance(error, SyntaxError):
        message = f"{type(error).__name__}: {error.msg}"
        report_diagnostic("error", message, error.filename or path, error.lineno, error.offset)
    else:
        report_diagnostic("error", f"{type(error).__name__}: {error}", path)


def run_time_error(error):
    file = line = None
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename.startswith(WORK + "/"):
            file, line = trace.tb_frame.f_code.co_filename, trace.tb_lineno
        trace = trace.tb_next
    try:
        text = str(error)
    except BaseException:
        text = "<its str raised an exception>"
    name = type(error).__name__
    report_diagnostic("error", f"{name}: {text}" if text else name, file, line)


def compile_parts(source, path, trace):
    """The file as a list of (code, line it ends on or 0): all but the last expression, then that; with trace, each
    statement by itself."""
    # The whole is compiled first, for some errors are found after parsing, and as the symbol table wants it whole.
    whole = compile(source, path, "exec", 0, True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # each has been shown
        tree = compile(source, path, "exec", AST_ONLY, True)
        flags = whole.co_flags & FUTURE_FLAGS
        body = tree.body
        if not body or not (trace or isinstance(body[-1], _ast.Expr)):
            return [(whole, 0)], None
        first = body[0]
        document = None
        if isinstance(first, _ast.Expr) and isinstance(first.value, _ast.Constant) and isinstance(first.value.value, str):
            document = first.value.value
        cut = range(1, len(body)) if trace else [len(body) - 1]
        groups = [body[i:j] for i, j in zip([0, *cut], [*cut, len(body)])]
        return [compile_group(group, path, flags) for group in groups if group], document


def compile_group(group, path, flags):
    last = group[-1]
    if len(group) == 1 and isinstance(last, _ast.Expr):
        return compile(_ast.Expression(last.value), path, "eval", flags, True), last.end_lineno
    return compile(_ast.Module(group, []), path, "exec", flags, True), 0


def make_main(path):
    """A fresh module __main__, as the interpreter makes it for a script."""
    main = type(sys)("__main__")
    main.__builtins__ = sys.modules["builtins"]
    main.__file__ = path
    main.__cached__ = None
    main.__loader__ = sys.modules["_frozen_importlib_external"].SourceFileLoader("__main__", path)
    main.__annotations__ = {}
    sys.modules["__main__"] = main
    return main.__dict__


def run(order):
    path = os.path.join(WORK, order["file"])
    sys.argv[:] = [order["file"], *order["args"]]
    sys.orig_argv[:] = ["python3", *sys.argv]
    sys.path[0] = os.path.dirname(path)
    sys.stdout.reconfigure(line_buffering=True)  # what was printed before a limit struck is not lost
    with open(path, "rb") as file:
        source = file.read()
    space = make_main(path)
    try:
        parts, document = compile_parts(source, path, order["trace"])
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError) as error:
        compile_error(error, path)
        fail(error.with_traceback(None))
    if document is not None:
        space["__doc__"] = document
    value, traced = (None, 0), 0
    try:
        for code, line in parts:
            value = (eval(code, space), line)
            if order["trace"] and line and traced < TRACE_MOST:
                traced += 1
                report({"values": {"line": line, "value": inspect_at_most(value[0], TRACE_VALUE_MOST)}})
    except SystemExit:
        raise
    except BaseException as error:
        run_time_error(error)
        fail(error.with_traceback(error.__traceback__.tb_next))
    if value[1]:
        report({"value": inspect_at_most(value[0], VALUE_MOST)})


def fail(error):
    """Ends as the interpreter does after an uncaught exception: its hook prints, then threads and atexit."""
    sys.excepthook(type(error), error, error.__traceback__)
    if isinstance(error, KeyboardInterrupt):
        import signal

        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGINT)
    raise SystemExit(1)


def judge(order):
    """Judging (docs/languages.md): one of two linked runs, or both in one. Nothing of it is loaded in other runs."""
    if order["role"] == "together":
        from phial_grade import tests

        tests.run_together(order, REPORT)
    elif order["role"] == "tests":
        from phial_grade import tests

        tests.run(order, order["early"])
    else:
        from phial_grade import solution

        solution.run(order, order["early"])


def report_rules(order):
    """The exercise's code rules in a run without a role, which finds nothing of it when it begins."""
    places = sys.modules, sys.path_importer_cache
    before = [set(place) for place in places]
    from phial_grade import rules

    for broken in rules.check(order["rules"], order["solution"] or [order["file"]]):
        report({"grade": {"rule": broken}})
    for place, names in zip(places, before):
        for name in place.keys() - names:
            del place[name]


# ---- the end ----
#
# The interpreter takes all that it holds apart at its end, object by object, which nobody sees and costs a small run
# more than all else (in a copy of a template each page that is touched has to be copied). So three exit handlers, the
# last to run, end the process before: only the program's own modules end, by the interpreter's steps in its order
# (finalize_modules in Python/pylifecycle.c), so that finalizers see what they would. Where a finalizer is left then, or
# anything is out of the ordinary, the interpreter does it all.

ending = None  # the exit code, when the program has come to its end
undone = []  # calls that put back what let_go() took away
SYSTEM_NAMES = ("path", "argv", "ps1", "ps2", "last_exc", "last_type", "last_value", "last_traceback", "path_hooks",
                "path_importer_cache", "meta_path", "__interactivehook__")  # fmt: skip
SUSPENDED = "generator", "coroutine", "async_generator"  # their end may run code


def watch_the_end():
    atexit.register(leave)
    atexit.register(gc.collect)  # by itself: what is printed then names no place in the program, nor here
    atexit.register(let_go)


def let_go():
    # Of daemon threads only the interpreter knows how to get rid; what ctypes called may have left output in libc.
    if ending is None or _thread._count() or "_ctypes" in sys.modules:
        return
    try:
        flush()
    except BaseException:
        return  # the interpreter will meet it again, and say it
    gc.collect()
    modules, programs = {}, {}
    for name, module in sys.modules.items():
        if name == "__main__" or (getattr(module, "__file__", None) or "").startswith(WORK + "/"):
            programs[name] = ref(module)
        else:
            modules[name] = module
    del module
    undone.append(lambda: sys.modules.update((name, one()) for name, one in programs.items() if one() is not None))
    undone.append(lambda: sys.modules.update(modules))
    names = {}
    for name in SYSTEM_NAMES:
        if hasattr(sys, name):
            names[name] = getattr(sys, name)
            setattr(sys, name, None)
    undone.append(lambda: [setattr(sys, name, value) for name, value in names.items()])
    sys.stdin, sys.stdout, sys.stderr = sys.__stdin__, sys.__stdout__, sys.__stderr__
    for name in list(sys.modules):
        sys.modules[name] = None
    sys.modules.clear()


def leave():
    if not undone:
        return
    try:
        # What is frozen was there before the program.
        kinds = {type(thing) for thing in gc.get_objects()}
        if not any(hasattr(kind, "__del__") or kind.__name__ in SUSPENDED for kind in kinds):
            flush()
            os._exit(ending)
    except BaseException:
        pass
    for put_back in undone:
        put_back()
    undone.clear()
    template.clear()
    gc.unfreeze()


def flush():
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and not stream.closed:
            stream.flush()


def exit_code(error):
    """What the interpreter makes of it."""
    if error.code is None:
        return 0
    if isinstance(error.code, int):
        return error.code & 0xFF if -(1 << 63) <= error.code < 1 << 63 else 0xFF
    return 1


# ---- boot ----


template = {}  # the names of the warm-up and the re-seed


def warm_up():
    """In a template: what it has to do before it is ready. Returns what each copy of it does first."""
    file, reseed = os.environ.pop("PHIAL_WARM_UP", None), os.environ.pop("PHIAL_RESEED", None)
    if not file:
        return None
    template.update(__name__="warm_up", harness=sys.modules["__main__"])
    exec(load(file), template)
    code = load(reseed)
    gc.collect()
    return lambda: exec(code, template)


def load(file):
    with open(file, "rb") as opened:
        return compile(opened.read(), file, "exec", 0, True)


def start():
    global runner, ending
    os.set_inheritable(ORDER, False)
    os.set_inheritable(REPORT, False)
    watch_the_end()
    del sys.modules["atexit"], sys.modules["gc"]  # the interpreter does not load them by itself
    watch_warnings()
    reseed = warm_up()
    gc.freeze()
    os.write(REPORT, b"ready\n")
    order = read_order()
    runner = os.getpid()
    if reseed:
        reseed()
    if order["role"]:
        judge(order)
    if order["rules"]:
        report_rules(order)
    try:
        run(order)
        ending = 0
    except SystemExit as error:
        ending = exit_code(error)
        raise
    finally:
        if sys.gettrace() or sys.getprofile():
            atexit.unregister(let_go)  # they would be traced
            atexit.unregister(leave)


start()

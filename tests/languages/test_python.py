import unittest

from support import HarnessLanguage, LanguageCase
from warm import Warm

LIBRARY = r'''
import asyncio, array, base64, bisect, bz2, calendar, cmath, collections, concurrent.futures, contextlib, copy, csv
import dataclasses, datetime, decimal, difflib, enum, fractions, functools, glob, gzip, hashlib, heapq, hmac, io
import itertools, json, logging, lzma, math, mmap, multiprocessing, operator, os, pathlib, pickle, platform, queue
import random, re, secrets, select, shelve, shutil, signal, socket, sqlite3, statistics, string, struct, subprocess
import sys, tarfile, tempfile, textwrap, threading, time, tomllib, typing, unicodedata, unittest, urllib.parse, uuid
import warnings, weakref, xml.etree.ElementTree, zipfile, zlib, zoneinfo

# processes
assert subprocess.run("echo $((6*7)) | cat 2>/dev/null || read x; echo end", shell=True, capture_output=True, text=True).returncode == 0
assert subprocess.run(["/bin/sh", "-c", "echo hi; exit 3"], capture_output=True).returncode == 3
assert subprocess.run([sys.executable, "-c", "print(1)"], capture_output=True, text=True).stdout == "1\n"
with subprocess.Popen(["/bin/sh", "-c", "read a; echo $a$a"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as p:
    assert p.communicate("x\n")[0] == "xx\n"
assert os.system("exit 2") >> 8 == 2
pid = os.fork()
if pid == 0:
    os._exit(5)
assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 5
def child(pipe):
    pipe.send(os.getpid())
here, there = multiprocessing.Pipe()
process = multiprocessing.Process(target=child, args=(there,))
process.start()
assert here.recv() == process.pid
process.join()
assert process.exitcode == 0

# threads
with concurrent.futures.ThreadPoolExecutor(4) as pool:
    assert sum(pool.map(lambda x: x * x, range(100))) == 328350
lock, box = threading.Lock(), queue.Queue()
threads = [threading.Thread(target=lambda i=i: box.put(i)) for i in range(8)]
[t.start() for t in threads]; [t.join() for t in threads]
assert sorted(box.get() for _ in range(8)) == list(range(8))

# event loops, signals, sockets
async def work(x):
    await asyncio.sleep(0.01)
    return x
async def main():
    process = await asyncio.create_subprocess_exec("/bin/sh", "-c", "echo async", stdout=asyncio.subprocess.PIPE)
    out, _ = await process.communicate()
    return sum(await asyncio.gather(*map(work, range(10)))), out
assert asyncio.run(main()) == (45, b"async\n")
got = []
signal.signal(signal.SIGALRM, lambda *_: got.append(1))
signal.setitimer(signal.ITIMER_REAL, 0.01)
time.sleep(0.05)
assert got == [1]
a, b = socket.socketpair()
a.sendall(b"pair"); assert b.recv(10) == b"pair"

# files
folder = pathlib.Path(tempfile.mkdtemp())
(folder / "a.txt").write_text("zażółć\n" * 1000)
with gzip.open(folder / "a.gz", "wb") as f: f.write(b"x" * 100000)
with zipfile.ZipFile(folder / "a.zip", "w", zipfile.ZIP_DEFLATED) as z: z.write(folder / "a.txt", "a.txt")
with tarfile.open(folder / "a.tar.xz", "w:xz") as t: t.add(folder / "a.txt", "a.txt")
shutil.copytree(folder, folder.parent / "copy"); os.rename(folder.parent / "copy", folder.parent / "moved")
assert len(list((folder.parent / "moved").glob("a.*"))) == 4
os.symlink(folder / "a.txt", folder / "link"); os.link(folder / "a.txt", folder / "hard"); os.chmod(folder / "hard", 0o600)
assert os.stat(folder / "hard").st_nlink == 2 and os.readlink(folder / "link").endswith("a.txt")
with open(folder / "map", "w+b") as f:
    f.truncate(4096)
    with mmap.mmap(f.fileno(), 4096) as m: m[:3] = b"map"
assert (folder / "map").read_bytes()[:3] == b"map"
os.mkfifo(folder / "fifo")
import dbm.dumb
with shelve.Shelf(dbm.dumb.open(str(folder / "shelf"))) as s: s["k"] = [1, 2]
shutil.rmtree(folder)
with tempfile.NamedTemporaryFile() as f, tempfile.TemporaryFile() as g: f.write(b"x"); g.write(b"y")
database = sqlite3.connect(":memory:")
database.execute("create table t (a, b)"); database.executemany("insert into t values (?, ?)", [(i, str(i)) for i in range(100)])
assert database.execute("select sum(a) from t").fetchone() == (4950,)

# the rest
assert json.loads(json.dumps({"a": [1, None, "ü"]})) == {"a": [1, None, "ü"]}
assert hashlib.sha256(b"").hexdigest().startswith("e3b0c442") and len(secrets.token_bytes(16)) == 16
assert uuid.uuid4() != uuid.uuid4() and 0 <= random.random() < 1
assert decimal.Decimal("0.1") + decimal.Decimal("0.2") == decimal.Decimal("0.3")
assert re.sub(r"(\w+) (\w+)", r"\2 \1", "hello world") == "world hello"
assert datetime.datetime(2024, 7, 1, tzinfo=zoneinfo.ZoneInfo("Europe/Warsaw")).utcoffset().seconds == 7200
assert pickle.loads(pickle.dumps(fractions.Fraction(1, 3))) == fractions.Fraction(1, 3)
assert zlib.decompress(zlib.compress(b"z" * 1000)) == lzma.decompress(lzma.compress(b"z" * 1000)) == bz2.decompress(bz2.compress(b"z" * 1000))
assert xml.etree.ElementTree.fromstring("<a><b>1</b></a>")[0].text == "1" and tomllib.loads("a = 1") == {"a": 1}
class Case(unittest.TestCase):
    def test_it(self): self.assertEqual(1, 1)
assert unittest.TextTestRunner(stream=io.StringIO()).run(unittest.defaultTestLoader.loadTestsFromTestCase(Case)).wasSuccessful()
assert (folder := os.getcwd()) == "/work" and os.environ["HOME"] == "/work" and platform.system() == "Linux"
assert os.cpu_count() >= 1 and sys.getrecursionlimit() > 100
logging.basicConfig(stream=sys.stdout, format="%(message)s"); logging.warning("logged")
print("done")
'''


class Python(HarnessLanguage, LanguageCase):
    language = "python"
    HELLO = "print('hello')"
    EXIT_7 = "import sys\nsys.exit(7)"
    ECHO = "import sys\nprint(sys.stdin.read(), end='')"
    ARGS = "import sys\nfor arg in sys.argv[1:]: print(arg)"
    ENV = "import os\nprint(os.environ['GREETING'])"
    UNICODE = "print('żółw 🐢')"
    ERROR = "def f():\n    raise ValueError('boom')\nf()"
    BROKEN = "print('never')\nx = (1,\n"
    NOT_UTF_8 = b"print('never')\nprint('\xff')\n"
    DESCRIPTORS = "import os\nos.system('echo /proc/self/fd/*')"
    LIBRARY = LIBRARY

    def test_the_value_is_that_of_the_last_expression(self):
        self.assertEqual("[2, 4]", self.run_ok("x = [1, 2]\n[a * 2\n for a in x]")["value"])
        self.assertIsNone(self.run_ok("1 + 1\nx = 3")["value"])
        self.assertIsNone(self.run_ok("")["value"])
        self.assertEqual("'ü\\n'", self.run_ok("'ü\\n'")["value"])

    def test_a_huge_or_faulty_value_is_bounded(self):
        answer = self.run_ok("list(range(10_000_000))", limits=["memory=1GiB"])
        self.assertTrue(0 < len(answer["value"]) <= 65536)
        answer = self.run_ok("class A:\n    def __repr__(self): raise KeyError\nA()")
        self.assertIn("KeyError", answer["value"])

    def test_trace_tells_each_top_level_expression(self):
        answer = self.run_ok("x = 2\nx * 3\nprint('a')\n(x +\n 1)\n", trace=True)
        self.assertEqual([(2, "6"), (3, "None"), (5, "3")], self.values(answer))
        self.assertEqual("3", answer["value"])

    def test_trace_goes_up_to_the_fault(self):
        answer = self.run_status("error", "1\n2\n1 / 0\n4", trace=True)
        self.assertEqual([(1, "1"), (2, "2")], self.values(answer))
        self.assertIsNone(answer["value"])

    def test_warnings_are_printed_and_reported(self):
        answer = self.run_ok("import warnings\nx = '\\d'\nwarnings.warn('old', DeprecationWarning)\n")
        self.assert_diagnostic(answer, "warning", "invalid escape sequence", 2)
        self.assert_diagnostic(answer, "warning", "DeprecationWarning: old", 3)
        self.assertIn("SyntaxWarning: invalid escape sequence", answer["stderr"])

    def test_a_syntax_error_has_its_line_and_column(self):
        answer = self.run_status("compile_error", "x = 1\nprint(2\n")
        self.assert_diagnostic(answer, "error", "'(' was never closed", 2, 6)
        self.assertEqual(1, answer["exit_code"])
        self.assertIn('File "/work/main.py", line 2', answer["stderr"])

    def test_an_uncaught_exception_is_printed_as_python_does(self):
        answer = self.run_status("error", self.ERROR)
        self.assert_diagnostic(answer, "error", "ValueError: boom", 2)
        self.assertEqual(
            'Traceback (most recent call last):\n  File "/work/main.py", line 3, in <module>\n    f()\n    ~^^\n'
            '  File "/work/main.py", line 2, in f\n    raise ValueError(\'boom\')\nValueError: boom\n',
            answer["stderr"],
        )
        self.assertEqual(1, answer["exit_code"])

    def test_other_files_can_be_imported(self):
        files = [("main.py", "import helper, pack.inner\nprint(helper.f(2), pack.inner.X)"),
                 ("helper.py", "def f(x): return x * 21"), ("pack/inner.py", "X = 'inner'")]  # fmt: skip
        self.assertEqual("42 inner\n", self.run_ok(files)["stdout"])

    def test_the_main_module_is_what_a_script_expects(self):
        source = '"""Doc."""\nimport inspect, sys\ndef f(): return 1\nif __name__ == "__main__":\n' \
                 "    print(__doc__, __file__, sys.argv, sys.path[0], sys.modules['__main__'].f is f)\n" \
                 "    print(inspect.getsource(f), end='')\n"  # fmt: skip
        expected = "Doc. /work/main.py ['main.py'] /work True\ndef f(): return 1\n"
        self.assertEqual(expected, self.run_ok(source)["stdout"])

    def test_nothing_of_the_users_is_loaded_while_the_runtime_boots(self):
        site = ".local/lib/python3.13/site-packages/"
        files = [("main.py", "print(1)"), ("os.py", "print('early')"), ("warnings.py", "print('early')"),
                 (site + "usercustomize.py", "print('early')"), (site + "a.pth", "import os; os.write(1, b'early')"),
                 ("sitecustomize.py", "print('early')")]  # fmt: skip
        self.assertEqual("1\n", self.run_ok(files)["stdout"])

    def test_threads_and_exit_handlers_run_to_their_end(self):
        source = "import atexit, threading, time, sys\natexit.register(print, 'exit')\n" \
                 "threading.Thread(target=lambda: (time.sleep(0.05), print('thread'))).start()\nsys.exit('bye')"  # fmt: skip
        answer = self.run_status("error", source)
        self.assertEqual(("thread\nexit\n", "bye\n", 1), (answer["stdout"], answer["stderr"], answer["exit_code"]))

    def test_what_was_printed_before_a_limit_is_not_lost(self):
        answer = self.run_status("timeout", "print('before')\nwhile True: pass", limits=["cpu=200ms"])
        self.assertEqual("before\n", answer["stdout"])

    def test_no_two_runs_have_the_same_random_numbers(self):
        self.assert_differ(
            "import os, random, secrets, ssl, tempfile, uuid\n"
            "print('random', random.random())\nprint('generator', random.Random().random())\n"
            "print('system', random.SystemRandom().random())\nprint('secret', secrets.token_hex())\n"
            "print('uuid1', uuid.uuid1())\nprint('uuid4', uuid.uuid4())\nprint('openssl', ssl.RAND_bytes(16).hex())\n"
            "print('folder', tempfile.mkdtemp())\nprint('kernel', os.urandom(8).hex())"
        )

    def test_sys_modules_and_packages_hold_what_was_imported(self):
        source = "import sys\nprint(sorted(set(sys.modules) & {'json', 're', 'random', 'unittest', 'asyncio', 'gc', 'enum'}))\n" \
                 "import importlib, collections, unittest\nprint(hasattr(importlib, 'util'), hasattr(collections, 'abc'),\n" \
                 "      callable(unittest.main), hasattr(unittest, 'mock'))\nimport json\n" \
                 "print('json.decoder' in sys.modules, 'asyncio' in sys.modules, json.__spec__.origin, json.__loader__ is json.__spec__.loader)"  # fmt: skip
        self.assertEqual(
            "[]\nFalse True True False\nTrue False /usr/lib/python3.13/json/__init__.py True\n", self.run_ok(source)["stdout"]
        )

    def test_a_file_beside_the_program_comes_before_the_standard_library(self):
        files = [("main.py", "import tempfile, random\nprint(random.mine, tempfile._Random)"),
                 ("random.py", "mine = 'mine'\nRandom = 'a'")]  # fmt: skip
        self.assertEqual("mine a\n", self.run_ok(files)["stdout"])
        source = "import json\nopen('/work/random.py', 'w').write('Random = 1')\nimport tempfile\nprint(tempfile._Random)"
        self.assertEqual("1\n", self.run_ok(source)["stdout"])

    def test_what_is_imported_can_be_replaced_and_watched(self):
        source = "import sys, types\nsys.modules['random'] = types.SimpleNamespace(Random=5)\nimport tempfile\nprint(tempfile._Random)"
        self.assertEqual("5\n", self.run_ok(source)["stdout"])
        source = "import builtins\nown = builtins.__import__\nseen = []\n" \
                 "builtins.__import__ = lambda name, *rest: seen.append(name) or own(name, *rest)\n" \
                 "import json\nprint('decoder' in seen)"  # fmt: skip
        self.assertEqual("True\n", self.run_ok(source)["stdout"])
        source = "import json\nold = json\nimport sys\ndel sys.modules['json']\nimport json\nprint(old is json, json.loads('[1]'))"
        self.assertEqual("False [1]\n", self.run_ok(source)["stdout"])

    def test_finalizers_run_at_the_end(self):
        source = "import json, os, sys\nclass A:\n    def __init__(self, name): self.name = name\n" \
                 "    def __del__(self): print('end of', self.name)\na = A('a')\nb = [A('b')]\n" \
                 "def generate():\n    try: yield\n    finally: print('closed')\nc = generate()\nnext(c)\n" \
                 "file = os.fdopen(os.dup(1), 'w')\nfile.write('unflushed\\n')\n" + "{}" + "print('last')"  # fmt: skip
        for extra, more in (("", []), ("json.kept = A('d')\n", ["end of d"])):
            with self.subTest(extra):
                shown = self.run_ok(source.format(extra))["stdout"].splitlines()
                self.assertEqual("last", shown[0])
                self.assertEqual(sorted(["end of a", "end of b", "closed", "unflushed", *more]), sorted(shown[1:]))

    def test_the_main_thread_knows_its_own_number(self):
        source = "import os, threading\nprint(threading.main_thread().native_id == threading.get_native_id() == os.getpid())"
        self.assertEqual("True\n", self.run_ok(source)["stdout"])


class WarmPython(Warm, Python):
    pass


if __name__ == "__main__":
    unittest.main()

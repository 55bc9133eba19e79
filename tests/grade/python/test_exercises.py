"""Each exercise is judged with its reference and its wrong solution: the first passes, the second does not, and each test's
status is what unittest says of it in one runtime."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

import support

FOLDER = os.path.join(support.HERE, "exercises")
TOGETHER = {"together"}


def files(folder):
    found = {}
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name != "__pycache__"]
        for name in names:
            with open(os.path.join(place, name)) as file:
                found[os.path.relpath(os.path.join(place, name), folder)] = file.read()
    return found


def parts(name):
    solution, wrong, tests = {}, {}, {}
    for path, text in files(os.path.join(FOLDER, name)).items():
        top, _, rest = path.partition("/")
        if top in ("solution.py", "solution"):
            solution[rest or path] = text
        elif top in ("wrong.py", "wrong"):
            wrong[rest or "solution.py"] = text
        else:
            tests[path] = text
    return solution, wrong, tests


def in_one_runtime(solution, tests):
    with tempfile.TemporaryDirectory(prefix="phial-one-") as folder:
        for name, text in {**solution, **tests}.items():
            os.makedirs(os.path.dirname(os.path.join(folder, name)), exist_ok=True)
            with open(os.path.join(folder, name), "w") as file:
                file.write(text)
        shutil.copy(os.path.join(support.HERE, "one_runtime.py"), folder)
        modules = [name.removesuffix(".py") for name in tests if name.startswith("test_")]
        done = subprocess.run([sys.executable, "one_runtime.py", *modules], cwd=folder, stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=support.PATIENCE)  # fmt: skip
        if not done.stdout:
            raise AssertionError(done.stderr.decode())
        return json.loads(done.stdout)


class Exercises(unittest.TestCase):
    maxDiff = None

    def check(self, name):
        solution, wrong, tests = parts(name)
        for files, verdict in ((solution, "pass"), (wrong, "fail")):
            answer = support.grade(files, tests)
            self.assertEqual(answer.statuses, in_one_runtime(files, tests), answer)
            self.assertEqual(answer.verdict, verdict, answer)
            self.assertEqual(answer.judged, "together" if name in TOGETHER else "apart")
        self.assertIn(answer.verdict, ("fail",), answer)

    def test_what_does_not_compile_is_an_error(self):
        answer = support.grade("def double(n)\n    return n", "import unittest, solution\n")
        self.assertEqual(answer.verdict, "error", answer)
        self.assertIn("does not compile", answer.answer["reason"])
        self.assertEqual(answer.answer["run"]["diagnostics"][0]["line"], 1, answer)

    def test_tests_that_do_not_compile_are_an_error(self):
        answer = support.grade("x = 1", "import unittest\nclass T(:\n")
        self.assertEqual(answer.verdict, "error", answer)

    def test_what_raises_when_it_is_imported_fails(self):
        answer = support.grade("x = 1 / 0", "import unittest, solution\nclass T(unittest.TestCase):\n    def test_a(self): pass\n")
        self.assertEqual(answer.verdict, "fail", answer)
        self.assertIn("division by zero", answer.answer["tests"][0]["message"])
        self.assertIn("solution.py:1", answer.answer["tests"][0]["message"])

    def test_messages_say_what_was_due_and_where(self):
        tests = "import unittest, solution\nclass T(unittest.TestCase):\n    def test_a(self):\n        print('here')\n        self.assertEqual(solution.f(), 4)\n"
        answer = support.grade("def f():\n    print('there')\n    return [3]", tests)
        test = answer.tests["test_a"]
        self.assertEqual((test["expected"], test["actual"], test["output"]), ("4", "[3]", "here\nthere\n"), answer)
        self.assertIn("[3] != 4", test["message"])
        self.assertEqual((test["line"], test["name"]), (3, "test_a (test_solution.T.test_a)"))

    def test_tests_are_in_the_order_of_the_file(self):
        tests = "import unittest\nclass T(unittest.TestCase):\n    def test_b(self): pass\n    def test_a(self): pass\n"
        self.assertEqual([*support.grade("", tests).tests], ["test_b", "test_a"])


def add(name):
    setattr(Exercises, f"test_{name}", lambda self: self.check(name))


for entry in sorted(os.listdir(FOLDER)):
    add(entry)

"""Code rules are told with their lines, whichever way a solution is judged, and change no verdict."""

import unittest

import support

TESTS = "import unittest, solution\nclass T(unittest.TestCase):\n    def test_a(self): self.assertEqual(solution.f(), 1)\n"
TOGETHER = "import unittest, solution\nclass T(unittest.TestCase, solution.Mixin):\n    def test_a(self): self.assertEqual(self.one(), 1)\n"
SOLUTION = '''import re
import math as m, os.path
from functools import reduce as fold

def fact(n: int) -> int:
    """Of one number."""
    return 1 if n < 2 else n * fact(n - 1)

def max(xs):
    return max(xs[1:]) if len(xs) > 1 else xs[0]

class Tree:
    def size(self, other):
        return self.size(other)

    def sorted(self):
        return sorted([3], key=lambda x: -x)

    def len(self):
        return 3

def g(sum):
    sum += 1
    return sum(map(sorted, [2])), ", ".join(x for x in "a"), m.sqrt(2), fold(f, [])

def f():
    for i in range(3):
        while not i:
            break
    [1].reverse()
    os.path.join("a", "b")
    return 1

def gen(x):
    yield from x
    re.sub("a", "b", "c")
    try:
        with x:
            helper(x is not None and 2 not in x)
    except ValueError:
        raise
'''
LINES = {
    "recursion": [7, 10, 14], "docstring": [6], "annotation": [5], "comprehension": [24], "generator": [35],
    "for": [27], "while": [28], "if": [7, 10], "try": [37], "with": [38], "lambda": [17], "import": [1, 2, 3], "class": [12],
    "sorted": [17, 24], "max": [], "sum": [], "len": [10], "helper": [39], "print": [],
    ".reverse": [30], ".join": [24, 31], "str.join": [24], "list.reverse": [30], "os.path.join": [31], "m.sqrt": [],
    "re": [1, 36], "re.sub": [36], "os": [2, 31], "os.path": [2, 31], "math": [2, 24], "math.sqrt": [24], "functools.reduce": [3, 24],
    "+": [23], "+=": [23], "*": [7], "in": [39], "is": [39], "and": [39], "[:]": [10], "//": [], ":=": [],
}  # fmt: skip


class Rules(unittest.TestCase):
    maxDiff = None

    def check_all(self, answer):
        told = {word: [line for kind, rule, line in answer.rules if (kind, rule) == ("forbid", word)] for word in LINES}
        self.assertEqual(told, LINES, answer)
        missing = [rule for kind, rule, line in answer.rules if kind == "require" and line is None]
        self.assertEqual(missing, [word for word, lines in LINES.items() if not lines], answer)

    def test_each_is_told_with_its_lines(self):
        rules = [(kind, word) for kind in ("forbid", "require") for word in LINES]
        answer = support.grade(SOLUTION, TESTS, rules=rules)
        self.assertEqual((answer.verdict, answer.judged), ("pass", "apart"), answer)
        self.check_all(answer)

    def test_in_runs_judged_by_output_too(self):
        rules = [(kind, word) for kind in ("forbid", "require") for word in LINES]
        answer = support.grade(SOLUTION, None, rules=rules, expect=[{"call": "f()", "value": "1"}])
        self.assertEqual((answer.verdict, answer.judged), ("pass", "output"), answer)
        self.check_all(answer)

    def test_in_one_sandbox_too(self):
        solution = "class Mixin:\n    def one(self):\n        return sum([1])\n"
        answer = support.grade(solution, TOGETHER, rules=[("forbid", "sum"), ("require", "for"), ("require", "class")])
        self.assertEqual((answer.verdict, answer.judged), ("pass", "together"), answer)
        self.assertEqual(answer.rules, [("forbid", "sum", 3), ("require", "for", None)], answer)

    def test_a_verdict_is_the_same_with_them(self):
        rules = [("forbid", "return"), ("require", "while")]
        for solution, verdict in (("def f(): return 1", "pass"), ("def f(): return 2", "fail")):
            answer = support.grade(solution, TESTS, rules=rules)
            self.assertEqual(answer.verdict, verdict, answer)
            self.assertEqual(answer.rules, [("forbid", "return", 1), ("require", "while", None)], answer)

    def test_what_does_not_compile_breaks_none(self):
        answer = support.grade("def f(: return 1", TESTS, rules=[("forbid", "return"), ("require", "while")])
        self.assertEqual((answer.verdict, answer.rules), ("error", []), answer)

    def test_a_program_finds_nothing_of_them(self):
        solution = "import sys\nprint(sorted(sys.modules), sorted(sys.path_importer_cache))\n"
        answers = [support.grade(solution, None, rules=rules, expect=[{"stdout": ""}]) for rules in ([], [("forbid", "sorted")])]
        self.assertEqual([answer.rules for answer in answers], [[], [("forbid", "sorted", 2)]])
        self.assertIn("sys", answers[0].answer["run"]["stdout"], answers[0])
        self.assertEqual(*[answer.answer["run"]["stdout"] for answer in answers])

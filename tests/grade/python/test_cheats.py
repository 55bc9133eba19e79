"""No cheat passes, none reads a test, and the tests' side comes to its end in each."""

import json
import unittest

import support
from cheats import CHEATS, SLOW

TESTS = """
import random, unittest, solution
class SecretTest(unittest.TestCase):
    def test_doubles(self):
        n = random.randrange(1, 1000)
        self.assertEqual(solution.double(n), 2 * n)
    def test_nearly(self):
        self.assertAlmostEqual(solution.double(1.5), 3.0)
    def test_distance(self):
        self.assertTrue(abs(solution.double(1.5) - 3.0) < 1e-6)
    def test_texts(self):
        self.assertEqual(solution.double("ab"), "abab")
    def test_lists(self):
        self.assertEqual([solution.double(2), 1], [4, 1])
    def test_needs_nothing(self):
        self.assertEqual(1 + 1, 2)
"""
HIDDEN = '''
import unittest, solution
MARKER = "MARKER-7391"
class Held:
    """MARKER-7391"""
    _secret = "MARKER-7391"
    def method(self): return 1
class HiddenTest(unittest.TestCase):
    def test_more(self):
        self.assertEqual(solution.double(21), 42)
    def test_callback(self):
        if hasattr(solution, "with_callback"):
            solution.with_callback(lambda n: self.assertEqual(n, MARKER))
        if hasattr(solution, "with_object"):
            solution.with_object(Held())
        self.assertEqual(solution.double(4), 8)
'''
COUNTED = ("test_doubles", "test_nearly", "test_distance", "test_texts", "test_lists", "test_more", "test_callback")


class Cheats(unittest.TestCase):
    maxDiff = None

    def judge(self, solution, **options):
        answer = support.grade(solution, TESTS, HIDDEN, **options)
        self.assertIn(answer.verdict, ("fail", "error"), answer)
        for name in COUNTED:
            self.assertNotEqual(answer.statuses.get(name), "pass", answer)
            self.assertNotEqual(answer.statuses.get(name), "skip", answer)
        self.assertEqual(answer.judged, "apart", answer)
        self.assertNotIn("MARKER-7391", json.dumps(answer.answer))
        # Its standard output is not in the answer when tests are hidden: so another time without.
        return answer

    def search(self, solution):
        answer = support.grade(solution, {"test_solution.py": TESTS, "test_hidden.py": HIDDEN})
        self.assertNotIn("FIND it", answer.answer["run"]["stdout"] + answer.answer["run"]["stderr"], answer)

    def test_an_honest_solution_passes(self):
        answer = support.grade("def double(n):\n    return 2 * n", TESTS, HIDDEN)
        self.assertEqual(answer.verdict, "pass", answer)

    def test_the_marker_would_be_found(self):
        """Else the cheats that look for it would prove nothing."""
        tests = {"test_solution.py": TESTS, "test_hidden.py": HIDDEN}
        answer = support.grade(CHEATS["searches files"], tests, support={"data.txt": "MARKER-7391"})
        self.assertIn("FIND it", answer.answer["run"]["stdout"], answer)


def add(name, solution, **options):
    def test(self):
        self.judge(solution, **options)
        if "FIND" in solution:
            self.search(solution)

    setattr(Cheats, "test_" + name.replace(" ", "_").replace("'", ""), test)


for entry, text in CHEATS.items():
    add(entry, text)
for entry, text in SLOW.items():
    add(entry, text, wall="3s")

"""Each exercise is judged apart and together, its reference and its wrong solution: the reference passes, the wrong one
does not, and both ways give the same status for each test."""

import os
import unittest

import support

FOLDER = os.path.join(support.HERE, "exercises")


def files(folder):
    found = []
    for place, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(place, name)
            with open(path, "rb") as file:
                found.append((os.path.relpath(path, folder), file.read()))
    return sorted(found)


def parts(name):
    solution, wrong, tests, shared = [], [], [], []
    for path, content in files(os.path.join(FOLDER, name)):
        if path.startswith("wrong/"):
            wrong.append((path[len("wrong/") :], content))
        elif path == "wrong.ex":
            wrong.append(("solution.ex", content))
        elif path.endswith("_test.exs") or path == "test_helper.exs":
            tests.append((path, content))
        elif path.endswith(".ex") and not path.startswith("support/"):
            solution.append((path, content))
        else:
            shared.append((path, content))
    return solution, wrong, tests, shared


class Exercises(unittest.TestCase):
    maxDiff = None

    def judge(self, solution, tests, shared):
        apart = support.judge(solution, tests, shared)
        together = support.judge_together(solution, tests, shared)
        self.assertEqual(apart.statuses, together.statuses, f"apart {apart}\ntogether {together}")
        return apart

    def check(self, name):
        solution, wrong, tests, shared = parts(name)
        answer = self.judge(solution, tests, shared)
        self.assertEqual(answer.verdict, "pass", answer)
        answer = self.judge(wrong, tests, shared)
        self.assertEqual(answer.verdict, "fail", answer)


def add(name):
    setattr(Exercises, f"test_{name}", lambda self: self.check(name))


for entry in sorted(os.listdir(FOLDER)):
    add(entry)

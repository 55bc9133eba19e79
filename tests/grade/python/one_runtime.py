"""Runs the tests of a folder in one runtime, as unittest does, and prints each one's status."""

import json
import sys
import types
import unittest

statuses = {}


class Result(unittest.TestResult):
    def note(self, test, status):
        name = str(getattr(test, "test_case", test)).partition(" ")[0]
        if statuses.get(name) in (None, "pass"):
            statuses[name] = status

    def addSuccess(self, test):
        self.note(test, "pass")

    def addExpectedFailure(self, test, error):
        self.note(test, "pass")

    def addFailure(self, test, error):
        self.note(test, "fail")

    def addError(self, test, error):
        self.note(test, "error")

    def addSkip(self, test, reason):
        self.note(test, "skip")

    def addUnexpectedSuccess(self, test):
        self.note(test, "fail")

    def addSubTest(self, test, subtest, error):
        if error:
            self.note(test, "fail" if issubclass(error[0], test.failureException) else "error")


class FunctionTest(unittest.FunctionTestCase):
    def __str__(self):
        return self._testFunc.__name__


sys.path.insert(0, ".")
output, sys.stdout = sys.stdout, sys.stderr
suite = unittest.TestLoader().discover(".", pattern="test_*.py")
for name in sys.argv[1:]:
    for value in list(vars(sys.modules.get(name) or __import__(name)).values()):
        if isinstance(value, types.FunctionType) and value.__module__ == name and value.__name__.startswith("test"):
            suite.addTest(FunctionTest(value))
suite.run(Result())
json.dump(statuses, output)

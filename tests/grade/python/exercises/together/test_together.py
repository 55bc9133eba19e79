"""A class of the tests derives from one of the solution's: that takes one runtime for both."""

import unittest

import solution


class Square(solution.Shape):
    def area(self):
        return 4


class TogetherTest(unittest.TestCase):
    def test_describes(self):
        self.assertEqual(Square().describe(), "Square of 4")

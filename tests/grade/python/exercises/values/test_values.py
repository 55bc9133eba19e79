import datetime
import decimal
import fractions
import unittest

from solution import *


class ValuesTest(unittest.TestCase):
    def test_values_cross_as_they_are(self):
        for value in (1, -1, 10**60, -(2**63), 1.5, -0.0, 1j, "é\ud800", b"\0\xff", (1, (2,)), [1, [2]], {1: {2: 3}}, {1, 2},
                      frozenset({3}), range(1, 9, 2), slice(1, None), True, ..., datetime.datetime(2024, 1, 2, 3, 4, 5, 6, datetime.timezone.utc),
                      datetime.time(1, 2), decimal.Decimal("1.10"), fractions.Fraction(1, 3)):  # fmt: skip
            with self.subTest(value=ascii(value)):
                self.assertEqual(same(value), value)
                self.assertIs(type(same(value)), type(value))

    def test_twice(self):
        self.assertEqual(twice("ab"), "abab")

    def test_sorts_in_place(self):
        values = [3, 1, 2]
        self.assertIs(sort(values), values)
        self.assertEqual(values, [1, 2, 3])

    def test_count(self):
        self.assertDictEqual(count(["a", "b", "a"]), {"a": 2, "b": 1})

    def test_next_day(self):
        self.assertEqual(next_day(datetime.date(2024, 2, 28)), datetime.date(2024, 2, 29))

    def test_half(self):
        self.assertEqual(half(3), fractions.Fraction(3, 2))

    def test_cents(self):
        self.assertEqual(cents("150"), decimal.Decimal("1.5"))

    def test_root(self):
        self.assertAlmostEqual(root(2), 1.41421356, places=6)

    def test_cycles(self):
        values = [1]
        tangle(values)
        self.assertIs(values[1], values)

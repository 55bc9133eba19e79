import asyncio
import itertools
import types
import unittest

from solution import Countdown, count, later, pairs, squares


class IteratorsTest(unittest.TestCase):
    def test_generators(self):
        numbers = count(0)
        self.assertIsInstance(numbers, types.GeneratorType)
        self.assertEqual([next(numbers), next(numbers), numbers.send(9), next(numbers)], [1, 2, 10, 11])
        numbers.close()
        self.assertEqual([*itertools.islice(count(3), 2)], [4, 5])

    def test_what_the_tests_generate(self):
        self.assertEqual(list(squares(n for n in range(4))), [0, 1, 4, 9])

    def test_pairs(self):
        self.assertEqual(list(pairs([1, 2, 3])), [(1, 2), (2, 3)])

    def test_iterators(self):
        self.assertEqual(list(Countdown(3)), [3, 2, 1])
        self.assertEqual(sum(Countdown(4)), 10)

    def test_coroutines(self):
        self.assertEqual(asyncio.run(self.wait()), 3)

    async def wait(self):
        return await later(2)

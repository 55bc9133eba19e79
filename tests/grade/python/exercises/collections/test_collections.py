import collections
import unittest

import solution


class CollectionsTest(unittest.TestCase):
    def test_count(self):
        self.assertEqual(solution.count("aab"), {"a": 2, "b": 1})
        self.assertEqual(solution.count("aab").most_common(1), [("a", 2)])

    def test_group(self):
        self.assertEqual(solution.group(["a", "bb", "c"]), {1: ["a", "c"], 2: ["bb"]})

    def test_rotate(self):
        self.assertEqual(solution.rotate([1, 2, 3], 1), collections.deque([3, 1, 2]))

    def test_order(self):
        self.assertEqual(list(solution.order([("b", 1), ("a", 2)])), ["a", "b"])

    def test_keys(self):
        self.assertEqual(solution.keys({"a": 1, "b": 2}), {"a", "b"})

    def test_bag(self):
        bag = solution.Bag()
        bag.put("a")
        self.assertEqual(bag, {"a": 1})
        self.assertEqual(bag["a"], 1)

    def test_custom(self):
        custom = solution.Custom(1, 2, 3)
        self.assertIn(1, custom)
        self.assertEqual((len(custom), [*custom]), (3, [1, 2, 3]))
        custom[0] = 9
        del custom[1]
        self.assertCountEqual(custom, [9, 3])
        self.assertIsInstance(custom, collections.abc.Iterable)

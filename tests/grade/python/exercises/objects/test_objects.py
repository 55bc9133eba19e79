import unittest

import solution
from solution import Animal, Color, Dog, Item, Level, Pair, Vector


class VectorTest(unittest.TestCase):
    def test_operators(self):
        self.assertEqual(Vector(1, 2) + Vector(1, 1) * 2, Vector(3, 4))
        self.assertEqual(2 * Vector(1, 2), Vector(2, 4))
        self.assertEqual(abs(Vector(3, 4)), 5)
        self.assertEqual(Vector(3, 4).length, 5)

    def test_order(self):
        self.assertLess(Vector(0, 1), Vector(1, 2))
        self.assertEqual(sorted([Vector(3, 0), Vector(1, 0)])[0].x, 1)

    def test_keys(self):
        self.assertEqual({Vector(1, 2): "a"}[Vector(1, 2)], "a")
        self.assertEqual(repr(Vector(1, 2)), "Vector(1, 2)")

    def test_indexing(self):
        self.assertEqual([*Vector(1, 2)], [1, 2])
        with self.assertRaises(IndexError):
            Vector(1, 2)[5]

    def test_attributes(self):
        vector = Vector.zero()
        vector.x = 5
        self.assertEqual((vector.x, vector[0]), (5, 5))
        del vector.x
        self.assertFalse(hasattr(vector, "x"))
        self.assertEqual(Vector(1, 1).x, 1)


class OtherTest(unittest.TestCase):
    def test_enumerations(self):
        self.assertIs(Color(1), Color.RED)
        self.assertEqual([color.name for color in Color], ["RED", "BLUE"])
        self.assertEqual(Color["RED"].value, 1)

    def test_numbered_enumerations(self):
        self.assertEqual(Level.LOW, 1)
        self.assertLess(Level.LOW, Level.HIGH)

    def test_named_tuples(self):
        pair = Pair(left=1, right=2)
        self.assertEqual(pair, (1, 2))
        self.assertEqual(pair._replace(right=3).right, 3)

    def test_data_classes(self):
        self.assertEqual(Item("a"), Item("a", []))
        self.assertEqual(repr(Item("a")), "Item(name='a', tags=[])")

    def test_inheritance(self):
        self.assertTrue(issubclass(Dog, Animal))
        self.assertIsInstance(Dog(), solution.Animal)
        self.assertEqual(Dog().speak(), "Woof")
        self.assertRaises(NotImplementedError, Animal().speak)

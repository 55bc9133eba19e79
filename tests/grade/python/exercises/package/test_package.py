import unittest

import shapes
from shapes.square import Square


class PackageTest(unittest.TestCase):
    def test_area(self):
        self.assertEqual(shapes.Square(2).area(), 4)
        self.assertIs(Square, shapes.Square)

# test: {"status": "error", "mask": ["tests? in [\\d.]+s"]}
import unittest
class Sums(unittest.TestCase):
    def test_wrong(self): self.assertEqual([1, 2, 3], [1, 5, 3])
    def test_error(self): raise KeyError("boom")
    def test_right(self): pass
unittest.main()

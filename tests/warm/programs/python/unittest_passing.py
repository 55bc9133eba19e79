import unittest
class Sums(unittest.TestCase):
    def setUp(self): self.n = 2
    def test_adds(self): self.assertEqual(4, self.n + 2)
    def test_raises(self):
        with self.assertRaises(ZeroDivisionError): 1 / 0
    @unittest.skip("not now")
    def test_skipped(self): pass
    def test_parts(self):
        for n in range(3):
            with self.subTest(n): self.assertLess(n, 3)
result = unittest.TextTestRunner(stream=open("/dev/null", "w")).run(unittest.defaultTestLoader.loadTestsFromTestCase(Sums))
print(result)

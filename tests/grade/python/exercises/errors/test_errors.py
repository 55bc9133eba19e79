import unittest

from solution import BankError, Door, Overdrawn, check, parse, withdraw


class ErrorsTest(unittest.TestCase):
    def test_own_errors(self):
        with self.assertRaises(Overdrawn) as caught:
            withdraw(1, 3)
        self.assertEqual(caught.exception.missing, 2)
        self.assertEqual(str(caught.exception), "2 too little")
        self.assertIsInstance(caught.exception, BankError)

    def test_errors_of_the_language(self):
        self.assertRaisesRegex(ValueError, "not negative", withdraw, 1, -1)

    def test_causes(self):
        with self.assertRaises(BankError) as caught:
            parse("x")
        self.assertIsInstance(caught.exception.__cause__, ValueError)

    def test_assertions(self):
        with self.assertRaises(AssertionError):
            check("x")
        with self.assertRaises(KeyError) as caught:
            check(1)
        self.assertEqual(caught.exception.args, ("b",))

    def test_contexts(self):
        with Door() as door:
            self.assertTrue(door.open)
            raise KeyError(1)
        self.assertFalse(door.open)

    def test_a_test_can_raise_them(self):
        with self.assertRaises(BankError):
            raise Overdrawn(-withdraw(1, -5) if False else withdraw(5, 1))
        self.assertEqual(Overdrawn(7).missing, withdraw(8, 1) if withdraw(0, 0) == 0 else 0)
        with self.assertRaises(Overdrawn):
            withdraw(1, 2)

import unittest
from unittest.mock import Mock, patch

import solution


class Listener:
    def __init__(self):
        self.events = []

    def update(self, event):
        self.events.append(event)


class CallbacksTest(unittest.TestCase):
    def test_functions_of_the_tests(self):
        seen = []
        self.assertEqual(solution.apply(lambda value: seen.append(value) or value + 1, [1, 2]), [2, 3])
        self.assertEqual(seen, [1, 2])

    def test_functions_that_both_have(self):
        self.assertEqual(solution.compose(str, len)(1000), 4)

    def test_decorators(self):
        @solution.logged
        def add(a, b=2):
            return a + b

        self.assertEqual((add(1), add(1, b=5), add.calls), (3, 6, 2))

    def test_exceptions_of_the_tests(self):
        class Mine(Exception):
            pass

        def fail(value):
            raise Mine(value)

        with self.assertRaises(Mine) as caught:
            solution.apply(fail, [1, 2])
        self.assertEqual(caught.exception.args, (1,))
        self.assertEqual(solution.apply(len, ["ab", "c"]), [2, 1])

    def test_objects_of_the_tests(self):
        listener, mock = Listener(), Mock()
        solution.notify([listener, mock], {"a": 1})
        self.assertEqual(listener.events, [{"a": 1}])
        mock.update.assert_called_once_with({"a": 1})

    def test_patched_modules(self):
        with patch("solution.random.randint", return_value=4) as randint:
            self.assertEqual(solution.roll(), 4)
        randint.assert_called_once_with(1, 6)

    def test_keys(self):
        self.assertEqual(solution.largest(["a", "ccc", "bb"], key=len), "ccc")

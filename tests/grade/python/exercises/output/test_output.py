import io
import unittest
from contextlib import redirect_stderr, redirect_stdout
from unittest.mock import call, patch

import solution


class OutputTest(unittest.TestCase):
    def test_printing(self):
        with redirect_stdout(io.StringIO()) as out, patch("builtins.input", return_value="Ada") as asked:
            solution.greet()
        self.assertEqual(out.getvalue(), "Hello, Ada!\n")
        asked.assert_called_once_with("Name? ")

    @patch("builtins.print")
    @patch("builtins.input", side_effect=["Bob"])
    def test_print_in_its_place(self, asked, printed):
        solution.greet()
        self.assertEqual(printed.call_args_list, [call("Hello, Bob!")])

    def test_input(self):
        with patch("sys.stdin", io.StringIO("Eve\n")), patch("sys.stdout", new_callable=io.StringIO) as out:
            solution.greet()
        self.assertEqual(out.getvalue(), "Name? Hello, Eve!\n")

    def test_errors(self):
        with redirect_stderr(io.StringIO()) as out:
            solution.warn("careful")
        self.assertEqual(out.getvalue(), "careful\n")

    def test_lines(self):
        with patch("sys.stdin", io.StringIO("1\n2\n")):
            self.assertEqual(solution.total(), 3)

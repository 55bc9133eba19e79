"""Gradings by tests: Elixir, tests and solution apart."""
import unittest

from server import Server

# A budget for hosts that are busy with other tests; no test measures it.
AMPLE = {"wall_ms": 60000, "cpu_ms": 60000}

CALCULATOR = """\
defmodule Calculator do
  def add(a, b), do: a + b
  def twice(value, function), do: function.(function.(value))
end
"""
TESTS = """\
defmodule CalculatorTest do
  use ExUnit.Case

  test "adds" do
    assert Calculator.add(1, 2) == 3
  end

  @tag task_id: 2
  test "calls a function back" do
    assert Calculator.twice(3, &(&1 * 2)) == 12
  end
end
"""
HIDDEN = """\
defmodule HiddenTest do
  use ExUnit.Case

  test "adds what nobody thinks of" do
    assert Calculator.add(-987_654, 1) == -987_653
  end
end
"""


class ElixirGrades(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server().start()

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    def ask(self, **body):
        return self.server.call("POST", "/api/v1/grade", {"limits": AMPLE, **body}, timeout=180)

    def statuses(self, got):
        return [test["status"] for test in got["tests"]]

    def elixir(self, source, *tests, **fields):
        files = [{"name": "calculator.ex", "content": source}]
        return self.ask(language="elixir", files=files, tests=list(tests), **fields).json

    def test_a_good_solution_passes_apart(self):
        got = self.elixir(CALCULATOR, {"name": "calculator_test.exs", "content": TESTS})
        self.assertEqual(("pass", "apart", None), (got["verdict"], got["judged"], got["reason"]), got)
        self.assertEqual(["test adds", "test calls a function back"], [test["name"] for test in got["tests"]])
        self.assertEqual([("calculator_test.exs", 4, None), ("calculator_test.exs", 9, 2)],
                         [(test["file"], test["line"], test["task"]) for test in got["tests"]])
        self.assertEqual("ok", got["run"]["status"])

    def test_a_wrong_solution_is_told_what_was_expected(self):
        got = self.elixir(CALCULATOR.replace("a + b", "a - b"), {"name": "calculator_test.exs", "content": TESTS})
        self.assertEqual(("fail", ["fail", "pass"]), (got["verdict"], self.statuses(got)), got)
        self.assertIn("Assertion with == failed", got["tests"][0]["message"])
        self.assertEqual({"3", "-1"}, {got["tests"][0]["expected"], got["tests"][0]["actual"]})

    def test_hidden_tests_tell_name_and_status_only(self):
        tests = [{"name": "hidden_test.exs", "content": HIDDEN, "hidden": True},
                 {"name": "calculator_test.exs", "content": TESTS}]
        source = CALCULATOR.replace("a + b", 'IO.puts(:stderr, inspect({a, b})) && if(a < 0, do: 0, else: a + b)')
        answer = self.ask(language="elixir", files=[{"name": "calculator.ex", "content": source}], tests=tests)
        got = answer.json
        self.assertEqual("fail", got["verdict"], got)
        self.assertIn({"name": "test adds what nobody thinks of", "status": "fail", "hidden": True}, got["tests"])
        self.assertNotIn(b"987", answer.body)

    def test_what_does_not_compile_has_its_diagnostics(self):
        got = self.elixir("defmodule Calculator do\n  def add(a, b), do: a + c\nend\n",
                          {"name": "calculator_test.exs", "content": TESTS})
        self.assertEqual(("error", "it does not compile"), (got["verdict"], got["reason"]), got)
        self.assertEqual("compile_error", got["run"]["status"])
        self.assertIn(("error", "calculator.ex", 2),
                      [(d["severity"], d["file"], d["line"]) for d in got["run"]["diagnostics"]])

    def test_a_solution_that_hangs_or_halts_is_no_pass(self):
        for body in ("Process.sleep(:infinity)", "System.halt(0)", "exit(:normal)"):
            with self.subTest(body=body):
                got = self.elixir(CALCULATOR.replace("a + b", f"{body} || a + b"),
                                  {"name": "calculator_test.exs", "content": TESTS},
                                  limits={"wall_ms": 5000, "cpu_ms": 60000})
                self.assertIn(got["verdict"], ("fail", "error"), got)

    def test_a_macro_of_the_solution_is_judged_together(self):
        source = "defmodule Calculator do\n  defmacro add(a, b), do: quote(do: unquote(a) + unquote(b))\nend\n"
        test = ("defmodule CalculatorTest do\n  use ExUnit.Case\n  require Calculator\n"
                "  test \"adds\" do\n    assert Calculator.add(1, 2) == 3\n  end\nend\n")
        got = self.elixir(source, {"name": "calculator_test.exs", "content": test})
        self.assertEqual(("pass", "together"), (got["verdict"], got["judged"]), got)

    def test_where_tests_are_hidden_one_sandbox_has_to_be_asked_for(self):
        source = "defmodule Calculator do\n  defmacro add(a, b), do: quote(do: unquote(a) + unquote(b))\nend\n"
        test = ("defmodule CalculatorTest do\n  use ExUnit.Case\n  require Calculator\n"
                "  test \"adds\" do\n    assert Calculator.add(1, 2) == 3\n  end\nend\n")
        hidden = {"name": "calculator_test.exs", "content": test, "hidden": True}
        self.assertEqual("error", self.elixir(source, hidden)["verdict"])
        got = self.elixir(source, hidden, together=True)
        self.assertEqual(("pass", "together"), (got["verdict"], got["judged"]), got)

    def test_rules_are_told_with_the_line_and_change_no_verdict(self):
        source = CALCULATOR.replace("a + b", "Enum.sum([a, b])")
        got = self.elixir(source, {"name": "calculator_test.exs", "content": TESTS},
                          rules={"forbid": ["Enum.sum"], "require": ["recursion"]})
        self.assertEqual("pass", got["verdict"], got)
        self.assertIn({"rule": "Enum.sum", "kind": "forbid", "line": 2}, got["rules"])
        self.assertIn({"rule": "recursion", "kind": "require", "line": None}, got["rules"])


if __name__ == "__main__":
    unittest.main()

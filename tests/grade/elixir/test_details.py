"""What is told besides verdicts: plan, texts, rules, diagnostics, and why one runtime is asked for."""

import unittest

import support

ADD = "defmodule Sol do\n  def add(a, b), do: a + b\nend"
TEST = 'defmodule SolTest do\n  use ExUnit.Case\n  test "adds" do\n    assert Sol.add(1, 2) == 3\n  end\nend'


def test_file(body, name="SolTest"):
    return f"defmodule {name} do\n  use ExUnit.Case\n{body}\nend"


class Details(unittest.TestCase):
    maxDiff = None

    def test_the_plan_is_in_the_order_of_files_and_lines_with_tasks(self):
        first = test_file('  @tag task_id: 7\n  test "z", do: :ok\n  test "a", do: :ok', "FirstTest")
        second = test_file('  describe "d" do\n    test "b", do: :ok\n  end', "SecondTest")
        answer = support.judge(ADD, [("z_test.exs", first), ("a_test.exs", second)])
        self.assertEqual(
            answer.plan,
            [
                {"name": "test z", "file": "z_test.exs", "line": 4, "task": 7},
                {"name": "test a", "file": "z_test.exs", "line": 5},
                {"name": "test d b", "file": "a_test.exs", "line": 4},
            ],
        )
        self.assertEqual(answer.verdict, "pass", answer)

    def test_a_failure_has_both_sides_and_the_text_of_ExUnit(self):
        body = '  test "right", do: assert Sol.add(1, 1) == 3\n  test "left", do: assert 3 == Sol.add(1, 1)\n'
        body += '  test "match", do: assert {:ok, _} = Sol.add(1, 1)'
        answer = support.judge(ADD, test_file(body))
        sides = {name: (test["expected"], test["actual"]) for name, test in answer.tests.items()}
        self.assertEqual(sides, {"test right": ("3", "2"), "test left": ("3", "2"), "test match": ("{:ok, _}", "2")})
        self.assertIn("Assertion with == failed", answer.tests["test right"]["message"])
        self.assertIn("solution_test.exs:3", answer.tests["test right"]["message"])

    def test_an_exception_names_the_line_of_the_solution_and_the_clauses_that_did_not_match(self):
        solution = "defmodule Sol do\n  def f(:a), do: 1\n  def g(x) do\n    1 + Map.fetch!(x, :k)\n  end\nend"
        answer = support.judge(solution, test_file('  test "f", do: Sol.f(:b)\n  test "g", do: Sol.g(%{})'))
        self.assertIn("Attempted function clauses", answer.tests["test f"]["message"])
        self.assertIn("def f(:a)", answer.tests["test f"]["message"])
        self.assertIn("solution.ex:4: Sol.g/1", answer.tests["test g"]["message"])

    def test_output_belongs_to_the_test_that_printed_it(self):
        solution = 'defmodule Sol do\n  def say(x), do: IO.puts("said #{x}")\nend'
        body = '  test "one" do\n    Sol.say(1)\n    IO.puts("mine")\n  end\n  test "two", do: Sol.say(2)\n  test "three", do: :ok'
        answer = support.judge(solution, test_file(body))
        outputs = {name: test.get("output") for name, test in answer.tests.items()}
        self.assertEqual(outputs, {"test one": "said 1\nmine\n", "test two": "said 2\n", "test three": None})

    def test_tests_that_are_left_out_say_why(self):
        answer = support.judge(ADD, test_file('  @tag skip: "later"\n  test "s", do: :no\n  test "t", do: :ok'))
        self.assertEqual(answer.tests["test s"]["status"], "skip")
        self.assertIn("later", answer.tests["test s"]["message"])
        self.assertEqual(answer.verdict, "pass")

    def test_a_failing_setup_all_is_an_error_of_each_test(self):
        answer = support.judge(ADD, test_file('  setup_all do\n    raise "no"\n  end\n  test "t", do: :ok'))
        self.assertEqual(answer.statuses, {"test t": "error"})
        self.assertIn("failure on setup_all", answer.tests["test t"]["message"])

    def test_a_solution_that_does_not_compile_is_told_with_its_line(self):
        answer = support.judge("defmodule Sol do\n  def f, do: x\nend", TEST)
        self.assertTrue(answer.compile_error)
        self.assertIn(("solution.ex", 2), [(d.get("file"), d.get("line")) for d in answer.diagnostics])
        self.assertEqual(answer.plan, [])

    def test_warnings_of_the_solution_are_told(self):
        answer = support.judge("defmodule Sol do\n  def add(a, b) do\n    c = 1\n    a + b\n  end\nend", TEST)
        self.assertEqual(answer.verdict, "pass", answer)
        self.assertIn(("warning", 3), [(d["severity"], d.get("line")) for d in answer.diagnostics])

    def test_tests_that_do_not_compile_say_in_which_file(self):
        answer = support.judge(ADD, test_file('  test "t", do: %Nothing{}'))
        self.assertTrue(answer.compile_error)
        self.assertEqual({d["file"] for d in answer.diagnostics if "file" in d}, {"solution_test.exs"})

    def test_macros_and_doctests_are_judged_in_one_runtime(self):
        macro = "defmodule Sol do\n  defmacro twice(x), do: quote(do: 2 * unquote(x))\nend"
        tests = test_file('  require Sol\n  test "t", do: assert Sol.twice(4) == 8')
        self.assertIn("macros of Sol", support.judge(macro, tests).together)
        self.assertEqual(support.judge_together(macro, tests).verdict, "pass")
        documented = 'defmodule Sol do\n  @doc """\n      iex> Sol.one()\n      1\n  """\n  def one, do: 1\nend'
        tests = test_file("  doctest Sol")
        self.assertIn("doctests", support.judge(documented, tests).together)
        self.assertEqual(support.judge_together(documented, tests).verdict, "pass")
        self.assertEqual(support.judge_together(documented.replace("do: 1", "do: 2"), tests).verdict, "fail")

    def test_in_one_runtime_nothing_of_it_may_be_redefined(self):
        for name in ("ExUnit.Assertions", "ExUnit.Runner", "Enum", "Phial.Grade.Results"):
            answer = support.judge_together(f"defmodule {name} do\n  defmacro assert(_), do: true\nend\n{ADD}", TEST)
            self.assertEqual(answer.verdict, "error", answer)

    def test_in_one_runtime_a_solution_that_halts_does_not_pass(self):
        self.assertEqual(support.judge_together("System.halt(0)", TEST).verdict, "error")
        halting = "defmodule Sol do\n  def add(_, _), do: System.halt(0)\nend"
        self.assertEqual(support.judge_together(halting, TEST).verdict, "error")

    def rules(self, solution, *rules):
        answer = support.judge(solution, test_file('  test "t", do: :ok'), rules=rules)
        self.assertEqual(answer.verdict, "pass", answer)
        return [(rule["kind"], rule["rule"], rule.get("line")) for rule in answer.rules]

    def test_forbidden_constructs_are_found_with_their_lines(self):
        solution = """defmodule Sol do
  import Enum, only: [reverse: 1]
  alias Enum, as: E
  def a(x), do: reverse(x)
  def b(x), do: E.reverse(x)
  def c(x), do: Enum.map(x, &Enum.reverse/1)
  def d(x), do: for(y <- x, do: y) ++ [if(x == [], do: 1)]
  def e(x), do: x |> Enum.reverse() |> length()
  def f(x), do: :lists.reverse(x)
end"""
        self.assertEqual([line for _, _, line in self.rules(solution, ("forbid", "Enum.reverse"))], [4, 5, 6, 8])
        self.assertEqual(
            self.rules(solution, ("forbid", "for"), ("forbid", "++"), ("forbid", "if"), ("forbid", "length"), ("forbid", "case")),
            [("forbid", "for", 7), ("forbid", "++", 7), ("forbid", "if", 7), ("forbid", "length", 8)],
        )
        self.assertEqual(self.rules(solution, ("forbid", ":lists.reverse"), ("forbid", "String")), [("forbid", ":lists.reverse", 9)])

    def test_required_constructs_may_not_be_missing(self):
        solution = """defmodule Sol do
  defstruct [:n]
  def sum([]), do: 0
  def sum([head | tail]) when is_integer(head), do: head + sum(tail)
  defp go(x), do: x |> to_string()
end"""
        words = ["recursion", "pipe", "guard", "defp", "defstruct", "to_string/1"]
        self.assertEqual(self.rules(solution, *[("require", word) for word in words]), [])
        self.assertEqual(
            self.rules("defmodule Sol do\n  def f(x), do: x\nend", *[("require", word) for word in words]),
            [("require", word, None) for word in words],
        )

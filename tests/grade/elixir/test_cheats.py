"""No cheat passes, none reads a test, and the tests' side comes to its end in each."""

import json
import unittest

import support
from cheats import CHEATS, SLOW

TESTS = [
    ("solution_test.exs", """
defmodule SecretTest do
  use ExUnit.Case
  defmodule Oracle do
    def double(n), do: 2 * n
  end
  test "doubles" do
    n = :rand.uniform(1000)
    assert Sol.double(n) == Oracle.double(n)
  end
  test "needs nothing", do: assert(1 + 1 == 2)
end
"""),
    ("hidden_test.exs", """
defmodule HiddenTest do
  use ExUnit.Case
  # MARKER-7391
  @marker "MARKER-7391"
  test "doubles more" do
    n = :rand.uniform(1000)
    assert is_binary(@marker) and Sol.double(n) == 2 * n
  end
  test "calls back" do
    if function_exported?(Sol, :with, 1), do: Sol.with(fn n -> assert n == "MARKER-7391" end)
    if function_exported?(Sol, :watch, 1) do
      Sol.watch(spawn(fn -> Process.sleep(20) && assert 1 == String.length("MARKER-7391") end))
    end
    assert Sol.double(2) == 4
  end
end
"""),
]  # fmt: skip


class Cheats(unittest.TestCase):
    def judge(self, solution, **options):
        answer = support.judge(solution, TESTS, **options)
        self.assertNotEqual(answer.verdict, "pass", answer)
        self.assertFalse(answer.late, f"the tests' side did not end\n{answer}")
        for name in ("test doubles", "test doubles more", "test calls back"):
            self.assertNotEqual(answer.statuses.get(name), "pass", answer)
        self.assertNotIn("FIND it", answer.solution_stdout + answer.solution_stderr)
        visible = [test for name, test in answer.tests.items() if name in ("test doubles", "test needs nothing")]
        self.assertNotIn("MARKER", json.dumps(visible))
        return answer

    def test_an_honest_solution_passes(self):
        answer = support.judge("defmodule Sol do\n  def double(n), do: 2 * n\nend", TESTS)
        self.assertEqual(answer.verdict, "pass", answer)

    def test_the_marker_would_be_found(self):
        """Else the cheats that look for it would prove nothing."""
        solution = CHEATS["searches files"]
        answer = support.judge(solution, TESTS, fixtures=[("fixture.txt", "MARKER-7391")])
        self.assertIn("FIND it", answer.solution_stdout)


def add(name, solution, **options):
    def test(self):
        self.judge(solution, **options)

    setattr(Cheats, "test_" + name.replace(" ", "_"), test)


for entry, text in CHEATS.items():
    add(entry, text)
for entry, text in SLOW.items():
    add(entry, text, solution_seconds=5)

"""`phial grade`: a solution judged without a server and through one."""

import json
import os
import pty
import signal
import subprocess

from support import PHIAL, Case, Server, children, wait_until

DOUBLE = "read -r x; echo $((x * 2))"


class Output(Case):
    def cases(self, *cases):
        return self.write("cases.json", json.dumps(cases))

    def grade(self, source, cases, *args, **options):
        return self.phial("grade", "--local", "--expect", self.cases(*cases), self.write("solution.sh", source), *args,
                          **options)

    def test_a_pass_is_0_and_a_list(self):
        code, out, err = self.grade(DOUBLE, [{"stdin": "2", "stdout": "4"}, {"name": "three", "stdin": "3", "stdout": "6"}])
        self.assertEqual((code, err), (0, ""))
        self.assertEqual(out, "pass  case 1\npass  three\npass: 2 passed, 0 failed (judged by output)\n")

    def test_a_fail_is_1_and_shows_the_difference(self):
        code, out, _ = self.grade(DOUBLE, [{"stdin": "2", "stdout": "5"}])
        self.assertEqual(code, 1)
        self.assertIn("FAIL  case 1\n    the output is another\n    with this input:\n      2\n", out)
        self.assertIn("    - expected, + actual:\n    - 5\n    + 4\n", out)
        self.assertIn("fail: 0 passed, 1 failed", out)

    def test_lines_that_are_the_same_stand_between_those_that_differ(self):
        _, out, _ = self.grade(r"printf 'a\nb\nc\nd\n'", [{"stdout": "a\nx\nc\nd\ne\n"}])
        self.assertIn("      a\n    - x\n    + b\n      c\n      d\n    - e\n", out)

    def test_an_error_is_3_and_shows_what_the_compiler_said(self):
        cases = self.cases({"stdout": "1"})
        code, out, _ = self.phial("grade", "--local", "--expect", cases, self.write("s.c", "int main(void) { return x; }\n"))
        self.assertEqual(code, 3)
        self.assertIn("s.c:1:", out)
        self.assertIn("error: 0 passed, 1 failed", out)

    def test_a_call_is_judged_by_its_value(self):
        cases = self.cases({"call": "add(1, 2)", "value": "3"}, {"call": "add(1, 2)", "value": "4"})
        code, out, _ = self.phial("grade", "--local", "--expect", cases, self.write("s.py", "def add(a, b):\n    return a + b\n"))
        self.assertEqual(code, 1)
        self.assertIn("pass  add(1, 2)\nFAIL  add(1, 2)\n    the value is another\n    expected: 4\n    actual:   3\n", out)

    def test_of_a_hidden_case_only_name_and_status_are_printed(self):
        code, out, _ = self.grade(DOUBLE, [{"name": "secret", "stdin": "77", "stdout": "78", "hidden": True}])
        self.assertEqual((code, out), (1, "FAIL  secret (hidden)\nfail: 0 passed, 1 failed (judged by output)\n"))

    def test_json_is_the_api_s_answer(self):
        code, out, _ = self.grade(DOUBLE, [{"stdin": "2", "stdout": "4"}], "--json")
        self.assertEqual(code, 0)
        answer = json.loads(out)
        self.assertEqual({"id", "verdict", "reason", "judged", "tests", "rules", "run"}, set(answer))
        self.assertEqual("4\n", answer["run"]["stdout"])

    def test_nothing_of_the_program_moves_the_terminal(self):
        code, out, _ = self.grade(r"printf '\033[2J\r\033]0;title\007'", [{"stdout": "x"}])
        self.assertEqual(code, 1)
        self.assertFalse(set(out) & {"\033", "\r", "\007"}, out)

    def test_colours_are_for_terminals_only(self):
        arguments = ["--local", "--expect", self.cases({"stdin": "2", "stdout": "4"}), self.write("s.sh", DOUBLE)]
        self.assertNotIn("\033", self.phial("grade", *arguments)[1])
        ours, theirs = pty.openpty()
        process = subprocess.Popen(self.argv("grade", *arguments), stdin=subprocess.DEVNULL, stdout=theirs,
                                   env={**os.environ, "TERM": "xterm", "NO_COLOR": ""})
        os.close(theirs)
        text = b""
        try:
            while piece := os.read(ours, 65536):
                text += piece
        except OSError:  # EIO: the terminal's other side is closed
            pass
        os.close(ours)
        self.assertEqual(process.wait(), 0)
        self.assertIn(b"\033[32mpass", text)

    def test_a_limit_holds_for_all_cases(self):
        code, out, _ = self.grade("sleep 100", [{"stdout": ""}, {"stdout": ""}], "--limit", "wall=300ms")
        self.assertEqual(code, 1)
        self.assertIn("its time was over", out)

    def test_interrupt_stops_it_with_130(self):
        process = self.start("grade", "--local", "--expect", self.cases({"stdout": ""}), self.write("s.sh", "sleep 1000"),
                             stdin=subprocess.DEVNULL)
        wait_until("the executor has been given the run", lambda: len(children(process.pid)) >= 2)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(), 130)

    def test_a_server_answers_the_same(self):
        Server(self)
        arguments = ["--server", "--expect", self.cases({"stdin": "2", "stdout": "5"}), self.write("s.sh", DOUBLE)]
        code, out, err = self.phial("grade", *arguments)
        self.assertEqual((code, err), (1, ""))
        self.assertIn("    - 5\n    + 4\n", out)
        code, out, err = self.phial("grade", "--server", "--test", self.write("a_test.sh", ""), self.write("s.sh", ""))
        self.assertEqual((code, out), (2, ""))
        self.assertIn("tests cannot be run in Bash", err)


class Tests(Case):
    TEST = ("defmodule DoubleTest do\n  use ExUnit.Case\n  test \"doubles\" do\n    assert Double.of(2) == 4\n  end\n"
            "  @tag :skip\n  test \"later\", do: flunk()\nend\n")

    def grade(self, body, *args):
        return self.phial("grade", "--local", "--limit", "wall=60s", "--limit", "cpu=60s", "--test",
                          self.write("double_test.exs", self.TEST), *args,
                          self.write("double.ex", f"defmodule Double do\n  def of(n), do: {body}\nend\n"))

    def test_a_good_solution_passes(self):
        code, out, err = self.grade("n * 2")
        self.assertEqual((code, err), (0, ""), out)
        self.assertTrue(out.startswith("pass  test doubles\nskip  test later\n"), out)
        self.assertIn("pass: 1 passed, 0 failed, 1 skipped (judged apart)\n", out)

    def test_a_wrong_one_is_told_what_was_expected(self):
        code, out, _ = self.grade("n + 3")
        self.assertEqual(code, 1)
        self.assertIn("    expected: 4\n    actual:   5\n", out)

    def test_one_that_does_not_compile_is_shown_where(self):
        code, out, _ = self.grade("n +")
        self.assertEqual(code, 3)
        self.assertIn("double.ex:", out)
        self.assertIn("it does not compile\nerror: 0 passed, 0 failed", out)

    def test_hidden_tests_stay_hidden(self):
        hidden = self.write("hidden_test.exs", self.TEST.replace("DoubleTest", "HiddenTest").replace("of(2) == 4", "of(7) == 14"))
        code, out, _ = self.grade("if(n == 2, do: 4, else: 0)", "--hidden", hidden)
        self.assertEqual(code, 1)
        self.assertIn("FAIL  test doubles (hidden)\n", out)
        self.assertNotIn("14", out)

    def test_rules_are_told(self):
        code, out, _ = self.grade("Enum.sum([n, n])", "--forbid", "Enum.sum", "--require", "recursion")
        self.assertEqual(code, 0)
        self.assertIn("line 2: Enum.sum should not be used\n", out)
        self.assertIn("recursion should be used\n", out)


class Refusals(Case):
    def refused(self, *args, part):
        code, out, err = self.phial("grade", *args)
        self.assertEqual((code, out), (2, ""))
        self.assertIn(part, err)
        self.assertEqual(err.count("\n"), 1, err)

    def test_no_solution(self):
        self.refused("--test", self.write("a_test.exs", ""), part="which SOLUTION?")

    def test_nothing_to_judge_by(self):
        self.refused(self.write("a.ex", ""), part="--test FILE or --expect FILE")

    def test_a_missing_test(self):
        self.refused("--test", "no-such-test.exs", self.write("a.ex", ""), part="no-such-test.exs: No such file")

    def test_cases_that_are_no_json(self):
        self.refused("--expect", self.write("cases.json", "[{"), self.write("a.sh", ""), part="cases.json:1")

    def test_cases_that_are_none(self):
        self.refused("--local", "--expect", self.write("cases.json", '[{"stdin": "x"}]'), self.write("a.sh", ""),
                     part="either stdout")

    def test_an_unknown_limit(self):
        self.refused("--limit", "colour=3", self.write("a.sh", ""), part="no such limit")

    def test_two_files_of_one_name(self):
        self.refused("--local", "-l", "elixir", "--test", self.write("a_test.exs", ""),
                     "a_test.exs=" + self.write("b", ""), part="two files have the name a_test.exs")

    def test_help_names_every_option(self):
        text = subprocess.run([PHIAL, "help", "grade"], capture_output=True, text=True).stdout
        for option in ("--test", "--hidden", "--support", "--expect", "--forbid", "--require", "--limit", "--json"):
            self.assertIn(option, text)

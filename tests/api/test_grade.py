"""Gradings: what is asked for, what comes back."""
import json
import os
import shutil
import socket
import tempfile
import unittest

from server import Server

# A budget for hosts that are busy with other tests; no test measures it.
AMPLE = {"wall_ms": 60000, "cpu_ms": 60000}


class Grades(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server().start()

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    def ask(self, **body):
        return self.server.call("POST", "/api/v1/grade", {"limits": AMPLE, **body}, timeout=180)

    def grade(self, language, source, name=None, **fields):
        file = {"content": source, **({"name": name} if name else {})}
        answer = self.ask(language=language, files=[file], **fields)
        self.assertEqual(200, answer.status, answer.body)
        return answer.json

    def statuses(self, got):
        return [test["status"] for test in got["tests"]]

    # ---- by output ----

    def test_an_answer_has_every_field(self):
        got = self.grade("bash", "read x; echo $((x * 2))", expect=[{"stdin": "2\n", "stdout": "4"}])
        self.assertRegex(got["id"], r"^g_[0-9a-f]{32}$")
        self.assertEqual(("pass", None, "output", []), tuple(got[k] for k in ("verdict", "reason", "judged", "rules")))
        test = got["tests"][0]
        ms = test.pop("ms")
        self.assertGreaterEqual(ms, 0)
        self.assertEqual({"name": "case 1", "status": "pass", "message": None, "expected": None, "actual": None,
                          "output": None, "task": None, "file": None, "line": None}, test)
        self.assertEqual(("ok", "4\n"), (got["run"]["status"], got["run"]["stdout"]))

    def test_the_first_failure_that_may_be_seen_is_shown(self):
        cases = [{"stdout": "no", "hidden": True}, {"stdin": "1", "stdout": "2"}, {"stdin": "5", "stdout": "11\n"},
                 {"name": "again", "stdin": "6", "stdout": "13"}]
        got = self.grade("bash", 'read x; echo "$((x * 2))"; echo "for $x" >&2', expect=cases)
        self.assertEqual("fail", got["verdict"])
        self.assertEqual(["fail", "pass", "fail", "fail"], self.statuses(got))
        self.assertEqual({"name": "case 1", "status": "fail", "hidden": True}, got["tests"][0])
        self.assertEqual(("11\n", "10\n", "5"), tuple(got["tests"][2][k] for k in ("expected", "actual", "input")))
        self.assertEqual("again", got["tests"][3]["name"])
        self.assertEqual("for 5\n", got["run"]["stderr"])

    def test_a_table_of_calls_and_values_judges_each_language(self):
        programs = {
            "elixir": ("solution.ex", "defmodule S do\n  def pair(a, b), do: {a, b}\nend\n", "S.pair(1, 2)", "{1, 2}"),
            "erlang": ("s.erl", "-module(s).\n-export([pair/2]).\npair(A, B) -> {A, B}.\n", "s:pair(1, 2)", "{1,2}"),
            "python": ("s.py", "def pair(a, b):\n    return (a, b)\n", "pair(1, 2)", "(1, 2)"),
            "javascript": ("s.js", "function pair(a, b) { return [a, b] }\n", "pair(1, 2)", "[ 1, 2 ]"),
            "c": ("s.c", "double half(int n) { return n / 2.0; }\nint main(void) { return 3; }\n", "half(5)", "2.5"),
            "bash": ("s.sh", 'pair() { echo "$1 $2"; }\n', "pair 1 2", "1 2"),
        }
        for language, (name, source, call, value) in programs.items():
            with self.subTest(language=language):
                cases = [{"call": call, "value": value}, {"call": call, "value": "another"}]
                got = self.grade(language, source, name, expect=cases)
                self.assertEqual(["pass", "fail"], self.statuses(got), got)
                self.assertEqual((call, value), (got["tests"][0]["name"], got["tests"][1]["actual"].strip()))

    def test_what_does_not_compile_is_an_error(self):
        got = self.grade("c", "int main(void) { return x; }", expect=[{"stdout": "1"}, {"stdout": "2"}])
        self.assertEqual(("error", "it does not compile"), (got["verdict"], got["reason"]))
        self.assertEqual("compile_error", got["run"]["status"])
        self.assertIn("error", got["run"]["stderr"])

    def test_all_cases_share_the_time(self):
        cases = [{"stdout": "1"}] * 3
        got = self.grade("bash", "echo 1; sleep 30", expect=cases, limits={"wall_ms": 700})
        self.assertEqual(("fail", ["error"] * 3), (got["verdict"], self.statuses(got)))
        self.assertIn("time", got["tests"][0]["message"])
        self.assertIn("not run", got["tests"][2]["message"])

    def test_support_files_are_there(self):
        support = [{"name": "data/words.txt", "content": "blue\n"}]
        got = self.grade("bash", "cat data/words.txt", support=support, expect=[{"stdout": "blue"}])
        self.assertEqual("pass", got["verdict"])

    # ---- what is refused ----

    def test_faults_are_named_with_a_pointer(self):
        file = {"name": "s.ex", "content": ""}
        test = {"name": "a_test.exs", "content": ""}
        rows = [
            (400, "/files", {"language": "elixir", "tests": [test]}),
            (400, "/tests", {"language": "elixir", "files": [file]}),
            (400, "/expect", {"language": "elixir", "files": [file], "tests": [test], "expect": [{"stdout": ""}]}),
            (400, "/tests/0/content", {"language": "elixir", "files": [file], "tests": [{"name": "x"}]}),
            (400, "/tests/0/name", {"language": "elixir", "files": [file], "tests": [{"content": "x"}]}),
            (400, "/tests/0/hidden", {"language": "elixir", "files": [file], "tests": [{**test, "hidden": 1}]}),
            (400, "/files/0/hidden", {"language": "elixir", "files": [{**file, "hidden": True}], "tests": [test]}),
            (400, "/expect/0/stdin", {"language": "elixir", "files": [file], "expect": [{"stdin": 3}]}),
            (400, "/expect/0/color", {"language": "elixir", "files": [file], "expect": [{"color": "x"}]}),
            (400, "/expect/0", {"language": "elixir", "files": [file], "expect": [{}]}),
            (400, "/rules/forbid/0", {"language": "elixir", "files": [file], "tests": [test],
                                      "rules": {"forbid": [""]}}),
            (400, "/rules/allow", {"language": "elixir", "files": [file], "tests": [test], "rules": {"allow": []}}),
            (400, "/files/0/name", {"language": "elixir", "files": [{**file, "name": "a_test.exs"}], "tests": [test]}),
            (400, "/limits/wall_ms", {"language": "elixir", "files": [file], "tests": [test],
                                      "limits": {"wall_ms": "1s"}}),
            (400, "/language", {"language": "cobol", "files": [file], "tests": [test]}),
            (400, "/exercise", {"exercise": "no/such/one", "files": [file]}),
            (400, "/tests", {"exercise": "no/such/one", "files": [file], "tests": [test]}),
            (422, "/tests", {"language": "bash", "files": [file], "tests": [test]}),
        ]
        for status, pointer, body in rows:
            with self.subTest(pointer=pointer, body=json.dumps(body)):
                answer = self.server.call("POST", "/api/v1/grade", body)
                self.assertEqual((status, pointer), (answer.status, answer.json.get("pointer")), answer.body)
        self.assertEqual("/problems/not-gradable", answer.json["type"])

    # ---- records ----

    def test_a_grading_stands_in_the_audit_log_and_in_the_metrics(self):
        line = 'phial_grades_total{language="bash",verdict="fail"}'
        runs = 'phial_runs_total{language="bash",status="ok"}'
        before, runs_before = self.server.metric(line), self.server.metric(runs)
        got = self.grade("bash", "echo 1", expect=[{"stdout": "1"}, {"stdout": "2"}])
        self.assertEqual(before + 1, self.server.metric(line))
        self.assertEqual(runs_before + 2, self.server.metric(runs))
        entry = [entry for entry in self.server.audit_lines() if entry.get("grade") == got["id"]]
        self.assertEqual(1, len(entry))
        self.assertEqual(("bash", "fail", "output", 6), tuple(
            entry[0][k] for k in ("language", "verdict", "judged", "source_bytes")))

    def test_who_leaves_has_its_grading_stopped(self):
        abandoned = 'phial_grades_total{language="bash",verdict="abandoned"}'
        before = self.server.metric(abandoned)
        body = json.dumps({"language": "bash", "files": [{"content": "sleep 50"}], "expect": [{"stdout": ""}],
                           "limits": AMPLE}).encode()
        with self.server.connect() as sock:
            sock.sendall(b"POST /api/v1/grade HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                         b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
            self.server.wait_metric("phial_runs_running", 1)
            sock.shutdown(socket.SHUT_RDWR)
        self.server.wait_metric(abandoned, before + 1)
        self.server.wait_metric("phial_runs_running", 0)


COURSE = {
    "course.yaml": "title: Shell\nlanguage: bash\nsummary: A test\nauthor: Nobody\nlicense: none\n",
    "01-numbers.md": "---\ntitle: Numbers\nsummary: Numbers\n---\nDouble it.\n\n```bash exercise=double\n```\n",
    "exercises/double/exercise.yaml": "title: Double\ndifficulty: 1\nhints: [one, two, three]\nexpect:\n"
                                      "  - {stdin: \"2\", stdout: \"4\"}\n  - {stdin: \"7\", stdout: \"14\", hidden: true}\n",
    "exercises/double/stub.sh": "read -r x\n",
    "exercises/double/solution.sh": "read -r x; echo $((x * 2))\n",
}


class Exercises(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="phial-course-")
        os.chmod(cls.folder, 0o755)
        for name, text in COURSE.items():
            path = os.path.join(cls.folder, "shell", name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w") as file:
                file.write(text)
        cls.server = Server(course_dirs=os.path.join(cls.folder, "shell")).start()

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()
        shutil.rmtree(cls.folder)

    def grade(self, source, **fields):
        return self.server.call("POST", "/api/v1/grade", {
            "exercise": "shell/numbers/double", "files": [{"content": source}], **fields})

    def test_an_exercise_of_the_site_brings_its_cases(self):
        got = self.grade(COURSE["exercises/double/solution.sh"]).json
        self.assertEqual(("pass", "output"), (got["verdict"], got["judged"]), got)
        answer = self.grade("echo 4")
        self.assertEqual(["pass", "fail"], [test["status"] for test in answer.json["tests"]])
        self.assertNotIn("14", json.dumps(answer.json["tests"]))
        lines = [line for line in self.server.audit_lines() if line.get("grade") == got["id"]]
        self.assertEqual("shell/numbers/double", lines[0]["exercise"])

    def test_an_unknown_exercise_or_a_field_too_many_is_an_error(self):
        answer = self.grade("", exercise="shell/numbers/treble")
        self.assertEqual((400, "/problems/unknown-exercise", "/exercise"),
                         (answer.status, answer.json["type"], answer.json["pointer"]))
        answer = self.grade("", expect=[{"stdout": ""}])
        self.assertEqual((400, "/expect"), (answer.status, answer.json["pointer"]))


if __name__ == "__main__":
    unittest.main()

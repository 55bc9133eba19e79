"""Gradings in two linked runs, with a harness that is a script: what T tells may be anything, and both may end at any
time. The scripts are the tests' and the solution's files themselves."""
import json
import os
import shutil
import signal
import tempfile
import threading
import unittest

from server import LANGUAGES, Server

HARNESS = """\
echo ready >&4
while IFS= read -r -d '' field <&3 && [ -n "$field" ]; do
    case $field in
        role=*) role=${field#role=} ;;
        test=*) test=${test:-${field#test=}} ;;
        solution=*) solution=${field#solution=} ;;
    esac
done
case $role in
    solution) . "./$solution" ;;
    *) . "./$test" ;;
esac
exit 0
"""

LANGUAGE = """\
name: scripted
title: Scripted
extensions: [.scripted]
file: main.scripted
version_package: bash
image: IMAGE
run: [/usr/bin/bash, -c, HARNESS]
env: {LANG: C.UTF-8}
harness: true
boot: {wall_ms: 60000, memory_bytes: 67108864, processes: 16}
grade: {tests: apart, test_files: ["*_test.scripted"]}
limits: {}
"""

PLAN = """echo '{"plan": [{"name": "one", "file": "a_test.scripted"}, {"name": "two", "file": "a_test.scripted"}]}'\n"""
ONE = """echo '{"test": {"index": 0, "status": "pass"}}'\n"""
TWO = """echo '{"test": {"index": 1, "status": "pass"}}'\n"""
END = """echo '{"end": true}'\n"""


def make_languages():
    """A folder with Bash and, on the same image, the scripted language."""
    folder = tempfile.mkdtemp(prefix="phial-languages-")
    shutil.copytree(os.path.join(LANGUAGES, "bash"), os.path.join(folder, "bash"))
    with open(os.path.join(folder, "bash", "language.yaml")) as file:
        text = file.read()
    image = text[text.index("image:\n") + len("image:"):text.index("compile:")].rstrip()
    os.mkdir(os.path.join(folder, "scripted"))
    with open(os.path.join(folder, "scripted", "language.yaml"), "w") as file:
        # An argument is one line: the script is handed over as what `eval` reads.
        word = "eval $'" + HARNESS.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n") + "'"
        file.write(LANGUAGE.replace("image: IMAGE", "image:" + image).replace("HARNESS", json.dumps(word)))
    return folder


class Links(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.languages = make_languages()
        cls.server = Server(languages_dir=cls.languages, client_running_most="8", running_most="8").start()

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()
        shutil.rmtree(cls.languages)

    def ask(self, tests, solution, **fields):
        return self.server.call("POST", "/api/v1/grade", {
            "language": "scripted",
            "files": [{"name": "s.scripted", "content": solution}],
            "tests": [{"name": "a_test.scripted", "content": tests}],
            "limits": {"wall_ms": 30000},
            **fields,
        })

    def grade(self, tests, solution, **fields):
        answer = self.ask(tests, solution, **fields)
        self.assertEqual(200, answer.status, answer.body)
        return answer.json

    def test_what_one_writes_the_other_reads(self):
        got = self.grade('echo "what is it?" >&4; read -r answer <&3\n' + PLAN + ONE +
                         'echo "{\\"test\\": {\\"index\\": 1, \\"status\\": \\"fail\\", \\"actual\\": \\"$answer\\"}}"\n' + END,
                         'read -r question <&3; echo "asked: $question"; echo "it is blue" >&4')
        self.assertEqual(("fail", "apart"), (got["verdict"], got["judged"]), got)
        self.assertEqual("it is blue", got["tests"][1]["actual"])
        self.assertEqual(("ok", "asked: what is it?\n"), (got["run"]["status"], got["run"]["stdout"]))

    def test_a_pass_needs_every_test_and_the_end(self):
        for told, verdict in ((PLAN + ONE + TWO + END, "pass"), (PLAN + ONE + TWO, "error"), (PLAN + ONE + END, "error"),
                              (PLAN + ONE + TWO + END + ONE, "error"), (PLAN + ONE + TWO + END + "exit 1\n", "error"),
                              ("kill -KILL $$", "error"), ("", "error")):
            with self.subTest(told=told):
                self.assertEqual(verdict, self.grade(told, "cat <&3")["verdict"])

    def test_neither_sees_the_others_files(self):
        got = self.grade('ls -R >&2; exit 1', "cat <&3")
        self.assertIn("a_test.scripted", got["reason"])
        self.assertNotIn("s.scripted", got["reason"])
        got = self.grade(PLAN + ONE + TWO + END, "ls -R")
        self.assertIn("s.scripted", got["run"]["stdout"])
        self.assertNotIn("a_test", got["run"]["stdout"])

    def test_what_the_solution_prints_is_no_result(self):
        got = self.grade("read -r line <&3", PLAN + ONE + TWO + END + "echo >&4")
        self.assertEqual(("error", []), (got["verdict"], got["tests"]), got)

    def test_a_solution_that_ends_is_the_end_of_what_the_tests_read(self):
        got = self.grade("cat <&3\n" + PLAN + ONE + TWO + END, "exit 7")
        self.assertEqual(("pass", 7), (got["verdict"], got["run"]["exit_code"]), got)

    def test_a_solution_that_goes_on_is_stopped_when_the_tests_have_ended(self):
        got = self.grade(PLAN + ONE + TWO + END, "while :; do sleep 1; done")
        self.assertEqual(("pass", "killed"), (got["verdict"], got["run"]["status"]), got)

    def test_tests_that_hang_are_stopped(self):
        got = self.grade("sleep 1000", "sleep 1000", limits={"wall_ms": 300})
        self.assertEqual("error", got["verdict"], got)
        self.assertIn("ran out of time", got["reason"])

    def test_tests_may_ask_for_one_run_for_both(self):
        both = ('ls; echo \'{"grade": {"plan": [{"name": "whole"}]}}\n{"grade": {"test": {"index": 0, "status": "pass"}}}\n'
                '{"grade": {"end": true}}\' >&4')
        got = self.grade(f'if [ "$role" = tests ]; then echo \'{{"together": "a macro"}}\'; else {both}; fi', "sleep 1000")
        self.assertEqual(("pass", "together"), (got["verdict"], got["judged"]), got)
        self.assertEqual("a_test.scripted\ns.scripted\n", got["run"]["stdout"])
        got = self.grade('echo \'{"together": "a macro"}\'', "", together=False)
        self.assertEqual(("error", "apart"), (got["verdict"], got["judged"]), got)
        self.assertIn("a macro", got["reason"])
        got = self.grade('echo \'{"together": "a macro"}\'', "")
        self.assertEqual(("error", "together"), (got["verdict"], got["judged"]), got)

    def test_the_executors_death_is_503(self):
        answers = []
        threads = [threading.Thread(target=lambda: answers.append(self.ask("sleep 1000", "sleep 1000"))) for _ in range(2)]
        for thread in threads:
            thread.start()
        self.server.wait_metric("phial_runs_running", 2)  # a pair counts as one
        os.kill(self.server.children()["executor"], signal.SIGKILL)
        for thread in threads:
            thread.join()
        self.assertEqual([(503, "/problems/sandbox-restarted")] * 2,
                         [(answer.status, answer.json["type"]) for answer in answers])
        self.server.wait_ready()
        self.assertEqual("pass", self.grade(PLAN + ONE + TWO + END, "")["verdict"])

    def test_who_leaves_has_both_runs_stopped(self):
        body = json.dumps({"language": "scripted", "files": [{"content": "sleep 1000"}],
                           "tests": [{"name": "a_test.scripted", "content": "sleep 1000"}]}).encode()
        with self.server.connect() as sock:
            sock.sendall(b"POST /api/v1/grade HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                         b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
            self.server.wait_metric("phial_runs_running", 1)
        self.server.wait_metric("phial_runs_running", 0)


if __name__ == "__main__":
    unittest.main()

"""phial run without a server."""

import json
import os
import signal
import subprocess
import unittest

from support import Case, read_some


class Run(Case):
    def run_bash(self, source, *args, **options):
        return self.phial("run", "--local", self.write("main.sh", source), *args, **options)

    def test_output_goes_to_the_stream_it_was_written_to(self):
        code, out, err = self.run_bash("echo out; echo err >&2")
        self.assertEqual((code, out), (0, "out\n"))
        self.assertIn("err\n", err)

    def test_the_exit_code_is_the_program_s(self):
        self.assertEqual(self.run_bash("exit 42")[0], 42)

    def test_a_signal_makes_the_exit_code_128_and_its_number(self):
        self.assertEqual(self.run_bash("kill -SEGV $$")[0], 128 + signal.SIGSEGV)

    def test_time_over_is_124_and_says_which_limit(self):
        code, _, err = self.run_bash("while :; do :; done", "--limit", "wall=300ms")
        self.assertEqual(code, 124)
        self.assertIn("wall_ms 300", err)

    def test_too_much_memory_is_137(self):
        source = "x=x; while :; do x=$x$x; done"
        code, _, err = self.run_bash(source, "--limit", "memory=16MiB")
        self.assertEqual(code, 137)
        self.assertIn("memory_bytes 16777216", err)

    def test_too_much_output_is_123_and_what_fits_is_passed_on(self):
        code, out, err = self.run_bash("while :; do echo 0123456789; done", "--limit", "output=1000")
        self.assertEqual((code, len(out)), (123, 1000))
        self.assertIn("output_bytes 1000", err)

    def test_arguments_are_handed_on_even_those_that_look_like_options(self):
        _, out, _ = self.run_bash('printf "%s|" "$@"', "one", "--", "--two", "th ree")
        self.assertEqual(out, "one|--two|th ree|")

    def test_the_option_arg_adds_an_argument(self):
        self.assertEqual(self.run_bash('echo "$1"', "--arg", "--x")[1], "--x\n")

    def test_environment_variables_are_set_or_passed_through(self):
        env = {**os.environ, "FROM_HERE": "there"}
        _, out, _ = self.run_bash('echo "$A $FROM_HERE ${NOT_SET-unset}"', "-e", "A=b c", "-e", "FROM_HERE", "-e", "NOT_SET",
                                  env=env)
        self.assertEqual(out, "b c there unset\n")

    def test_more_files_stand_beside_the_first(self):
        other = self.write("other.txt", "content")
        _, out, _ = self.run_bash("cat other.txt sub/renamed.txt", "--file", other, "--file", "sub/renamed.txt=" + other)
        self.assertEqual(out, "contentcontent")

    def test_standard_input_is_the_program_s(self):
        self.assertEqual(self.run_bash("cat", stdin="from a pipe")[1], "from a pipe")

    def test_standard_input_may_come_from_a_file_with_any_bytes(self):
        data = bytes(range(256)) * 1000
        done = subprocess.run(self.argv("run", "--local", self.write("main.sh", "cat"), "--stdin", self.write("data", data)),
                              capture_output=True)
        self.assertEqual(done.stdout, data)

    def test_a_large_file_is_streamed_as_standard_input(self):
        path = self.path("large")
        with open(path, "wb") as file:
            file.truncate(20 << 20)
        self.assertEqual(self.run_bash("wc -c", "--stdin", path)[1].strip(), str(20 << 20))

    def test_standard_input_that_nobody_reads_does_no_harm(self):
        self.assertEqual(self.run_bash("echo done", stdin=b"x" * (4 << 20))[:2], (0, "done\n"))

    def test_standard_input_and_output_are_interactive(self):
        program = self.write("main.sh", 'while read -r line; do echo "got $line"; done; echo end')
        process = self.start("run", "--local", program, stdin=subprocess.PIPE)
        for word in (b"one", b"two"):
            process.stdin.write(word + b"\n")
            process.stdin.flush()
            self.assertEqual(read_some(process.stdout), b"got " + word + b"\n")
        process.stdin.close()
        self.assertEqual(read_some(process.stdout), b"end\n")
        self.assertEqual(process.wait(), 0)

    def test_the_program_may_come_from_standard_input(self):
        code, out, _ = self.phial("run", "--local", "-", "--language", "bash", stdin="read -r x; echo \"no input: $?\"")
        self.assertEqual((code, out), (0, "no input: 1\n"))

    def test_json_is_the_api_s_answer(self):
        code, out, _ = self.run_bash("echo hi; exit 3", "--json")
        answer = json.loads(out)
        self.assertEqual(code, 3)
        self.assertEqual(set(answer), {"id", "status", "exit_code", "signal", "stdout", "stderr", "truncated", "value",
                                       "diagnostics", "usage", "start", "limits"})
        self.assertEqual((answer["status"], answer["exit_code"], answer["stdout"]), ("error", 3, "hi\n"))
        self.assertEqual(set(answer["usage"]), {"wall_ms", "cpu_ms", "memory_bytes", "processes"})
        self.assertRegex(answer["id"], r"^r_[0-9a-f]{32}$")

    def test_json_holds_values_with_trace(self):
        program = self.write("main.py", "1 + 1\n2 + 2\n")
        answer = json.loads(self.phial("run", "--local", program, "--trace", "--json")[1])
        self.assertEqual([(v["line"], v["value"]) for v in answer["values"]], [(1, "2"), (2, "4")])
        self.assertEqual(answer["value"], "4")

    def test_trace_says_values_on_standard_error(self):
        self.assertIn("line 2: 4\n", self.phial("run", "--local", self.write("main.py", "1 + 1\n2 + 2\n"), "--trace")[2])

    def test_interrupt_stops_the_program_with_130(self):
        process = self.start("run", "--local", self.write("main.sh", "echo on; sleep 1000"), stdin=subprocess.DEVNULL)
        self.assertEqual(read_some(process.stdout), b"on\n")
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(), 130)

    def test_a_reader_that_goes_away_stops_the_program_with_141(self):
        process = self.start("run", "--local", self.write("main.sh", "while :; do echo x; done"), stdin=subprocess.DEVNULL)
        read_some(process.stdout)
        process.stdout.close()
        self.assertEqual(process.wait(), 141)


class Refusals(Case):
    def refused(self, *args, part):
        code, out, err = self.phial("run", *args)
        self.assertEqual((code, out), (126, ""))
        self.assertIn(part, err)
        self.assertEqual(err.count("\n"), 1, err)

    def test_a_missing_file(self):
        self.refused("no-such-file.sh", part="no-such-file.sh: No such file")

    def test_an_unknown_language(self):
        self.refused(self.write("a.sh", ""), "-l", "cobol", part="no such language: cobol")

    def test_a_name_that_tells_no_language(self):
        self.refused(self.write("a.unknown", ""), part="--language")

    def test_an_unknown_limit_is_answered_with_those_there_are(self):
        self.refused(self.write("a.sh", ""), "--limit", "speed=3", part="wall_ms")

    def test_a_limit_without_a_number(self):
        self.refused(self.write("a.sh", ""), "--limit", "wall=soon", part="wall=soon")

    def test_an_unknown_option(self):
        self.refused("--no-such", part="--no-such")

    def test_no_file_at_all(self):
        self.refused(part="which FILE")

    def test_a_name_that_leaves_the_folder(self):
        self.refused(self.write("a.sh", ""), "--file", "../x=" + self.write("x", ""), part="..")

    def test_a_setting_that_there_is_not(self):
        self.refused(self.write("a.sh", ""), "--set", "liste=1", part="listen")

    def test_both_ways_at_once(self):
        self.refused(self.write("a.sh", ""), "--server", "--local", part="exclude")

    def test_without_root_and_without_server_the_cure_is_named(self):
        program = self.write("a.sh", "echo hi")
        done = subprocess.run(["setpriv", "--reuid=65534", "--clear-groups", *self.argv("run", program)],
                              capture_output=True, text=True)
        self.assertEqual(done.returncode, 125)
        self.assertIn("phial serve", done.stderr)


if __name__ == "__main__":
    unittest.main()

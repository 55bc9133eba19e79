"""What the tests of the languages share: a run through `phial run --json`, and tests that every language passes."""

import json
import os
import subprocess
import tempfile
import unittest

TREE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PHIAL = os.environ.get("PHIAL", os.path.join(TREE, "build/src/cli/phial"))
LANGUAGES = os.environ.get("PHIAL_LANGUAGES", os.path.join(TREE, "languages"))
IMAGES = os.environ.get("PHIAL_IMAGES", "/var/lib/phial/images")
PATIENCE = 300  # seconds; a bound for what hangs, never a measure
AMPLE = ("wall=60s", "cpu=30s")  # limits for runs that are not about limits, so that a busy host fails none


def run(language, files, stdin="", args=(), env=(), trace=False, limits=AMPLE, settings=(), socket=None):
    """The API's answer. `files` is the main file's source, or a list of (name, source), the main file first. With the
    socket of a server, it runs there."""
    with tempfile.TemporaryDirectory(prefix="phial-languages-") as folder:
        if isinstance(files, (str, bytes)):
            files = [(MAIN[language], files)]
        paths = [write(folder, name, source) for name, source in files]
        command = [PHIAL, "run", paths[0], "--json", "--server" if socket else "--local", "--language", language]
        for (name, _), path in zip(files[1:], paths[1:]):
            command += ["--file", f"{name}={path}"]
        command += ["--stdin", write(folder, "standard input", stdin)]
        command += [part for arg in args for part in ("--arg", arg)]
        command += [part for assignment in env for part in ("--env", assignment)]
        command += [part for limit in limits for part in ("--limit", limit)]
        command += ["--trace"] if trace else []
        values = {"languages_dir": LANGUAGES, "images_dir": IMAGES, **dict(settings)}
        if socket:
            values["socket"] = socket
        command += [part for name, value in values.items() for part in ("--set", f"{name}={value}")]
        done = subprocess.run(command, capture_output=True, timeout=PATIENCE)
        if not done.stdout.startswith(b"{"):
            raise AssertionError(f"phial said {done.stderr.decode(errors='replace')}")
        return json.loads(done.stdout)


MAIN = {"elixir": "main.exs", "erlang": "main.erl", "python": "main.py", "javascript": "main.js", "c": "main.c",
        "bash": "main.sh", "lua": "main.lua"}  # fmt: skip


def write(folder, name, content):
    path = os.path.join(folder, "files", name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(content if isinstance(content, bytes) else content.encode())
    return path


class LanguageCase(unittest.TestCase):
    """A test class of a language sets `language`."""

    language = ""
    maxDiff = None

    def answer(self, files, **options):
        return run(self.language, files, **options)

    def run_ok(self, files, **options):
        answer = self.answer(files, **options)
        self.assertEqual("ok", answer["status"], answer)
        return answer

    def run_status(self, status, files, **options):
        answer = self.answer(files, **options)
        self.assertEqual(status, answer["status"], answer)
        return answer

    def assert_diagnostic(self, answer, severity, text, line, column=None, file=None):
        for found in answer["diagnostics"]:
            if found["severity"] == severity and text in found["message"] and found["line"] == line:
                if column is not None:
                    self.assertEqual(column, found["column"], found)
                self.assertEqual(file or MAIN[self.language], found["file"], found)
                return
        self.fail(f"no {severity} with {text!r} at line {line} in {answer}")

    def assert_differ(self, source):
        """Two runs of a program that prints `name value` lines have no value in common under the same name."""
        first, second = (dict(line.split(None, 1) for line in self.run_ok(source)["stdout"].splitlines()) for _ in "12")
        self.assertEqual(first.keys(), second.keys())
        self.assertGreater(len(first), 0)
        self.assertEqual([], [name for name in first if first[name] == second[name]])

    def values(self, answer):
        return [(each["line"], each["value"]) for each in answer["values"]]


class EveryLanguage:
    """Tests that every language passes; a class that mixes it in gives the programs. HELLO prints `hello` and a line
    feed; EXIT_7 ends with exit code 7; ECHO copies standard input; ARGS prints each argument on a line; ENV prints
    the variable GREETING; UNICODE prints `żółw 🐢`; ERROR stops with a fault and says `boom` on standard error;
    BROKEN is no program of the language; LIBRARY uses a broad part of the standard library and prints `done`."""

    COMPILED = True  # whether a broken program is a compile_error
    EMPTY = "ok"  # the status of an empty file
    COMMENT = "#"

    def test_a_program_prints(self):
        answer = self.run_ok(self.HELLO)
        self.assertEqual(("hello\n", ""), (answer["stdout"], answer["stderr"]))
        self.assertEqual(0, answer["exit_code"])

    def test_the_exit_code_is_the_programs(self):
        self.assertEqual(7, self.run_status("error", self.EXIT_7)["exit_code"])

    def test_standard_input_reaches_the_program(self):
        self.assertEqual("one\ntwo ü\nthree", self.run_ok(self.ECHO, stdin="one\ntwo ü\nthree")["stdout"].rstrip("\n"))

    def test_arguments_reach_the_program_in_order(self):
        args = ["a b", "", "żółw", "-x", "--", "$HOME"]
        answer = self.run_ok(self.ARGS, args=args)
        self.assertEqual("".join(arg + "\n" for arg in args), answer["stdout"])

    def test_the_environment_reaches_the_program(self):
        self.assertEqual("a=b ü", self.run_ok(self.ENV, env=["GREETING=a=b ü"])["stdout"].rstrip("\n"))

    def test_unicode_is_printed_as_it_is(self):
        self.assertEqual("żółw 🐢\n", self.run_ok(self.UNICODE)["stdout"])

    def test_a_fault_is_an_error_and_said_on_standard_error(self):
        answer = self.run_status("error", self.ERROR)
        self.assertIn("boom", answer["stderr"])
        self.assertNotEqual(0, answer["exit_code"])
        self.assertNotIn("phial", answer["stderr"].lower())

    def test_a_broken_program_is_refused(self):
        answer = self.run_status("compile_error" if self.COMPILED else "error", self.BROKEN)
        self.assertEqual("", answer["stdout"])
        self.assertNotEqual("", answer["stderr"])

    def test_an_empty_file_is_judged_as_the_language_does(self):
        answer = self.run_status(self.EMPTY, "")
        self.assertEqual("", answer["stdout"])

    def test_a_source_of_a_mebibyte_runs(self):
        line = self.COMMENT + " " + "x" * 70 + "\n"
        head, _, tail = self.HELLO.partition("@@")
        padding = line * ((1 << 20) // len(line))
        self.assertEqual("hello\n", self.run_ok(head + tail + "\n" + padding)["stdout"])

    def test_the_standard_library_works_behind_the_filter(self):
        answer = self.run_ok(self.LIBRARY)
        self.assertEqual("done", answer["stdout"].rstrip("\n").split("\n")[-1], answer)


class HarnessLanguage(EveryLanguage):
    """Tests of languages with a harness: NOT_UTF_8 is a source that is no UTF-8; DESCRIPTORS starts a program
    that lists its descriptors with `echo /proc/self/fd/*`."""

    def test_a_source_that_is_not_utf_8_is_a_compile_error_that_says_so(self):
        answer = self.run_status("compile_error", self.NOT_UTF_8)
        self.assertEqual("", answer["stdout"])
        self.assertRegex(answer["stderr"], "(?i)utf.8|invalid encoding|Invalid or unexpected token")
        self.assertEqual("error", answer["diagnostics"][0]["severity"])

    def test_the_harness_descriptors_are_not_passed_on(self):
        # The shell has 0, 1, 2 and the folder that it reads; what else a runtime gives its children is no pipe of ours.
        shown = self.run_ok(self.DESCRIPTORS)["stdout"].split()
        self.assertIn("/proc/self/fd/0", shown)
        self.assertNotIn("/proc/self/fd/4", shown)

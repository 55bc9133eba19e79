"""phial course: check, new, preview, import."""

import json
import os
import shutil
import signal
import unittest

from support import Case, wait_until

COURSE = "title: Demo\nlanguage: elixir\nsummary: A demo\nauthor: A\nlicense: CC0\n"
FRONT = "---\ntitle: One\nsummary: First\n---\n"
YAML = "title: Sum\ndifficulty: 1\nhints: []\n"
STUB = "defmodule Sum do\n  def sum(_a, _b), do: nil\nend\n"
SOLUTION = "defmodule Sum do\n  def sum(a, b), do: a + b\nend\n"
TEST = "defmodule SumTest do\n  use ExUnit.Case\n\n  test \"adds\" do\n    assert Sum.sum(1, 2) == 3\n  end\nend\n"


class CourseCase(Case):
    def put(self, name, text):
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        self.write(name, text)

    def put_course(self, lesson, **exercise):
        self.put("demo/course.yaml", COURSE)
        self.put("demo/01-one.md", FRONT + lesson)
        for name, text in exercise.items():
            self.put("demo/exercises/sum/" + name.replace("_", "."), text)

    def check(self, *args):
        return self.phial("course", "check", self.path("demo"), *args)


class Check(CourseCase):
    def test_a_course_in_which_all_is_right_passes(self):
        self.put_course("```elixir run hide=a\nx = 1\n```\n```elixir run after=a\nIO.puts(x + 1)\n```\n```output\n2  \n```\n"
                        "```elixir run\nIO.puts(IO.gets(\"\"))\n```\n```stdin\nhello\n```\n```output\nhello\n```\n"
                        "```elixir error\n1 + \"2\"\n```\n```output\n** (ArithmeticError) bad argument\n```\n"
                        "```elixir error\n1 +\n```\n")
        code, out, err = self.check()
        self.assertEqual((code, err), (0, ""))
        self.assertRegex(out, r"^demo: 1 lessons, 5 snippets, 0 exercises, [0-9.]+ s\n5 passed, 0 failed\n$")

    def test_each_fault_is_told_with_its_file_and_line(self):
        self.put_course("```elixir run\nx = 1\nraise \"oh\"\n```\n"                               # 5
                        "```elixir run\nIO.puts(\"a\\nb\")\n```\n```output\na\nc\n```\n"          # 9, 12
                        "```elixir error\n1 + 1\n```\n"                                            # 16
                        "```elixir error\nraise \"other\"\n```\n```output\n** (RuntimeError) this\n```\n"  # 19, 22
                        "```elixir run hide=two\ny = 1\nz = 2\n```\n"
                        "```elixir run after=two\n\nfoo bar baz(\n```\n")                         # 29, 31
        code, out, err = self.check()
        self.assertEqual(code, 1)
        self.assertIn("demo/01-one.md:7: the snippet ended with error:\n", err)
        self.assertIn("    ** (RuntimeError) oh", err)
        self.assertIn("demo/01-one.md:14: the snippet prints something else:\n    a\n    b\n", err)
        self.assertIn("demo/01-one.md:16: the snippet must fail, but ended with ok", err)
        self.assertIn("demo/01-one.md:22: the snippet's message is another:\n    ** (RuntimeError) other", err)
        self.assertIn("demo/01-one.md:31: the snippet ended with compile_error:", err)
        self.assertTrue(out.endswith("1 passed, 5 failed\n"), out)

    def test_what_cannot_be_read_is_told_and_the_rest_is_run(self):
        self.put_course("```elixir ran\nx\n```\n```elixir error\n1 + 1\n```\n")
        code, out, err = self.check()
        self.assertEqual(code, 1)
        self.assertIn("demo/01-one.md:5: \"ran\" is no word of a fence", err)
        self.assertIn("demo/01-one.md:8: the snippet must fail", err)
        self.assertTrue(out.endswith("0 passed, 2 failed\n"), out)

    def test_solutions_must_pass_and_stubs_must_not(self):
        lesson = "```elixir exercise=sum\n```\n"
        self.put_course(lesson, exercise_yaml=YAML, stub_ex=STUB, solution_ex=SOLUTION, test_exs=TEST)
        self.assertEqual(self.check()[::2], (0, ""))
        self.put_course(lesson, solution_ex=STUB + "# other\n", stub_ex=SOLUTION)
        code, out, err = self.check()
        self.assertEqual(code, 1)
        self.assertIn("demo/exercises/sum: the reference solution does not pass (fail): test adds: fail", err)
        self.assertIn("demo/exercises/sum: the stub passes all tests: there is nothing to do", err)
        self.assertTrue(out.endswith("0 passed, 2 failed\n"), out)

    def test_a_hidden_test_that_fails_is_told_to_the_author(self):
        self.put_course("```elixir exercise=sum\n```\n", exercise_yaml=YAML, stub_ex=STUB, solution_ex=SOLUTION,
                        test_exs=TEST)
        self.put("demo/exercises/sum/hidden_test.exs",
                 TEST.replace("SumTest", "HiddenTest").replace("== 3", "== 4"))
        code, _, err = self.check()
        self.assertEqual(code, 1)
        self.assertIn("test adds: fail", err)
        self.assertIn("assert Sum.sum(1, 2) == 4", err)

    def test_a_solution_with_its_own_misconception_is_refused(self):
        self.put_course("```elixir exercise=sum\n```\n",
                        exercise_yaml=YAML + "misconceptions: [{pattern: 'a \\+ b', say: No}]\n", stub_ex=STUB,
                        solution_ex=SOLUTION, test_exs=TEST)
        code, _, err = self.check()
        self.assertEqual(code, 1)
        self.assertIn("misconceptions: the reference solution matches the pattern a \\+ b", err)

    def test_one_sandbox_for_tests_and_solution_must_be_allowed_where_it_is_needed_and_only_there(self):
        lesson = "```elixir exercise=sum\n```\n"
        macro = SOLUTION.replace("def sum(a, b), do: a + b",
                                 "defmacro sum(a, b), do: quote(do: unquote(a) + unquote(b))")
        test = TEST.replace("use ExUnit.Case\n", "use ExUnit.Case\n  require Sum\n")
        self.put_course(lesson, exercise_yaml=YAML, stub_ex=STUB, solution_ex=macro, test_exs=test)
        code, _, err = self.check()
        self.assertEqual(code, 1)
        self.assertIn("demo/exercises/sum: the reference solution does not pass (error)", err)
        self.put_course(lesson, exercise_yaml=YAML + "together: true\n")
        self.assertEqual(self.check()[::2], (0, ""))
        self.put_course(lesson, solution_ex=SOLUTION, test_exs=TEST)
        code, _, err = self.check()
        self.assertEqual(code, 1)
        self.assertIn("demo/exercises/sum: together: true is not needed", err)

    def test_an_exercise_may_be_judged_by_what_it_prints(self):
        self.put_course("```elixir exercise=sum\n```\n", stub_ex="IO.puts(1)\n", solution_ex="IO.puts(2)\n",
                        exercise_yaml=YAML + "expect: [{stdout: '2'}]\n")
        self.assertEqual(self.check()[::2], (0, ""))

    def test_json_says_the_same(self):
        self.put_course("```elixir run\nIO.puts(1)\n```\n```output\n2\n```\n")
        code, out, err = self.check("--json")
        self.assertEqual((code, err), (1, ""))
        answer = json.loads(out)
        self.assertEqual((answer["course"], answer["ok"], answer["checked"], answer["failed"]), ("demo", False, 1, 1))
        fault = answer["faults"][0]
        self.assertEqual((fault["file"], fault["line"]), (self.path("demo/01-one.md"), 9))
        self.assertEqual(fault["text"], "the snippet prints something else:\n1\n")

    def test_a_folder_that_is_no_course_is_refused(self):
        code, _, err = self.phial("course", "check", self.path("nowhere"))
        self.assertEqual(code, 1)
        self.assertIn("nowhere: read the course: No such file", err)


class New(CourseCase):
    def test_a_new_course_is_right_and_overwrites_nothing(self):
        code, out, _ = self.phial("course", "new", self.path("demo"))
        self.assertEqual(code, 0)
        self.assertIn("phial course preview", out)
        self.assertEqual(self.check()[::2], (0, ""))
        code, _, err = self.phial("course", "new", self.path("demo"))
        self.assertEqual(code, 1)
        self.assertIn("is not empty", err)

    def test_a_name_that_no_course_can_have_is_refused_before_anything_is_made(self):
        code, _, err = self.phial("course", "new", self.path("My Course"))
        self.assertEqual(code, 1)
        self.assertIn("the folder's name is the course's, and must be", err)
        self.assertFalse(os.path.exists(self.path("My Course")))


class Preview(CourseCase):
    def test_a_saved_change_is_shown_and_a_broken_one_is_told(self):
        self.put_course("Text.\n")
        out = open(self.path("out"), "w+")
        self.addCleanup(out.close)
        process = self.start("course", "preview", self.path("demo"), "--listen", "127.0.0.1:0", "--set",
                             "run_dir=" + self.path("run"), stdout=out, stderr=out)

        def printed(text):
            with open(self.path("out")) as file:
                return text in file.read()

        wait_until("it is ready", lambda: printed("phial is ready: http://127.0.0.1:"))
        self.put("demo/01-one.md", FRONT + "More.\n")
        wait_until("the change is seen", lambda: printed("has changed: showing it anew"))
        self.put("demo/exercises/sum/stub.ex", STUB)
        wait_until("the fault is told", lambda: printed("no lesson has this exercise"))
        process.send_signal(signal.SIGTERM)
        process.wait(60)
        self.assertEqual(process.returncode, 0)

    def test_a_course_that_cannot_be_read_is_not_served(self):
        self.put_course("# Title\n")
        code, _, err = self.phial("course", "preview", self.path("demo"))
        self.assertEqual(code, 1)
        self.assertIn("01-one.md:5: the lesson's title stands in its front matter", err)


class ImportExercism(CourseCase):
    def put_track(self):
        meta = {"files": {"solution": ["lib/adder.ex"], "test": ["test/adder_test.exs"], "example": [".meta/example.ex"]},
                "blurb": "Add: two \"numbers\""}
        self.put("track/config.json", json.dumps({"language": "Elixir", "slug": "elixir", "exercises": {
            "practice": [{"slug": "adder", "name": "The Adder", "difficulty": 7}, {"slug": "gone", "status": "deprecated"}],
            "concept": []}}))
        base = "track/exercises/practice/adder/"
        self.put(base + ".meta/config.json", json.dumps(meta))
        self.put(base + ".meta/example.ex", SOLUTION.replace("Sum", "Adder"))
        self.put(base + ".docs/instructions.md", "# Instructions\n\nAdd. <br> ![plus](plus.png)\n\n<div>\n\n## Part\n\n"
                 "~~~~exercism/note\nA note.\n~~~~\n\n```output\n3\n```\n<!-- gone\naway -->\n")
        self.put(base + ".docs/hints.md", "# Hints\n\n- One\n- Two\n  goes on\n\n## Task\n\n- Three\n")
        self.put(base + "lib/adder.ex", STUB.replace("Sum", "Adder"))
        self.put(base + "lib/helper.ex", "defmodule Helper do\n  def three, do: 3\nend\n")
        self.put(base + "test/test_helper.exs", "ExUnit.start()\nExUnit.configure(exclude: :pending)\n")
        self.put(base + "test/data/words.txt", "words")
        self.put(base + "mix.exs", "no")
        self.put(base + "test/adder_test.exs",
                 "defmodule AdderTest do\n  use ExUnit.Case\n\n  # @tag :pending\n  test \"zero\" do\n"
                 "    assert true\n  end\n\n  @tag :pending\n  test \"adds\" do\n"
                 "    assert Adder.sum(1, 2) == Helper.three()\n  end\nend\n")

    def read(self, name):
        with open(self.path(name)) as file:
            return file.read()

    def test_a_track_becomes_a_course_that_passes(self):
        self.put_track()
        code, out, err = self.phial("course", "import", "exercism", self.path("track"), self.path("demo"))
        self.assertEqual((code, err), (0, ""))
        self.assertIn("1 exercises, 0 left out", out)
        lesson = self.read("demo/001-adder.md")
        for part in ('title: "The Adder"\n', 'summary: "Add: two \\"numbers\\""\n', "## Instructions", "### Part",
                     "> A note.", "[plus](plus.png)", "\n\\<div>\n", "```\n3\n```", "```elixir exercise=adder\n```"):
            self.assertIn(part, lesson)
        self.assertNotIn("gone", lesson)
        yaml = self.read("demo/exercises/adder/exercise.yaml")
        self.assertIn("difficulty: 4\n", yaml)
        self.assertIn('  - "Two\\ngoes on', yaml)
        self.assertNotIn(":pending", self.read("demo/exercises/adder/test.exs"))
        support = "demo/exercises/adder/support/"
        self.assertTrue(os.path.exists(self.path(support + "test_helper.exs")))
        self.assertTrue(os.path.exists(self.path(support + "test/data/words.txt")))
        self.assertTrue(os.path.exists(self.path(support + "lib/helper.ex")))
        self.assertFalse(os.path.exists(self.path(support + "mix.exs")))
        self.assertEqual(self.check()[::2], (0, ""))

    def test_no_file_from_outside_of_an_exercise_is_taken(self):
        with open(self.path("secret.ex"), "w") as file:
            file.write("TOP SECRET")
        meta = "track/exercises/practice/adder/.meta/"
        example = self.path(meta + "example.ex")
        self.put_track()
        os.remove(example)
        os.symlink(self.path("secret.ex"), example)
        os.symlink(self.path("."), self.path(meta + "up"))
        os.mkfifo(self.path(meta + "pipe.ex"))
        config = json.loads(self.read(meta + "config.json"))
        for name in (config["files"]["example"][0], "../../../../secret.ex", self.path("secret.ex"), ".meta/up/secret.ex",
                     ".meta/pipe.ex"):
            config["files"]["example"] = [name]
            with open(self.path(meta + "config.json"), "w") as file:
                json.dump(config, file)
            code, _, err = self.phial("course", "import", "exercism", self.path("track"), self.path("demo"))
            self.assertEqual(code, 1, name)
            self.assertIn("adder: left out: it lacks a stub, an example or a test", err)
            shutil.rmtree(self.path("demo"), ignore_errors=True)

    def test_what_has_no_solution_is_left_out_and_said(self):
        self.put_track()
        os.remove(self.path("track/exercises/practice/adder/.meta/example.ex"))
        code, _, err = self.phial("course", "import", "exercism", self.path("track"), self.path("demo"))
        self.assertEqual(code, 1)
        self.assertIn("adder: left out: it lacks a stub, an example or a test", err)
        self.assertIn("there is no exercise", err)

    def test_usage_errors_are_2(self):
        for args in ([], ["no-such"], ["check"], ["new"], ["preview"], ["import", "exercism"],
                     ["import", "no-such", "a", "b"]):
            self.assertEqual(self.phial("course", *args)[0], 2, args)


class ImportLivebook(CourseCase):
    def test_a_notebook_becomes_a_lesson_whose_cells_build_upon_one_another(self):
        self.put("Intro Notes.livemd",
                 "<!-- livebook:{\"app_settings\":{}} -->\n\n# Intro\n\n```elixir\nMix.install([:kino])\n```\n\n## Part\n\n"
                 "Text.\n\n```elixir\nx = 1\n```\n\n<!-- livebook:{\"output\":true} -->\n\n```\n1\n```\n\n"
                 "```elixir\nx + 1\n```\n\n<!-- livebook:{\"force_markdown\":true} -->\n\n```elixir\nnot run\n```\n")
        code, out, err = self.phial("course", "import", "livebook", self.path("Intro Notes.livemd"), self.path("demo"))
        self.assertEqual((code, err), (0, ""))
        self.assertIn("2 snippets", out)
        with open(self.path("demo/01-intro-notes.md")) as file:
            lesson = file.read()
        for part in ('title: "Intro"\n', "\n## Part\n", "```elixir\nMix.install([:kino])\n```",
                     "```elixir run id=cell-1\nx = 1\n```", "```elixir run id=cell-2 after=cell-1\nx + 1\n```",
                     "```elixir\nnot run\n```"):
            self.assertIn(part, lesson)
        self.assertNotIn("livebook:", lesson)
        self.assertNotIn("```\n1\n```", lesson)
        self.assertEqual(self.check()[::2], (0, ""))


if __name__ == "__main__":
    unittest.main()

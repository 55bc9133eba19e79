"""The subcommands that run no program."""

import ctypes
import json
import os
import re
import shutil
import struct
import subprocess
import unittest

from support import IMAGES, LANGUAGES, PHIAL, TREE, Case


class Help(Case):
    def phial_bare(self, *args):
        done = subprocess.run([PHIAL, *args], capture_output=True, text=True)
        return done.returncode, done.stdout, done.stderr

    def commands(self):
        lines = self.phial_bare("help")[1].split("Commands:\n")[1].split("\n\n")[0].splitlines()
        return [line.split()[0] for line in lines]

    def test_every_command_explains_itself(self):
        self.assertEqual(len(self.commands()), 11)
        for command in self.commands():
            code, out, err = self.phial_bare("help", command)
            self.assertEqual((code, err), (0, ""))
            self.assertTrue(out.startswith(f"Usage: phial {command}"), out)
            self.assertEqual(self.phial_bare(command, "--help"), (0, out, ""))

    def test_the_version_is_printed(self):
        self.assertRegex(self.phial_bare("--version")[1], r"^phial \d+\.\d+\.\d+\n$")

    def test_without_a_command_the_overview_goes_to_standard_error(self):
        code, out, err = self.phial_bare()
        self.assertEqual((code, out), (2, ""))
        self.assertIn("Commands:", err)

    def test_usage_errors_are_2_with_one_line_that_says_where_to_read(self):
        for args in (["no-such"], ["doctor", "--no-such"], ["languages", "operand"], ["image"], ["image", "paint"],
                     ["image", "build"], ["key"], ["key", "revoke"], ["course"], ["course", "check"], ["serve", "operand"], ["attack", "--dir"]):
            code, out, err = self.phial_bare(*args)
            self.assertEqual((code, out), (2, ""), args)
            self.assertIn("phial help", err)
            self.assertEqual(err.count("\n"), 1, err)

    def test_no_colour_comes_without_a_terminal(self):
        for args in (["languages", "--config", self.config], ["help"], ["image", "list", "--config", self.config]):
            self.assertNotIn("\033", self.phial_bare(*args)[1])

    def test_the_manual_knows_every_command_and_option(self):
        with open(os.path.join(TREE, "man/phial.1")) as file:
            page = file.read().replace("\\-", "-")
        for command in self.commands():
            self.assertIn(f"phial {command}", page)
            for word in self.phial_bare("help", command)[1].split():
                if word.startswith("--") and command == "run":
                    self.assertIn(word.strip(",.'"), page, command)

    def test_the_manual_of_the_settings_knows_every_setting(self):
        with open(os.path.join(TREE, "man/phial.yaml.5")) as file:
            page = file.read().replace("\\-", "-")
        lines = self.phial_bare("help", "settings")[1].splitlines()
        self.assertGreater(len(lines), 20)
        for line in lines:
            self.assertIn(line.split()[0], page)


class Languages(Case):
    def test_the_table_names_each_folder(self):
        code, out, _ = self.phial("languages")
        self.assertEqual(code, 0)
        for name in os.listdir(LANGUAGES):
            self.assertIn(f"\n{name} ", out)

    def test_json_has_what_a_program_needs(self):
        found = {language["name"]: language for language in json.loads(self.phial("languages", "--json")[1])}
        self.assertEqual(set(found), set(os.listdir(LANGUAGES)))
        self.assertEqual(set(found["bash"]),
                         {"name", "title", "version", "aliases", "extensions", "file", "warm", "limits"})
        self.assertIn(".sh", found["bash"]["extensions"])

    def test_a_broken_language_names_file_and_line(self):
        shutil.copytree(LANGUAGES, self.path("languages"))
        with open(self.path("languages/bash/language.yaml"), "a") as file:
            file.write("nonsense: 1\n")
        code, _, err = self.phial("languages", "--set", "languages_dir=" + self.path("languages"))
        self.assertEqual(code, 1)
        self.assertIn("bash/language.yaml", err)
        self.assertIn("nonsense", err)


class Image(Case):
    def setUp(self):
        super().setUp()
        self.images = self.path("images")
        os.mkdir(self.images)
        for name in os.listdir(IMAGES):
            if name.startswith("bash"):
                shutil.copy(os.path.join(IMAGES, name), self.images)
        self.here = ["--set", "images_dir=" + self.images]

    def image_file(self):
        info = json.loads(self.phial("image", "list", "bash", "--json", *self.here)[1])[0]
        return os.path.join(self.images, info["file"])

    def test_list_says_what_is_there(self):
        code, out, _ = self.phial("image", "list", *self.here)
        self.assertEqual(code, 0)
        self.assertRegex(out, r"^bash +[0-9.]+ MB")
        info, = json.loads(self.phial("image", "list", "--json", *self.here)[1])
        self.assertEqual((info["name"], len(info["sha256"])), ("bash", 64))
        self.assertIn("bash", info["packages"])

    def test_an_undamaged_image_is_verified(self):
        self.assertEqual(self.phial("image", "verify", *self.here)[:2], (0, "bash: ok\n"))

    def test_one_changed_byte_is_found(self):
        with open(self.image_file(), "r+b") as file:
            file.seek(os.path.getsize(self.image_file()) // 2)
            byte = file.read(1)
            file.seek(-1, os.SEEK_CUR)
            file.write(bytes([byte[0] ^ 1]))
        code, out, err = self.phial("image", "verify", "bash", *self.here)
        self.assertEqual((code, out), (1, ""))
        self.assertIn("bash", err)
        # And nothing runs in it.
        code, out, _ = self.phial("run", "--local", self.write("a.sh", "echo in"), *self.here)
        self.assertEqual((code, out), (125, ""))

    def test_an_image_that_is_not_there_names_the_cure(self):
        code, _, err = self.phial("image", "verify", "elixir", *self.here)
        self.assertEqual(code, 1)
        self.assertIn("phial image build", err)

    def test_what_is_up_to_date_is_not_built_again(self):
        self.assertEqual(self.phial("image", "build", "bash", *self.here)[:2], (0, "bash: up to date\n"))

    def test_an_unknown_name_is_a_usage_error(self):
        self.assertEqual(self.phial("image", "build", "cobol", *self.here)[0], 2)

    def test_building_needs_root(self):
        done = subprocess.run(["setpriv", "--reuid=65534", "--clear-groups", *self.argv("image", "build", "bash", *self.here)],
                              capture_output=True, text=True)
        self.assertEqual(done.returncode, 1)
        self.assertIn("root", done.stderr)


class Key(Case):
    def test_the_life_of_a_key(self):
        code, token, _ = self.phial("key", "new", "--name", "robot")
        self.assertEqual(code, 0)
        self.assertRegex(token, r"^phial_[0-9a-f]{64}\n$")
        _, listing, _ = self.phial("key", "list")
        self.assertIn("robot", listing)
        key, = json.loads(self.phial("key", "list", "--json")[1])
        self.assertEqual(set(key), {"id", "name", "created"})
        self.assertEqual(self.phial("key", "revoke", key["id"])[0], 0)
        self.assertEqual(json.loads(self.phial("key", "list", "--json")[1]), [])

    def test_the_key_itself_is_kept_nowhere(self):
        token = self.phial("key", "new")[1].strip()
        for folder, _, names in os.walk(self.path("state")):
            for name in names:
                with open(os.path.join(folder, name), "rb") as file:
                    self.assertNotIn(token[6:].encode(), file.read())

    def test_a_name_can_be_taken_once(self):
        self.assertEqual(self.phial("key", "new", "--name", "a")[0], 0)
        code, out, err = self.phial("key", "new", "--name", "a")
        self.assertEqual((code, out), (1, ""))
        self.assertIn("a", err)

    def test_a_key_that_there_is_not_cannot_be_revoked(self):
        self.assertEqual(self.phial("key", "revoke", "nobody")[0], 1)


def allow_all():
    """Installs a seccomp filter that allows everything: seccomp(2), one instruction."""
    PR_SET_SECCOMP, SECCOMP_MODE_FILTER, SECCOMP_RET_ALLOW, BPF_RET_K = 22, 2, 0x7FFF0000, 0x06

    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("code", ctypes.c_void_p)]

    code = ctypes.create_string_buffer(struct.pack("HBBI", BPF_RET_K, 0, 0, SECCOMP_RET_ALLOW))
    program = Program(1, ctypes.addressof(code))
    if ctypes.CDLL(None).prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0) != 0:
        raise OSError("no filter could be installed")


class Doctor(Case):
    def test_json_holds_walls_host_and_languages(self):
        code, out, _ = self.phial("doctor", "--json")
        report = json.loads(out)
        self.assertEqual(code, 0 if report["ok"] else 1)
        self.assertEqual(len(report["walls"]), 10)
        for wall in report["walls"]:
            self.assertIn(wall["state"], ("stands", "partly", "missing"))
            self.assertTrue(wall["wall"] and wall["why"])
        bash, = [language for language in report["languages"] if language["language"] == "bash"]
        self.assertEqual(bash["state"], "ok")
        self.assertTrue(100 < bash["system_calls"] < 400)

    def test_every_language_with_a_template_is_warm_on_this_host(self):
        report = json.loads(self.phial("doctor", "--json")[1])
        found = {each["language"]: each for each in report["templates"]}
        self.assertEqual(set(found), set(os.listdir(LANGUAGES)))
        for name in ("elixir", "erlang", "python", "javascript"):
            self.assertEqual((found[name]["state"], found[name]["warm"]), ("ok", True), found[name])
            self.assertGreater(found[name]["threads"], 0)
            self.assertGreater(found[name]["clone_bytes"], 1 << 16)
        self.assertEqual((found["bash"]["state"], found["bash"]["warm"]), ("ok", False))
        needs = {each["runs"]: each for each in report["sleeping_runs"]}
        few, many = needs["1000 elixir"], needs["5000 elixir"]
        self.assertEqual(few["pid_max"]["needed"] * 5, many["pid_max"]["needed"])
        for each in needs.values():
            short = any(each[what]["needed"] > each[what]["there"]
                        for what in ("pid_max", "threads-max", "memory MB", "open files", "namespaces"))
            self.assertEqual(each["state"], "note" if short else "ok", each)
            self.assertEqual(bool(each["cure"]), short, each)

    def test_they_are_warm_below_a_filter_of_the_host_s_too(self):
        """systemd's SystemCallArchitectures= and most containers have one, which everything below inherits."""
        out = self.phial("doctor", "--json", preexec_fn=allow_all)[1]
        warm = {each["language"] for each in json.loads(out)["templates"] if each["warm"]}
        self.assertLessEqual({"elixir", "erlang", "python", "javascript"}, warm)

    def test_a_language_that_is_not_warm_is_a_note_with_the_reason_and_no_failure(self):
        shutil.copytree(LANGUAGES, self.path("languages"))
        path = self.path("languages/python/language.yaml")
        with open(path) as file:
            text = re.sub(r"(?m)^( +warm_up: *)\S+", r"\1/phial/no_such_file.py", file.read())
        with open(path, "w") as file:
            file.write(text)
        code, out, _ = self.phial("doctor", "--json", "--set", "languages_dir=" + self.path("languages"))
        report = json.loads(out)
        python, = [each for each in report["templates"] if each["language"] == "python"]
        self.assertEqual((python["state"], python["warm"]), ("note", False))
        self.assertIn("not warm", python["why"])
        self.assertEqual(code, 0 if report["ok"] else 1)
        code, out, _ = self.phial("doctor", "--json", "--set", "templates=false")
        for each in json.loads(out)["templates"]:
            self.assertFalse(each["warm"])

    def test_every_wall_that_must_stand_stands_on_this_host(self):
        report = json.loads(self.phial("doctor", "--json")[1])
        self.assertEqual([wall for wall in report["walls"] if wall["must"] and wall["state"] == "missing"], [])

    def test_a_missing_user_fails_and_names_the_cure(self):
        code, out, _ = self.phial("doctor", "--set", "user=no-such-user")
        self.assertEqual(code, 1)
        self.assertIn("useradd", out)

    def test_a_store_of_another_user_fails_and_names_the_cure(self):
        os.mkdir(self.path("site"))
        here = ["--set", "state_dir=" + self.path(""), "--set", "templates=false"]
        code, out, _ = self.phial("doctor", *here)
        self.assertEqual(code, 1)
        self.assertRegex(out, r"BAD +store")
        self.assertIn("chown -R nobody: " + self.path("site"), out.replace("//", "/"))
        shutil.chown(self.path("site"), "nobody")
        self.assertRegex(self.phial("doctor", *here)[1], r"ok +store")

    def test_a_damaged_image_fails(self):
        os.mkdir(self.path("images"))
        for name in os.listdir(IMAGES):
            if name.startswith("bash"):
                shutil.copy(os.path.join(IMAGES, name), self.path("images"))
                if not name.endswith(".json"):
                    os.truncate(self.path("images/" + name), os.path.getsize(self.path("images/" + name)) - 1)
        code, out, _ = self.phial("doctor", "--set", "images_dir=" + self.path("images"))
        self.assertEqual(code, 1)
        self.assertRegex(out, r"BAD +bash")


class Attack(Case):
    def attacks(self, head):
        os.makedirs(self.path("attacks/end"), exist_ok=True)
        self.write("attacks/end/one.sh", head)
        return ["--dir", self.path("attacks")]

    def test_what_meets_the_wall_passes(self):
        here = self.attacks("# attack: says so\n# expect: status=ok stdout=contained\necho contained\n")
        code, out, _ = self.phial("attack", *here)
        self.assertEqual(code, 0)
        self.assertIn("1 passed, 0 failed, 0 skipped", out)

    def test_a_breach_fails_whatever_is_expected(self):
        here = self.attacks("# attack: gets through\n# expect: status=ok\necho 'BREACH: through'\n")
        code, out, _ = self.phial("attack", *here)
        self.assertEqual(code, 1)
        self.assertRegex(out, r"FAIL +end/one.sh +cold +ok +BREACH: through\n0 passed, 1 failed")

    def test_what_can_be_warm_is_attacked_cold_and_warm(self):
        here = self.attacks("# attack: shell\n# expect: status=ok stdout=contained\necho contained\n")
        self.write("attacks/end/two.py", "# attack: python\n# expect: status=ok stdout=contained\nprint('contained')\n")
        self.write("attacks/end/three.py", "# attack: python\n# needs: warm\n# expect: status=ok\n")
        code, out, err = self.phial("attack", "--json", *here)
        self.assertEqual(code, 0, out + err)
        rows = [json.loads(line) for line in out.splitlines()]
        self.assertEqual([("one.sh", "cold"), ("two.py", "cold"), ("three.py", "warm"), ("two.py", "warm")],
                         [(row["name"], row["start"]) for row in rows])
        self.assertEqual({"passed"}, {row["result"] for row in rows})
        out = self.phial("attack", "--json", "--cold", *here)[1]
        self.assertEqual(["cold", "cold"], [json.loads(line)["start"] for line in out.splitlines()])
        out = self.phial("attack", "--json", "--warm", *here)[1]
        self.assertEqual(["warm", "warm"], [json.loads(line)["start"] for line in out.splitlines()])
        code, out, _ = self.phial("attack", "--warm", "--set", "templates=false", *here)
        self.assertEqual(code, 0)
        self.assertIn("0 passed, 0 failed, 1 skipped", out)

    def test_an_attack_on_a_language_that_is_not_warm_is_skipped_unless_it_must_be(self):
        shutil.copytree(LANGUAGES, self.path("languages"))
        path = self.path("languages/python/language.yaml")
        with open(path) as file:
            text = re.sub(r"(?m)^( +warm_up: *)\S+", r"\1/phial/no_such_file.py", file.read())
        with open(path, "w") as file:
            file.write(text)
        os.makedirs(self.path("attacks/end"))
        self.write("attacks/end/may.py", "# attack: a\n# expect: status=ok\n")
        self.write("attacks/end/must.py", "# attack: a\n# needs: warm\n# expect: status=ok\n")
        code, out, _ = self.phial("attack", "--json", "--warm", "--dir", self.path("attacks"), "--set",
                                  "languages_dir=" + self.path("languages"))
        rows = {row["name"]: row for row in map(json.loads, out.splitlines())}
        self.assertEqual((code, rows["may.py"]["result"], rows["must.py"]["result"]), (1, "skipped", "failed"))
        self.assertIn("python is not warm", rows["must.py"]["why"])

    def test_another_status_fails(self):
        here = self.attacks("# attack: ends otherwise\n# expect: status=ok\nexit 1\n")
        self.assertEqual(self.phial("attack", *here)[0], 1)

    def test_an_unknown_key_is_an_error(self):
        here = self.attacks("# attack: a\n# expekt: status=ok\n")
        code, _, err = self.phial("attack", *here)
        self.assertEqual(code, 1)
        self.assertIn("expekt", err)

    def test_a_hook_that_fails_fails_the_attack(self):
        here = self.attacks("# attack: a\n# expect: status=ok\n")
        code, out, _ = self.phial("attack", *here, "--after", 'echo "left $PHIAL_ATTACK"; test -z "$PHIAL_EXECUTOR_PID"')
        self.assertEqual(code, 1)
        self.assertIn("left end/one.sh", out)

    def test_output_moves_no_cursor(self):
        here = self.attacks("# attack: a\n# expect: status=ok\nprintf '\\033[2JBREACH \\033[2J\\n'\n")
        self.assertNotIn("\033", self.phial("attack", *here)[1])

    def test_the_list_runs_nothing(self):
        here = self.attacks("# attack: a\n# expect: status=ok\n")
        self.assertEqual(self.phial("attack", "--list", *here)[:2], (0, f"{'end/one.sh':40}  a\n"))


if __name__ == "__main__":
    unittest.main()

"""Warm templates, as clients and operators see them: runs start in clones, nothing mixes, templates are replaced and
may die without any client noticing."""
import http.client
import os
import signal
import threading
import time
import unittest

from server import Server

LANGUAGES = ("elixir", "erlang", "python", "javascript")
PATIENCE = 300  # seconds; a bound for what hangs, never a measure


def printing(language, token):
    """A program that prints `token`."""
    return {
        "elixir": f'IO.puts("{token}")',
        "erlang": f'-module(main).\n-export([main/1]).\nmain(_) -> io:format("~s~n", ["{token}"]).\n',
        "python": f'print("{token}")',
        "javascript": f'console.log("{token}")',
    }[language]


class Warm(Server):
    """With room for as many runs at once as a test asks for."""

    def __init__(self, **settings):
        super().__init__(**{"client_running_most": "16", "client_queue_most": "1000", **settings})

    def wait_until(self, what, condition):
        end = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > end:
                raise AssertionError(f"gave up waiting until {what}: {self.read_log()[-2000:]}")
            time.sleep(0.05)

    def is_warm(self, language):
        try:
            return self.metric(f'phial_template_state{{language="{language}",state="warm"}}') == 1
        except KeyError:
            return False

    def wait_warm(self):
        self.wait_until("all languages are warm", lambda: all(map(self.is_warm, LANGUAGES)))

    def fact(self, name, language):
        return self.metric(f'phial_{name}{{language="{language}"}}')

    def templates(self):
        """pid -> command line of each template: what lives in the pid namespace of the maker and is not ours."""
        executor = self.children()["executor"]
        found = {}
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/stat") as file:
                    name, rest = file.read().split("(", 1)[1].rsplit(")", 1)
                with open(f"/proc/{pid}/cmdline", "rb") as file:
                    command = file.read().decode(errors="replace").split("\0")
                with open(f"/proc/{pid}/status") as file:
                    levels = [line for line in file if line.startswith("NSpid:")][0].split()
            except OSError:
                continue
            if int(rest.split()[1]) == executor:
                found[int(pid)] = (len(levels), name, command)
        ours = [levels for levels, name, _ in found.values() if name.startswith("phial-")]
        return {pid: command for pid, (levels, name, command) in found.items()
                if levels == min(ours) and not name.startswith("phial-")}


class Load:
    """Clients that ask one after the other until told to stop; every answer must be its question's."""

    def __init__(self, server, languages, clients=4):
        self.server, self.languages = server, languages
        self.stop, self.wrong, self.starts = threading.Event(), [], []
        self.threads = [threading.Thread(target=self.client, args=(i,)) for i in range(clients)]

    def client(self, i):
        connection = http.client.HTTPConnection(self.server.host, self.server.port, timeout=90)
        n = 0
        while not self.stop.is_set():
            n += 1
            language, token = self.languages[(i + n) % len(self.languages)], f"client {i} run {n}"
            body = {"language": language, "files": [{"content": printing(language, token)}]}
            try:
                answer = self.server.call_on(connection, "POST", "/api/v1/runs", body)
            except (OSError, http.client.HTTPException) as error:
                self.wrong.append((language, repr(error)))
                return
            if answer.status != 200 or answer.json["stdout"] != token + "\n" or answer.json["status"] != "ok":
                self.wrong.append((language, answer.status, answer.body))
                return
            self.starts.append((language, answer.json["start"]))
        connection.close()

    def wait_for(self, count):
        """Until so many more runs have been answered."""
        wanted = len(self.starts) + count
        self.server.wait_until(f"{count} more runs are answered", lambda: self.wrong or len(self.starts) >= wanted)

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *unused):
        self.stop.set()
        for thread in self.threads:
            thread.join()


class Starts(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Warm().start()
        cls.unready = cls.server.call("GET", "/readyz")
        cls.early = {language: cls.server.run(language, printing(language, "early")) for language in LANGUAGES}
        cls.server.wait_ready()
        cls.server.wait_warm()

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    def test_runs_are_answered_before_anything_is_warm(self):
        for language, answer in self.early.items():
            self.assertEqual((200, "early\n"), (answer.status, answer.json.get("stdout")), (language, answer.body))
        self.assertEqual((503, "/problems/sandbox-away"), (self.unready.status, self.unready.json["type"]))
        self.assertRegex(self.unready.json["detail"], "template of .* is booting|no executor")
        self.assertIn("Retry-After", self.unready.headers)

    def test_once_ready_every_language_with_a_template_starts_warm(self):
        self.assertEqual(200, self.server.call("GET", "/readyz").status)
        warm = {each["name"]: each["warm"] for each in self.server.call("GET", "/api/v1/languages").json}
        for language in LANGUAGES:
            answer = self.server.run(language, printing(language, "hello")).json
            self.assertEqual(("ok", "warm", "hello\n", ""),
                             (answer["status"], answer["start"], answer["stdout"], answer["stderr"]), language)
            self.assertTrue(warm[language], language)
        self.assertEqual("cold", self.server.run("bash", "echo hello").json["start"])
        self.assertFalse(warm["bash"])

    def test_values_diagnostics_traces_arguments_and_input_are_as_ever(self):
        answer = self.server.run("elixir", "x = 6\nx * 7\n", trace=True).json
        self.assertEqual(("warm", "42"), (answer["start"], answer["value"]))
        self.assertEqual([(1, "6"), (2, "42")], [(v["line"], v["value"]) for v in answer["values"]])
        answer = self.server.run("elixir", "IO.puts(").json
        self.assertEqual(("warm", "compile_error", 1), (answer["start"], answer["status"], answer["exit_code"]))
        self.assertEqual("error", answer["diagnostics"][0]["severity"])
        source = "import os, sys\nprint(sys.argv[1:], os.environ['A'], sys.stdin.read())\n"
        answer = self.server.run("python", source, args=["one", "two"], env={"A": "b"}, stdin="given").json
        self.assertEqual(("warm", "['one', 'two'] b given\n"), (answer["start"], answer["stdout"]))

    def test_limits_hold_in_a_clone(self):
        answer = self.server.run("python", "while True: pass", limits={"cpu_ms": 300}).json
        self.assertEqual(("warm", "timeout"), (answer["start"], answer["status"]))
        answer = self.server.run("python", "x = bytearray(1 << 29)", limits={"memory_bytes": 64 << 20}).json
        self.assertEqual(("warm", "memory"), (answer["start"], answer["status"]))
        answer = self.server.run("elixir", "Process.sleep(:infinity)", limits={"wall_ms": 500}).json
        self.assertEqual(("warm", "timeout"), (answer["start"], answer["status"]))
        answer = self.server.run("javascript", "process.kill(process.pid, 'SIGKILL')").json
        self.assertEqual(("warm", "SIGKILL"), (answer["start"], answer["signal"]))

    def test_a_run_finds_nothing_of_the_one_before(self):
        """Each leaves what it can and says what it found: files, variables, names, processes."""
        programs = {
            "python": "import builtins, os, sys\n"
                      "print(sorted(os.listdir('/work') + os.listdir('/tmp')), hasattr(builtins, 'left'), 'L' in os.environ)\n"
                      "open('/work/left', 'w'); open('/tmp/left', 'w'); builtins.left = os.environ['L'] = 'x'\n",
            "javascript": "const fs = require('fs');\n"
                          "console.log([...fs.readdirSync('/work'), ...fs.readdirSync('/tmp')], globalThis.left, process.env.L);\n"
                          "fs.writeFileSync('/work/left', ''); fs.writeFileSync('/tmp/left', ''); globalThis.left = process.env.L = 1;\n",
            "elixir": "IO.inspect({File.ls!('/work') ++ File.ls!('/tmp'), :ets.whereis(:left), Process.whereis(:left),\n"
                      "  Code.ensure_loaded?(Left), System.get_env(\"L\"), :persistent_term.get(:left, nil)})\n"
                      "File.write!('/work/left', ''); File.write!('/tmp/left', ''); :ets.new(:left, [:named_table])\n"
                      "Process.register(self(), :left); System.put_env(\"L\", \"x\"); :persistent_term.put(:left, 1)\n"
                      "defmodule Left do\nend\n",
        }
        for language, source in programs.items():
            answers = [self.server.run(language, source).json for _ in range(5)]
            self.assertEqual([("ok", "warm")] * 5, [(a["status"], a["start"]) for a in answers], answers)
            self.assertNotIn("left", answers[0]["stdout"].lower())
            self.assertEqual(1, len({a["stdout"] for a in answers}), answers)

    def test_sequential_and_parallel_answers_never_mix(self):
        with Load(self.server, LANGUAGES, clients=6) as load:
            load.wait_for(400)
        self.assertEqual([], load.wrong)
        self.assertEqual(set(), {language for language, start in load.starts if start != "warm"})

    def test_the_metrics_move(self):
        rows = ("clones_total", "pool_hits_total", "pool_misses_total")
        self.server.wait_metric("phial_runs_running", 0)
        before = {language: [self.server.fact(row, language) for row in rows] for language in LANGUAGES}
        for language in LANGUAGES:
            for _ in range(5):
                self.server.run(language, printing(language, "x"))
        for language in LANGUAGES:
            def asked():
                return sum(self.server.fact(row, language) for row in rows[1:]) - sum(before[language][1:])
            # Not exactly 5: figures are sent a moment later, those of runs before too.
            self.server.wait_until(f"5 runs of {language} are counted", lambda: asked() >= 5)
            self.assertGreater(self.server.fact("template_memory_bytes", language), 1 << 20)
            self.assertGreater(self.server.fact("template_page_table_bytes", language), 4096)
            self.assertGreater(self.server.fact("template_boot_seconds", language), 0)
            self.assertGreater(self.server.fact("clones_total", language), 0)
            self.assertEqual(1, self.server.fact("template_generations_total", language))
            self.assertEqual(0, self.server.fact("template_faults_total", language))
            for part in ("box", "clone", "check"):
                self.assertGreater(self.server.metric(f'phial_clone_seconds{{language="{language}",part="{part}"}}'), 0)
        age = self.server.fact("template_age_seconds", "elixir")
        self.server.wait_until("the template ages", lambda: self.server.fact("template_age_seconds", "elixir") > age)

    def test_the_log_says_what_is_warm(self):
        for language in LANGUAGES:
            self.assertRegex(self.server.read_log(), rf"warm: .*{language} \d+\.\d s")


class Cold(unittest.TestCase):
    def test_switched_off_every_run_boots_and_says_so(self):
        with Warm(templates="false") as server:
            server.wait_ready()
            for language in LANGUAGES:
                answer = server.run(language, printing(language, "hello")).json
                self.assertEqual(("ok", "cold", "hello\n"), (answer["status"], answer["start"], answer["stdout"]))
            self.assertEqual({}, server.templates())
            self.assertNotIn("phial_template_state{", server.call("GET", "/metrics").body.decode())
            self.assertFalse(any(each["warm"] for each in server.call("GET", "/api/v1/languages").json))


class Replaced(unittest.TestCase):
    def test_killing_templates_under_load_gives_no_client_an_error_and_they_come_back(self):
        with Warm() as server:
            server.wait_warm()
            with Load(server, LANGUAGES) as load:
                load.wait_for(50)
                for round_ in range(1, 4):
                    victims = server.templates()
                    self.assertGreaterEqual(len(victims), len(LANGUAGES), victims)
                    for pid in victims:
                        os.kill(pid, signal.SIGKILL)
                    server.wait_until("there are new templates", lambda: all(
                        server.fact("template_generations_total", each) > round_ for each in LANGUAGES))
                    server.wait_warm()
                    load.wait_for(20)
            self.assertEqual([], load.wrong)
            for language in LANGUAGES:
                self.assertGreaterEqual(server.fact("template_faults_total", language), 3)
                self.assertEqual("warm", server.run(language, printing(language, "x")).json["start"])

    def check_no_gap(self, server, count):
        with Load(server, LANGUAGES) as load:
            load.wait_for(count)
        self.assertEqual([], load.wrong)
        self.assertEqual([], [each for each in load.starts if each[1] != "warm"])
        for language in LANGUAGES:
            self.assertEqual(0, server.fact("template_faults_total", language), language)

    def test_templates_are_replaced_after_so_many_clones_without_a_gap(self):
        with Warm(template_clones="50") as server:
            server.wait_warm()
            end = time.monotonic() + 90
            while time.monotonic() < end:  # replacements boot one by one, and the figures come a moment later
                self.check_no_gap(server, 400)
                if all(server.fact("template_generations_total", language) >= 3 for language in LANGUAGES):
                    return
            self.fail("not every template was replaced twice")

    def test_templates_are_replaced_at_an_age_without_a_gap(self):
        with Warm(template_age_ms="4000") as server:
            server.wait_warm()
            end = time.monotonic() + 15
            while time.monotonic() < end:
                self.check_no_gap(server, 50)
            for language in LANGUAGES:
                self.assertGreaterEqual(server.fact("template_generations_total", language), 2, language)
            # No template outlives the one that takes its place by much; some may be booting at this moment.
            server.wait_until("old templates are gone", lambda: len(server.templates()) < 2 * len(LANGUAGES))


if __name__ == "__main__":
    unittest.main()

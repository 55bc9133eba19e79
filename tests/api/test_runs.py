"""Runs: what is asked for, what comes back."""
import base64
import hashlib
import json
import threading
import time
import unittest

from server import Events, Server, run_body


class Runs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(keep_answers_s="600").start()

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    def test_an_answer_has_every_field_of_the_contract(self):
        answer = self.server.run("bash", "echo out; echo err >&2; exit 3")
        self.assertEqual(200, answer.status)
        self.assertEqual("application/json", answer.headers["Content-Type"])
        got = answer.json
        self.assertRegex(got["id"], r"^r_[0-9a-f]{32}$")
        self.assertEqual(
            ("error", 3, None, "out\n", "err\n", None, []),
            tuple(got[k] for k in ("status", "exit_code", "signal", "stdout", "stderr", "value", "diagnostics")))
        self.assertEqual({"stdout": False, "stderr": False}, got["truncated"])
        self.assertEqual({"wall_ms", "cpu_ms", "memory_bytes", "processes"}, set(got["usage"]))
        self.assertIn(got["start"], ("cold", "warm"))
        self.assertEqual(
            {"wall_ms", "cpu_ms", "memory_bytes", "processes", "output_bytes", "disk_bytes"}, set(got["limits"]))

    def test_each_language_runs_a_program(self):
        programs = {
            "elixir": "IO.puts(Enum.sum(1..100))",
            "erlang": '-module(main).\n-export([main/1]).\nmain(_) -> io:format("~p~n", [5050]).\n',
            "python": "print(sum(range(101)))",
            "javascript": "console.log(5050)",
            "c": '#include <stdio.h>\nint main(void) { puts("5050"); }\n',
            "bash": "echo 5050",
        }
        for language, source in programs.items():
            with self.subTest(language=language):
                got = self.server.run(language, source, limits={"wall_ms": 60000, "cpu_ms": 30000}).json
                self.assertEqual(("ok", "5050\n"), (got["status"], got["stdout"]), got)

    def test_a_language_is_known_by_its_aliases(self):
        for language in self.server.call("GET", "/api/v1/languages").json:
            if language["name"] == "bash":
                for alias in language["aliases"]:
                    self.assertEqual("x\n", self.server.run(alias, "echo x").json["stdout"])

    def test_stdin_args_env_and_files_reach_the_program(self):
        body = {
            "language": "bash",
            "files": [
                {"name": "main.sh", "content": 'cat; echo "$1|$2|$WORD"; cat lib/data.bin | od -An -tx1'},
                {"name": "lib/data.bin", "content": base64.b64encode(b"\0\xff").decode(), "encoding": "base64"},
            ],
            "stdin": "typed\n",
            "args": ["one", "two words"],
            "env": {"WORD": "blue"},
        }
        got = self.server.call("POST", "/api/v1/runs", body).json
        self.assertEqual("typed\none|two words|blue\n 00 ff\n", got["stdout"], got)

    def test_a_zero_character_in_a_file_and_in_stdin_is_kept(self):
        files = [{"content": "od -An -tx1; od -An -tx1 data"}, {"name": "data", "content": "c\0"}]
        got = self.server.call("POST", "/api/v1/runs", {"language": "bash", "files": files, "stdin": "a\0b"}).json
        self.assertEqual(" 61 00 62\n 63 00\n", got["stdout"], got)

    def test_limits_are_clamped_and_told(self):
        got = self.server.run("bash", "true", limits={"wall_ms": 10**12, "processes": 9, "output_bytes": 0}).json
        self.assertEqual((60000, 9, 0), tuple(got["limits"][k] for k in ("wall_ms", "processes", "output_bytes")))

    def test_bytes_that_are_not_utf8_are_replaced(self):
        got = self.server.run("bash", r"printf 'a\xff\xe2\x82b\xe2\x82\xac'").json
        self.assertEqual("a\ufffd\ufffdb\u20ac", got["stdout"])

    def test_base64_gives_the_raw_bytes(self):
        got = self.server.run("bash", r"printf 'a\xff\0'; printf '\xfe' >&2", encoding="base64").json
        self.assertEqual(b"a\xff\0", base64.b64decode(got["stdout"]))
        self.assertEqual(b"\xfe", base64.b64decode(got["stderr"]))

    def test_the_statuses_of_the_contract(self):
        cases = {
            "ok": ("true", {}),
            "error": ("kill -SEGV $$", {}),
            "timeout": ("sleep 30", {"wall_ms": 300}),
            "output_limit": ("yes", {"output_bytes": 1000}),
            "memory": ("x=$(head -c 100M /dev/zero | tr '\\0' x); echo ${#x}", {"memory_bytes": 20 << 20}),
        }
        for status, (source, limits) in cases.items():
            with self.subTest(status=status):
                got = self.server.run("bash", source, limits=limits).json
                self.assertEqual(status, got["status"], got)

    def test_a_signal_has_its_name(self):
        got = self.server.run("bash", "kill -SEGV $$").json
        self.assertEqual((None, "SIGSEGV"), (got["exit_code"], got["signal"]))

    def test_what_a_compiler_refuses_is_a_compile_error(self):
        got = self.server.run("c", "int main(void) { return x; }").json
        self.assertEqual("compile_error", got["status"], got)
        self.assertIn("error", got["stderr"])

    def test_value_diagnostics_and_trace_come_from_the_harness(self):
        got = self.server.run("python", "x = [2, 4]\n[v + 1 for v in x]\n", trace=True).json
        self.assertEqual("[3, 5]", got["value"], got)
        self.assertIn({"line": 2, "value": "[3, 5]"}, got["values"])
        got = self.server.run("python", "def f(:\n").json
        self.assertEqual("compile_error", got["status"], got)
        self.assertEqual(("error", 1), (got["diagnostics"][0]["severity"], got["diagnostics"][0]["line"]))

    # ---- asynchronous ----

    def test_respond_async_answers_at_once_and_the_answer_follows(self):
        answer = self.server.run("bash", "sleep 0.5; echo done", {"Prefer": "respond-async"})
        self.assertEqual(202, answer.status)
        path = answer.headers["Location"]
        self.assertEqual("/api/v1/runs/" + answer.json["id"], path)
        self.assertIn(answer.json["status"], ("queued", "running"))
        self.assertEqual("running", self.server.wait_for(path, "running").json["status"])
        got = self.server.wait_for(path).json
        self.assertEqual(("ok", "done\n", answer.json["id"]), (got["status"], got["stdout"], got["id"]))

    def test_an_answer_that_was_waited_for_can_be_asked_for_again(self):
        got = self.server.run("bash", "echo again").json
        self.assertEqual(got, self.server.call("GET", "/api/v1/runs/" + got["id"]).json)

    def test_delete_stops_a_run(self):
        path = self.server.start_run("bash", "echo begun; sleep 50")
        self.server.wait_for(path, "running")
        self.assertEqual(204, self.server.call("DELETE", path).status)
        got = self.server.wait_for(path).json
        self.assertEqual("killed", got["status"], got)
        self.assertEqual(204, self.server.call("DELETE", path).status)

    def test_delete_stops_a_run_that_is_still_queued(self):
        paths = [self.server.start_run("bash", "sleep 50") for _ in range(10)]
        for path in reversed(paths):
            self.assertEqual(204, self.server.call("DELETE", path).status)
        for path in paths:
            got = self.server.wait_for(path).json
            self.assertEqual("killed", got["status"], got)

    # ---- events ----

    def test_events_come_as_they_happen_in_order_and_end_with_the_result(self):
        path = self.server.start_run("bash", "echo one; sleep 0.4; echo two >&2; sleep 0.4; echo three")
        events = list(Events(self.server, path))
        self.assertEqual(list(range(1, len(events) + 1)), [number for number, _, _ in events])
        self.assertEqual(
            [("stdout", "one\n"), ("stderr", "two\n"), ("stdout", "three\n")],
            [(name, data) for _, name, data in events if name in ("stdout", "stderr")])
        self.assertIn(("status", {"status": "running"}), [(name, data) for _, name, data in events])
        self.assertEqual("result", events[-1][1])
        self.assertEqual("one\nthree\n", events[-1][2]["stdout"])

    def test_events_are_replayed_from_the_start_and_after_the_last_one_seen(self):
        path = self.server.start_run("bash", "echo one; sleep 0.2; echo two")
        first = list(Events(self.server, path))
        again = list(Events(self.server, path))
        self.assertEqual(first, again)
        for cut in range(len(first) + 1):
            rest = list(Events(self.server, path, {"Last-Event-ID": str(cut)}))
            self.assertEqual(first[cut:], rest)

    def test_events_may_be_followed_by_many_at_once(self):
        path = self.server.start_run("bash", "for i in 1 2 3 4 5; do echo $i; sleep 0.1; done")
        results = []
        threads = [threading.Thread(target=lambda: results.append(list(Events(self.server, path)))) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        texts = {"".join(data for _, name, data in events if name == "stdout") for events in results}
        self.assertEqual({"1\n2\n3\n4\n5\n"}, texts)
        self.assertEqual(8, len(results))

    def test_a_character_is_never_cut_over_two_events(self):
        path = self.server.start_run(
            "bash", r"printf 'a\xe2'; sleep 0.2; printf '\x82'; sleep 0.2; printf '\xacb\xf0\x9f'; sleep 0.2; printf '\x8f'")
        events = list(Events(self.server, path))
        texts = [data for _, name, data in events if name == "stdout"]
        self.assertEqual("a\u20acb\ufffd", "".join(texts))
        self.assertEqual("a\u20acb\ufffd", events[-1][2]["stdout"])

    def test_a_long_output_of_wide_characters_comes_whole(self):
        path = self.server.start_run("bash", "for i in $(seq 60000); do printf 'x\u20ac\U0001f600'; done")
        events = list(Events(self.server, path))
        text = "".join(data for _, name, data in events if name == "stdout")
        self.assertEqual("x\u20ac\U0001f600" * 60000, text)

    def test_events_carry_base64_when_that_was_asked_for(self):
        path = self.server.start_run("bash", r"printf '\xff\x00'; sleep 0.2; printf '\xe2'", encoding="base64")
        data = b"".join(base64.b64decode(d) for _, name, d in Events(self.server, path) if name == "stdout")
        self.assertEqual(b"\xff\0\xe2", data)

    def test_head_of_events_has_no_body(self):
        path = self.server.start_run("bash", "true")
        answer = self.server.call("HEAD", path + "/events")
        self.assertEqual((200, b"", "text/event-stream"), (answer.status, answer.body, answer.headers["Content-Type"]))

    def test_a_slow_reader_of_events_gets_everything(self):
        path = self.server.start_run("bash", "head -c 900000 /dev/zero | tr '\\0' x")
        self.server.wait_for(path)
        events = Events(self.server, path)
        text = ""
        for _, name, data in events:
            time.sleep(0.01)
            if name == "stdout":
                text += data
        self.assertEqual(900000, len(text))

    # ---- standard input while it runs ----

    def test_an_interactive_program_is_talked_to(self):
        path = self.server.start_run("bash", 'while read line; do echo "got $line"; done; echo end', interactive=True)
        seen = []
        for _, name, data in Events(self.server, path):
            if name == "status" and data["status"] == "running":
                self.assertEqual(204, self.server.call("POST", path + "/stdin", b"one\n").status)
            elif name == "stdout":
                seen.append(data)
                if data == "got one\n":
                    self.assertEqual(204, self.server.call("POST", path + "/stdin?eof=1", b"two\n").status)
        self.assertEqual("got one\ngot two\nend\n", "".join(seen))

    def test_input_that_the_program_does_not_read_is_refused_once_the_buffer_is_full(self):
        path = self.server.start_run("bash", "sleep 5", interactive=True)
        answers = [self.server.call("POST", path + "/stdin", b"x" * 250000) for _ in range(12)]
        self.assertEqual(204, answers[0].status)
        answer = answers[-1]
        self.assertEqual((429, "/problems/input-full"), (answer.status, answer.json["type"]))
        self.assertIn("Retry-After", answer.headers)
        self.server.call("DELETE", path)

    def test_input_where_nobody_reads_is_a_conflict(self):
        path = self.server.start_run("bash", "sleep 3")
        answer = self.server.call("POST", path + "/stdin", b"x")
        self.assertEqual((409, "/problems/not-interactive"), (answer.status, answer.json["type"]))
        self.server.call("DELETE", path)
        path = self.server.start_run("bash", "true", interactive=True)
        self.server.wait_for(path)
        answer = self.server.call("POST", path + "/stdin", b"x")
        self.assertEqual((409, "/problems/run-ended"), (answer.status, answer.json["type"]))

    def test_input_after_its_end_is_a_conflict(self):
        path = self.server.start_run("bash", "sleep 3", interactive=True)
        self.assertEqual(204, self.server.call("POST", path + "/stdin?eof=1", b"").status)
        self.assertEqual(409, self.server.call("POST", path + "/stdin", b"x").status)
        self.server.call("DELETE", path)

    # ---- the client goes away ----

    def test_a_client_that_goes_away_has_its_run_stopped(self):
        before = self.server.metric('phial_runs_total{language="bash",status="abandoned"}')
        body = json.dumps(run_body("bash", "sleep 50")).encode()
        with self.server.connect() as sock:
            sock.sendall(b"POST /api/v1/runs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                         b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
            self.server.wait_metric("phial_runs_running", 1)
        self.server.wait_metric("phial_runs_running", 0)
        self.server.wait_metric('phial_runs_total{language="bash",status="abandoned"}', before + 1)

    def test_a_reader_of_events_that_goes_away_stops_nothing(self):
        path = self.server.start_run("bash", "sleep 1; echo done")
        events = Events(self.server, path)
        events.close()
        self.assertEqual("done\n", self.server.wait_for(path).json["stdout"])

    # ---- what is written down ----

    def test_the_audit_log_has_a_line_for_each_run_and_never_the_source(self):
        source = "echo a-word-that-nobody-else-writes"
        got = self.server.run("bash", source).json
        line = [line for line in self.server.audit_lines() if line["run"] == got["id"]]
        self.assertEqual(1, len(line))
        self.assertEqual(
            (hashlib.sha256(source.encode()).hexdigest(), len(source), "bash", "ok", "address:127.0.0.1", 0),
            tuple(line[0][k] for k in ("source_sha256", "source_bytes", "language", "status", "client", "exit_code")))
        self.assertIn("usage", line[0])
        with open(self.server.audit) as file:
            self.assertNotIn("a-word-that-nobody", file.read())

    def test_the_figures_count_what_happened(self):
        before = self.server.metric('phial_runs_total{language="bash",status="ok"}')
        phases = self.server.metric('phial_run_phase_seconds_count{phase="run"}')
        for _ in range(3):
            self.server.run("bash", "true")
        self.assertEqual(before + 3, self.server.metric('phial_runs_total{language="bash",status="ok"}'))
        self.assertEqual(phases + 3, self.server.metric('phial_run_phase_seconds_count{phase="run"}'))
        self.assertGreater(self.server.metric("phial_frontend_memory_bytes"), 1 << 20)
        for phase in ("queue", "start", "run", "teardown"):
            counts = [self.server.metric(f'phial_run_phase_seconds_bucket{{phase="{phase}",le="{bound}"}}')
                      for bound in ("0.0005", "0.01", "1", "60", "+Inf")]
            self.assertEqual(sorted(counts), counts)


class Keeping(unittest.TestCase):
    def test_an_answer_is_forgotten_after_its_time(self):
        with Server(keep_answers_s="1") as server:
            got = server.run("bash", "echo x").json
            path = "/api/v1/runs/" + got["id"]
            self.assertEqual(200, server.call("GET", path).status)
            while server.call("GET", path).status == 200:
                time.sleep(0.1)
            answer = server.call("GET", path)
            self.assertEqual((404, "/problems/not-found"), (answer.status, answer.json["type"]))
            self.assertEqual(404, server.call("GET", path + "/events").status)
            self.assertEqual(404, server.call("DELETE", path).status)
            self.assertEqual(404, server.call("POST", path + "/stdin", b"").status)
            server.wait_metric("phial_answers_kept", 0)
            self.assertEqual(0, server.metric("phial_answers_kept_bytes"))

    def test_the_oldest_answers_go_when_their_bytes_are_too_many(self):
        with Server(keep_answers_bytes="1000000") as server:
            ids = [server.run("bash", "head -c 200000 /dev/zero | tr '\\0' x").json["id"] for _ in range(6)]
            states = [server.call("GET", "/api/v1/runs/" + one).status for one in ids]
            self.assertEqual(404, states[0])
            self.assertEqual(200, states[-1])
            self.assertEqual(sorted(states, reverse=True), states)
            self.assertLessEqual(server.metric("phial_answers_kept_bytes"), 1000000)


if __name__ == "__main__":
    unittest.main()

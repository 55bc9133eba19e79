"""phial serve: start, stop, reload, drain, deaths; and phial run through it."""

import concurrent.futures
import json
import os
import re
import signal
import socket
import subprocess
import threading
import time
import unittest

from support import (GROUP, Case, Server, alive, comm, descendants, holding_slot, mounts, processes_of_slot, read_some, run_groups,
                     wait_until)


class Serving(Case):
    def ask(self, server, source="echo hi", **more):
        status, body = server.run("bash", source, **more)
        self.assertEqual(status, 200, body)
        return json.loads(body)

    def in_background(self, server, source, **more):
        pool = concurrent.futures.ThreadPoolExecutor(1)
        self.addCleanup(pool.shutdown)
        return pool.submit(server.run, "bash", source, **more)

    def wait_running(self, server, count=1):
        wait_until(f"{count} programs run", lambda: server.running() >= count)
        time.sleep(0.2)  # their first line has run

    def nothing_left(self, slot, pids):
        wait_until("all processes are gone", lambda: not any(alive(pid) for pid in pids))
        with holding_slot(slot) as held:
            if held:  # else another executor lives there already
                wait_until("no process has a uid of the slot", lambda: not processes_of_slot(slot))
                wait_until("no cgroup of a run is left", lambda: not run_groups(slot))


class Start(Serving):
    def test_one_line_says_that_it_is_ready_and_where(self):
        server = Server(self)
        self.assertRegex(server.ready_line, r"^phial is ready: http://127\.0\.0\.1:\d+, unix:/.*phial.sock \(languages: .*bash 5")
        self.assertEqual(self.ask(server)["stdout"], "hi\n")

    def test_the_socket_is_for_root_and_the_group_only(self):
        import grp
        Server(self)
        st = os.stat(self.path("phial.sock"))
        self.assertEqual((st.st_mode & 0o777, st.st_uid, st.st_gid), (0o660, 0, grp.getgrnam(GROUP).gr_gid))

    def test_it_needs_root(self):
        done = subprocess.run(["setpriv", "--reuid=65534", "--clear-groups", *self.argv("serve")], capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("root", done.stderr)

    def test_a_second_server_on_the_same_address_is_told_so(self):
        server = Server(self)
        code, _, err = self.phial("serve", "--listen", server.address, "--set", "socket=")
        self.assertEqual(code, 1)
        self.assertIn(f"{server.address}: another server has it", err)
        code, _, err = self.phial("serve")
        self.assertEqual(code, 1)
        self.assertIn("phial.sock: another server has it", err)
        self.assertEqual(self.ask(server)["stdout"], "hi\n")

    def test_a_socket_that_a_dead_server_left_is_taken_over(self):
        dead = socket.socket(socket.AF_UNIX)
        dead.bind(self.path("phial.sock"))
        dead.close()
        Server(self)

    def test_what_is_no_socket_is_not_removed(self):
        self.write("phial.sock", "precious")
        self.assertEqual(self.phial("serve")[0], 1)
        with open(self.path("phial.sock")) as file:
            self.assertEqual(file.read(), "precious")

    def test_beyond_loopback_it_wants_a_key(self):
        for address in ("0.0.0.0:0", "[::]:0"):
            code, _, err = self.phial("serve", "--listen", address)
            self.assertEqual(code, 1)
            self.assertIn("phial key new", err)
        self.phial("key", "new")
        self.assertIn("http://0.0.0.0:", Server(self, "--listen", "0.0.0.0:0").ready_line)

    def test_bad_settings_name_the_line_and_the_cure(self):
        self.config = self.write("bad.yaml", "listen: 127.0.0.1:0\nqueue_most: many\n")
        code, out, err = self.phial("serve")
        self.assertEqual((code, out), (1, ""))
        self.assertIn("bad.yaml", err)
        self.assertIn("queue_most", err)

    def test_bad_addresses_are_refused(self):
        for address in ("127.0.0.1", "127.0.0.1:http!", "::1:80", "unix:relative", "no.such.host.invalid:1"):
            self.assertEqual(self.phial("serve", "--listen", address)[0], 1, address)

    def test_it_tells_systemd(self):
        path = self.path("notify")
        notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(notify.close)
        notify.bind(path)
        notify.settimeout(60)
        os.environ["NOTIFY_SOCKET"] = path
        self.addCleanup(os.environ.pop, "NOTIFY_SOCKET")
        server = Server(self)
        self.assertEqual(notify.recv(100), b"READY=1")
        server.process.send_signal(signal.SIGHUP)
        self.assertRegex(notify.recv(100), rb"^RELOADING=1\nMONOTONIC_USEC=\d+$")
        self.assertEqual(notify.recv(100), b"READY=1")
        server.stop()
        self.assertEqual(notify.recv(100), b"STOPPING=1")

    def test_the_frontend_has_no_privileges(self):
        server = Server(self)
        with open(f"/proc/{server.frontend()}/status") as file:
            status = dict(line.rstrip("\n").split(":\t", 1) for line in file)
        self.assertEqual(set(status["Uid"].split()), {"65534"})
        self.assertEqual([status[name] for name in ("CapPrm", "CapEff", "CapBnd", "CapAmb")], ["0" * 16] * 4)
        self.assertEqual((status["NoNewPrivs"], status["Seccomp"]), ("1", "2"))


class Stop(Serving):
    def test_it_waits_for_what_runs_and_refuses_what_is_new(self):
        server = Server(self)
        slot, pids = server.slot(), descendants(server.pid)
        running = self.in_background(server, "sleep 2; echo finished")
        self.wait_running(server)
        server.process.send_signal(signal.SIGTERM)
        wait_until("new runs are refused", lambda: server.run("bash", "echo late")[0] == 503)
        status, body = running.result()
        self.assertEqual((status, json.loads(body)["stdout"]), (200, "finished\n"))
        self.assertEqual(server.process.wait(timeout=60), 0)
        self.nothing_left(slot, pids)
        self.assertFalse(os.path.exists(self.path("phial.sock")))

    def test_a_second_signal_stops_it_at_once(self):
        server = Server(self)
        slot, pids = server.slot(), descendants(server.pid)
        self.in_background(server, "sleep 1000")
        self.wait_running(server)
        server.process.send_signal(signal.SIGINT)
        time.sleep(0.3)
        self.assertIsNone(server.process.poll())
        self.assertEqual(server.stop(signal.SIGINT), 0)
        self.nothing_left(slot, pids)

    def test_it_waits_no_longer_than_drain_s(self):
        server = Server(self, "--set", "drain_s=1")
        self.in_background(server, "sleep 1000")
        self.wait_running(server)
        self.assertEqual(server.stop(), 0)

    def test_when_the_supervisor_is_killed_everything_ends(self):
        server = Server(self)
        slot, pids = server.slot(), descendants(server.pid)
        self.in_background(server, "sleep 1000")
        self.wait_running(server)
        server.process.kill()
        server.process.wait()
        wait_until("all processes are gone", lambda: not any(alive(pid) for pid in pids))
        # Nobody is left to sweep the groups; the next executor in the slot does it.
        next_one = Server(self)
        next_one.stop()
        if next_one.first_slot == slot:
            self.nothing_left(slot, pids)


class Reload(Serving):
    def test_new_settings_hold_and_the_address_stays(self):
        server = Server(self)
        before = (server.executor(), server.frontend())
        with open(self.config, "a") as file:
            file.write("limit_wall_ms: 300ms\n")
        server.process.send_signal(signal.SIGHUP)
        server.wait_ready()
        self.assertNotIn(server.executor(), before)
        self.assertNotIn(server.frontend(), before)
        self.assertEqual(self.ask(server)["limits"]["wall_ms"], 300)

    def test_it_waits_for_what_runs(self):
        server = Server(self)
        running = self.in_background(server, "sleep 1; echo finished")
        self.wait_running(server)
        server.process.send_signal(signal.SIGHUP)
        self.assertEqual(json.loads(running.result()[1])["stdout"], "finished\n")
        server.wait_ready()
        self.assertEqual(self.ask(server)["stdout"], "hi\n")

    def test_bad_settings_are_refused_and_the_server_goes_on(self):
        server = Server(self)
        before = (server.executor(), server.frontend())
        with open(self.config, "a") as file:
            file.write("nonsense: 1\n")
        server.process.send_signal(signal.SIGHUP)
        wait_until("the log says so", lambda: "nonsense" in server.messages())
        self.assertEqual((server.executor(), server.frontend()), before)
        self.assertEqual(self.ask(server)["stdout"], "hi\n")


class Death(Serving):
    def recovers(self, server, victim, others):
        """Kills `victim` in the middle of runs; each of them gets a clear answer; the next is served."""
        slot = server.slot()
        self.ask(server)
        runs = [self.in_background(server, "sleep 1000") for _ in range(3)]
        self.wait_running(server, 3)
        old = descendants(victim) | {victim}
        os.kill(victim, signal.SIGKILL)
        for run in runs:
            others(*run.result())
        wait_until("it is ready again", server.ready)
        self.assertEqual(self.ask(server)["stdout"], "hi\n")
        wait_until("the old processes are gone", lambda: not any(alive(pid) for pid in old))
        wait_until("the groups of the dead runs are gone", lambda: server.groups_of_runs() == 0)
        return slot

    def test_of_the_executor_gives_503_and_is_repaired(self):
        server = Server(self)
        before = mounts()

        def clear(status, body):
            self.assertEqual(status, 503, body)
            self.assertIn("type", json.loads(body))

        frontend = server.frontend()
        self.recovers(server, server.executor(), clear)
        self.assertEqual(server.frontend(), frontend)
        self.assertEqual(mounts(), before)
        self.assertIn("executor", server.messages())

    def test_of_the_frontend_ends_its_runs_and_is_repaired(self):
        server = Server(self)
        executor = server.executor()
        self.recovers(server, server.frontend(), lambda status, body: self.assertEqual(status, 0))
        self.assertEqual(server.executor(), executor)

    def test_again_and_again_under_load_loses_no_run_silently(self):
        server = Server(self)
        stop = threading.Event()
        answers = []

        def client():
            while not stop.is_set():
                answers.append(server.run("bash", "echo hi"))

        threads = [threading.Thread(target=client) for _ in range(4)]
        for thread in threads:
            thread.start()
        for which in (server.executor, server.frontend, server.executor):
            time.sleep(0.5)
            victim = wait_until("there is one to kill", which)
            os.kill(victim, signal.SIGKILL)
            wait_until("it is ready again", lambda: which() not in (None, victim) and server.ready())
        stop.set()
        for thread in threads:
            thread.join()
        good = [body for status, body in answers if status == 200]
        self.assertGreater(len(good), 0)
        for body in good:
            self.assertEqual(json.loads(body)["stdout"], "hi\n")
        self.assertLessEqual({status for status, _ in answers}, {200, 429, 503, 0})
        slot = server.slot()
        wait_until("it is ready again", server.ready)
        wait_until("no group of a run is left", lambda: server.groups_of_runs() == 0)
        self.assertEqual(server.stop(), 0)
        self.nothing_left(slot, [])

    def test_of_the_first_process_of_a_run_ends_that_run_only(self):
        server = Server(self)
        other = self.in_background(server, "sleep 3; echo other")
        victim = self.in_background(server, "echo $$; exec sleep 1000")
        self.wait_running(server, 2)
        sleepers = [pid for pid in descendants(server.executor()) if comm(pid) == "sleep"]
        for pid in sleepers:
            with open(f"/proc/{pid}/cmdline") as file:
                if "1000" in file.read():
                    os.kill(pid, signal.SIGKILL)
        status, body = victim.result()
        self.assertEqual((status, json.loads(body)["status"]), (200, "error"))
        self.assertEqual(json.loads(other.result()[1])["stdout"], "other\n")


class Run(Serving):
    """phial run through a server."""

    def setUp(self):
        super().setUp()
        self.server = Server(self)

    def run_there(self, source, *args, **options):
        return self.phial("run", "--server", self.write("main.sh", source), *args, **options)

    def test_output_and_exit_code_are_as_without_a_server(self):
        code, out, err = self.run_there("echo out; echo err >&2; exit 7")
        self.assertEqual((code, out, err), (7, "out\n", "err\n"))

    def test_the_server_is_used_when_there_is_one(self):
        self.assertEqual(self.phial("run", self.write("a.sh", "echo hi"))[:2], (0, "hi\n"))
        with open(self.path("audit.log")) as file:
            self.assertIn("bash", file.read())

    def test_limits_arguments_environment_and_files_reach_the_program(self):
        code, out, err = self.run_there('echo "$1 $A"; cat more.txt; exec sleep 9', "--limit", "wall=500ms", "-e", "A=b", "--file",
                                        "more.txt=" + self.write("x", "more\n"), "--", "--arg")
        self.assertEqual((code, out), (124, "--arg b\nmore\n"))
        self.assertIn("wall_ms 500", err)

    def test_all_bytes_pass_unchanged_both_ways(self):
        data = bytes(range(256)) * 3000
        done = subprocess.run(self.argv("run", "--server", self.write("main.sh", "cat")), input=data, capture_output=True)
        self.assertEqual(done.stdout, data)
        done = subprocess.run(self.argv("run", "--server", self.write("main.sh", "cat"), "--stdin", self.write("d", data)),
                              capture_output=True)
        self.assertEqual(done.stdout, data)

    def test_it_is_interactive(self):
        process = self.start("run", "--server", self.write("main.sh", 'while read -r l; do echo "got $l"; done; echo end'),
                             stdin=subprocess.PIPE)
        for word in (b"one", b"two"):
            process.stdin.write(word + b"\n")
            process.stdin.flush()
            self.assertEqual(read_some(process.stdout), b"got " + word + b"\n")
        process.stdin.close()
        self.assertEqual(read_some(process.stdout), b"end\n")
        self.assertEqual(process.wait(), 0)

    def test_json_is_the_api_s_answer(self):
        answer = json.loads(self.run_there("echo hi", "--json")[1])
        from_api = self.ask(self.server)
        self.assertEqual(set(answer), set(from_api))
        self.assertEqual(answer["stdout"], "hi\n")

    def test_interrupt_stops_the_program(self):
        process = self.start("run", "--server", self.write("main.sh", "echo on; sleep 1000"), stdin=subprocess.DEVNULL)
        self.assertEqual(read_some(process.stdout), b"on\n")
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(), 130)
        wait_until("all that can be is warm", self.server.ready)
        wait_until("its group is gone", lambda: self.server.groups_of_runs() == 0)

    def test_a_member_of_the_group_needs_no_root(self):
        program = self.write("a.sh", "echo hi")
        done = subprocess.run(["setpriv", "--reuid=12345", "--regid=12345", "--groups=65534", *self.argv("run", program)],
                              capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stdout), (0, "hi\n"))

    def test_others_are_told_how_to_become_a_member(self):
        program = self.write("a.sh", "echo hi")
        done = subprocess.run(["setpriv", "--reuid=12345", "--regid=12345", "--clear-groups", *self.argv("run", program)],
                              capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stdout), (125, ""))
        self.assertIn(f"usermod -aG {GROUP}", done.stderr)

    def test_the_death_of_the_executor_is_125(self):
        process = self.start("run", "--server", self.write("main.sh", "echo on; sleep 1000"), stdin=subprocess.DEVNULL)
        self.assertEqual(read_some(process.stdout), b"on\n")
        os.kill(self.server.executor(), signal.SIGKILL)
        self.assertEqual(process.wait(), 125)
        self.assertTrue(re.search(rb"phial: run: .", process.stderr.read()))


if __name__ == "__main__":
    unittest.main()

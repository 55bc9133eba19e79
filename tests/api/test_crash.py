"""kill -9 of what the server is made of, in the middle of load: clear errors, recovery, nothing left."""
import http.client
import os
import signal
import threading
import time
import unittest

from server import Server


class Crash(unittest.TestCase):
    def setUp(self):
        self.server = Server(client_running_most="8", client_queue_most="100").start()

    def tearDown(self):
        self.server.stop()

    def load(self, count, source):
        """`count` clients that wait; what each got: an answer, or the exception."""
        results = []

        def one():
            try:
                results.append(self.server.run("bash", source))
            except (OSError, http.client.HTTPException) as error:
                results.append(error)

        threads = [threading.Thread(target=one) for _ in range(count)]
        for thread in threads:
            thread.start()
        return threads, results

    def wait_ready(self):
        while True:
            try:
                if self.server.call("GET", "/readyz").status == 200:
                    return
            except (OSError, http.client.HTTPException):
                pass
            time.sleep(0.01)

    def test_the_executors_death_gives_503_to_those_that_ran_and_new_runs_run(self):
        threads, results = self.load(8, "echo begun; sleep 30")
        self.server.wait_metric("phial_runs_running", 8)
        path = self.server.start_run("bash", "echo queued")
        os.kill(self.server.children()["executor"], signal.SIGKILL)
        for thread in threads:
            thread.join()
        self.assertEqual(8, len(results))
        for answer in results:
            self.assertEqual((503, "/problems/sandbox-restarted"), (answer.status, answer.json["type"]), answer.body)
            self.assertIn("Retry-After", answer.headers)
        self.wait_ready()
        self.assertEqual("ok", self.server.run("bash", "true").json["status"])
        self.assertEqual("queued\n", self.server.wait_for(path).json["stdout"])
        self.assertEqual(0, self.server.metric("phial_runs_running"))
        lines = [line for line in self.server.audit_lines() if line["status"] == "not_run"]
        self.assertEqual(8, len(lines))

    def test_events_of_a_lost_run_end_with_its_problem(self):
        from server import Events

        path = self.server.start_run("bash", "echo begun; sleep 30")
        seen = []
        for _, name, data in Events(self.server, path):
            seen.append((name, data))
            if name == "stdout":
                os.kill(self.server.children()["executor"], signal.SIGKILL)
        self.assertIn(("stdout", "begun\n"), seen)
        self.assertEqual("problem", seen[-1][0])
        self.assertEqual("/problems/sandbox-restarted", seen[-1][1]["type"])
        answer = self.server.call("GET", path)
        self.assertEqual((503, "/problems/sandbox-restarted"), (answer.status, answer.json["type"]))

    def test_the_frontends_death_ends_its_runs_and_another_takes_its_place(self):
        threads, results = self.load(4, "sleep 30")
        self.server.wait_metric("phial_runs_running", 4)
        first = self.server.children()["frontend"]
        os.kill(first, signal.SIGKILL)
        for thread in threads:
            thread.join()
        for error in results:
            self.assertIsInstance(error, (OSError, http.client.HTTPException))
        self.wait_ready()
        self.assertEqual("ok", self.server.run("bash", "true").json["status"])
        self.assertNotEqual(first, self.server.children()["frontend"])
        self.server.wait_metric("phial_runs_running", 0)

    def find_init(self, word):
        """The init of the box in which a program with this word in its command line runs."""
        inits, wanted = {}, None
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                namespace = os.readlink(f"/proc/{pid}/ns/pid")
                with open(f"/proc/{pid}/status") as file:
                    numbers = [line for line in file if line.startswith("NSpid:")][0].split()
                with open(f"/proc/{pid}/cmdline", "rb") as file:
                    command = file.read().decode(errors="replace").split("\0")
            except OSError:
                continue
            if numbers[-1] == "1":
                inits[namespace] = int(pid)
            if command[:2] == ["sleep", word]:
                wanted = namespace
        return inits.get(wanted)

    def test_the_death_of_a_boxes_init_ends_its_run_and_no_other(self):
        path = self.server.start_run("bash", "echo begun; sleep 31.25; echo never")
        other = self.server.start_run("bash", "sleep 2; echo other")
        while not self.find_init("31.25"):
            time.sleep(0.02)
        os.kill(self.find_init("31.25"), signal.SIGKILL)
        answer = self.server.wait_for(path)
        if answer.status == 200:
            self.assertEqual(("killed", "begun\n"), (answer.json["status"], answer.json["stdout"]))
        else:
            self.assertEqual(500, answer.status)
        self.assertEqual("other\n", self.server.wait_for(other).json["stdout"])
        self.assertEqual("ok", self.server.run("bash", "true").json["status"])

    def test_the_frontend_has_given_up_everything(self):
        pid = self.server.children()["frontend"]
        threads = os.listdir(f"/proc/{pid}/task")
        self.assertEqual(3, len(threads))  # the loop, the store's writer, passwords
        for thread in threads:
            with open(f"/proc/{pid}/task/{thread}/status") as file:
                status = dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line)
            self.assertNotIn("0", status["Uid"].split() + status["Gid"].split())
            self.assertEqual("", status["Groups"].strip())
            for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
                self.assertEqual(0, int(status[name], 16), name)
            self.assertEqual(("1", "2"), (status["NoNewPrivs"], status["Seccomp"]))
        root = f"/proc/{pid}/root/"
        self.assertEqual({"state", "store", "nothing"}, set(os.listdir(root)))
        self.assertEqual(({"site"}, []), (set(os.listdir(root + "state")), os.listdir(root + "state/site")))
        self.assertEqual({"site.db", "site.db-wal", "site.db-shm"}, set(os.listdir(root + "store")))
        with open(f"/proc/{pid}/mountinfo") as file:
            mounts = {fields[4]: fields[5].split(",") for fields in map(str.split, file)}
        self.assertEqual({"/", "/state", "/state/site", "/store"}, set(mounts))
        for place, options in mounts.items():
            self.assertLessEqual({"nosuid", "nodev", "noexec"}, set(options), place)
        self.assertEqual(["ro", "ro"], [mounts["/"][0], mounts["/state"][0]])
        with open(f"/proc/{pid}/limits") as file:
            limits = file.read()
        self.assertRegex(limits, r"Max core file size +1 +1 ")
        self.assertRegex(limits, r"Max processes +0 +0 ")
        for fd in os.listdir(f"/proc/{pid}/fd"):
            target = os.readlink(f"/proc/{pid}/fd/{fd}")
            allowed = ("socket:", "anon_inode:", "pipe:", "/dev/null", self.server.folder, f"/proc/{pid}/statm",
                       "/state", "/store/site.db")
            self.assertTrue(target.startswith(allowed) or int(fd) < 3, (fd, target))


if __name__ == "__main__":
    unittest.main()

"""The queue: bounds, fairness, what a client is told; draining."""
import signal
import threading
import time
import unittest

from server import Events, Server


class Queue(unittest.TestCase):
    def test_a_client_over_its_bound_is_told_at_once_and_nothing_is_started(self):
        with Server(running_most="4", client_running_most="2", client_queue_most="3", queue_most="100") as server:
            paths = [server.start_run("bash", "sleep 20") for _ in range(5)]
            answer = server.run("bash", "true")
            self.assertEqual((429, "/problems/too-many-runs"), (answer.status, answer.json["type"]))
            self.assertGreaterEqual(int(answer.headers["Retry-After"]), 1)
            self.assertEqual(2, server.metric("phial_runs_running"))
            self.assertEqual(3, server.metric("phial_runs_queued"))
            self.assertEqual(1, server.metric("phial_runs_refused_total"))
            for path in paths:
                server.call("DELETE", path)
            for path in paths:
                got = server.wait_for(path).json
                self.assertEqual("killed", got["status"], got)
            self.assertEqual("ok", server.run("bash", "true").json["status"])

    def test_a_full_queue_is_busy(self):
        with Server(running_most="1", client_running_most="1", client_queue_most="10", queue_most="2") as server:
            paths = [server.start_run("bash", "sleep 20") for _ in range(3)]
            answer = server.run("bash", "true")
            self.assertEqual((503, "/problems/queue-full"), (answer.status, answer.json["type"]))
            self.assertIn("Retry-After", answer.headers)
            for path in paths:
                server.call("DELETE", path)

    def test_the_place_in_the_queue_is_told(self):
        with Server(running_most="1", client_running_most="1") as server:
            first = server.start_run("bash", "sleep 1")
            second = server.start_run("bash", "true")
            third = server.start_run("bash", "true")
            while "place" not in server.call("GET", third).json:
                time.sleep(0.01)
            events = list(Events(server, third))
            states = [data for _, name, data in events if name == "status"]
            self.assertEqual({"status": "running"}, states[-1])
            places = [state["place"] for state in states if state["status"] == "queued"]
            self.assertEqual(sorted(places, reverse=True), places)
            for path in (first, second, third):
                server.wait_for(path)

    def test_forty_clients_at_once_all_get_their_own_answer(self):
        with Server(client_queue_most="100") as server:
            results = {}

            def one(number):
                results[number] = server.run("bash", f"echo {number}").json

            threads = [threading.Thread(target=one, args=(i,)) for i in range(40)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            for number in range(40):
                self.assertEqual((f"{number}\n", "ok"), (results[number]["stdout"], results[number]["status"]))

    def test_two_clients_take_turns(self):
        """One key has twenty runs in the queue; the other's one run must not wait for all of them."""
        server = Server(running_most="1", client_running_most="1")
        keys = [new_key(server, name) for name in ("many", "one")]
        with server:
            many = [server.start_run("bash", "sleep 0.3", bearer(keys[0])) for _ in range(20)]
            one = server.run("bash", "true", bearer(keys[1]))
            self.assertEqual("ok", one.json["status"])
            waiting = [p for p in many if server.call("GET", p, headers=bearer(keys[0])).json["status"] == "queued"]
            self.assertGreater(len(waiting), 10)
            for path in many:
                server.call("DELETE", path, headers=bearer(keys[0]))


def bearer(key):
    return {"Authorization": "Bearer " + key}


def new_key(server, name):
    import os
    import re
    import subprocess

    from server import PHIAL

    out = subprocess.run([PHIAL, "key", "new", "--name", name, "--set", f"state_dir={server.state}"], capture_output=True, text=True)
    found = re.search(r"phial_[0-9a-f]{64}", out.stdout)
    assert found, out
    assert os.path.exists(os.path.join(server.state, "keys"))
    return found.group()


class Draining(unittest.TestCase):
    def test_a_stop_lets_running_programs_end_and_refuses_new_ones(self):
        server = Server().start()
        try:
            results = []
            thread = threading.Thread(target=lambda: results.append(server.run("bash", "sleep 2; echo whole")))
            thread.start()
            server.wait_metric("phial_runs_running", 1)
            server.process.send_signal(signal.SIGTERM)
            refused = None
            while thread.is_alive() and refused is None:
                try:
                    answer = server.run("bash", "true")
                except OSError:
                    break
                if answer.status == 503:
                    refused = answer
                    self.assertEqual("/problems/draining", server.call("GET", "/readyz").json["type"])
                time.sleep(0.01)
            thread.join()
            self.assertEqual("whole\n", results[0].json["stdout"])
            self.assertEqual("/problems/draining", refused.json["type"])
            self.assertIn("Retry-After", refused.headers)
            self.assertEqual(0, server.process.wait(30))
        finally:
            server.stop()


if __name__ == "__main__":
    unittest.main()

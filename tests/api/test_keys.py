"""API keys. A listener beyond loopback is needed, so this runs itself in a network namespace of its own whose
loopback device has a second address, 10.99.0.1."""
import fcntl
import os
import socket
import struct
import subprocess
import sys
import unittest

import test_queue
from server import PHIAL, Server, run_body

ADDRESS = "10.99.0.1"
INSIDE = "PHIAL_TEST_IN_NAMESPACE"
bearer, new_key = test_queue.bearer, test_queue.new_key
del test_queue


def bring_up():
    """lo up, and lo:1 with the address (netdevice(7))."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        fcntl.ioctl(sock, 0x8914, struct.pack("16sH14x", b"lo", 0x41))
        address = struct.pack("16sH2x4s8x", b"lo:1", socket.AF_INET, socket.inet_aton(ADDRESS))
        fcntl.ioctl(sock, 0x8916, address)


@unittest.skipIf(os.environ.get(INSIDE), "already inside")
class Outside(unittest.TestCase):
    def test_the_tests_in_a_network_namespace_of_their_own_pass(self):
        command = ["unshare", "--net", sys.executable, os.path.abspath(__file__)]
        done = subprocess.run(command, env={**os.environ, INSIDE: "1"}, capture_output=True, text=True)
        self.assertEqual(0, done.returncode, done.stderr)


@unittest.skipUnless(os.environ.get(INSIDE), "in a network namespace of their own only")
class Keys(unittest.TestCase):
    def server(self, **settings):
        return Server(listen=f"{ADDRESS}:0", host=ADDRESS, **settings)

    def test_without_a_key_it_refuses_to_listen_beyond_loopback_and_names_the_cure(self):
        for listen in (f"{ADDRESS}:0", "0.0.0.0:0"):
            server = Server(listen=listen, expect_failure=True).start()
            self.assertNotEqual(0, server.process.wait())
            self.assertIn("phial key new", server.read_log())
            server.stop()

    def test_beyond_loopback_a_key_is_needed_but_for_health(self):
        server = self.server()
        key = new_key(server, "tester")
        with server:
            for path in ("/", "/metrics", "/api/v1/languages", "/api/v1/runs/r_0"):
                answer = server.call("GET", path)
                self.assertEqual((401, "/problems/unauthorized"), (answer.status, answer.json["type"]))
                self.assertEqual("Bearer", answer.headers["WWW-Authenticate"])
            self.assertEqual(200, server.call("GET", "/healthz").status)
            server.wait_ready()
            self.assertEqual(401, server.run("bash", "true").status)
            for bad in ("", "x", key[:-1], key + "0", "phial_" + "0" * 64, key.upper()):
                self.assertEqual(401, server.run("bash", "true", bearer(bad)).status, bad)
            self.assertEqual(401, server.run("bash", "true", {"Authorization": "Basic " + key}).status)
            self.assertEqual("ok", server.run("bash", "true", bearer(key)).json["status"])
            self.assertEqual(421, server.call("GET", "/healthz", headers={"Host": "evil.example"}).status)
            self.assertEqual("key:", server.audit_lines()[-1]["client"][:4])

    def test_a_body_is_not_read_before_the_key_is_known(self):
        server = self.server()
        new_key(server, "tester")
        with server, server.connect() as sock:
            sock.sendall(b"POST /api/v1/runs HTTP/1.1\r\nHost: 10.99.0.1\r\nContent-Type: application/json\r\n"
                         b"Content-Length: 100000000\r\n\r\n")
            self.assertIn(b" 401 ", sock.recv(1000))

    def test_a_run_is_seen_by_the_key_that_asked_for_it_only(self):
        server = self.server()
        mine, other = new_key(server, "mine"), new_key(server, "other")
        with server:
            path = server.start_run("bash", "sleep 5", bearer(mine), interactive=True)
            for method, suffix in (("GET", ""), ("GET", "/events"), ("POST", "/stdin"), ("DELETE", "")):
                self.assertEqual(404, server.call(method, path + suffix, headers=bearer(other)).status)
            self.assertEqual(200, server.call("GET", path, headers=bearer(mine)).status)
            self.assertEqual(204, server.call("DELETE", path, headers=bearer(mine)).status)

    def test_a_new_key_counts_at_once_and_a_revoked_one_no_more(self):
        server = self.server()
        first = new_key(server, "first")
        with server:
            second = new_key(server, "second")
            self.assertEqual(200, server.call("GET", "/metrics", headers=bearer(second)).status)
            done = subprocess.run([PHIAL, "key", "revoke", "first", "--set", f"state_dir={server.state}"],
                                  capture_output=True, text=True)
            self.assertEqual(0, done.returncode, done.stderr)
            self.assertEqual(401, server.call("GET", "/metrics", headers=bearer(first)).status)
            self.assertEqual(200, server.call("GET", "/metrics", headers=bearer(second)).status)

    def test_one_address_cannot_take_all_connections(self):
        server = self.server(connections_most="40")
        new_key(server, "tester")
        with server:
            held = [server.connect() for _ in range(15)]
            got = server.raw(b"GET /healthz HTTP/1.1\r\nHost: 10.99.0.1\r\n\r\n")
            self.assertIn(b" 503 ", got.split(b"\r\n")[0])
            self.assertIn(b"too-many-connections", got)
            for sock in held:
                sock.close()

    def test_keys_are_kept_hashed(self):
        server = self.server()
        key = new_key(server, "tester")
        with open(os.path.join(server.state, "keys")) as file:
            text = file.read()
        self.assertIn("tester", text)
        self.assertNotIn(key[6:], text)
        server.stop()

    def test_each_key_has_its_own_rate(self):
        server = self.server(requests_per_minute="20")
        keys = [new_key(server, name) for name in ("busy", "calm")]
        with server:
            statuses = [server.call("GET", "/metrics", headers=bearer(keys[0])).status for _ in range(30)]
            self.assertEqual(429, statuses[-1])
            self.assertEqual(200, server.call("GET", "/metrics", headers=bearer(keys[1])).status)


if __name__ == "__main__":
    bring_up()
    unittest.main()

"""A site that others read: who they are behind a proxy, and what they may do."""
import json
import socket
import unittest

from server import Server, read_to_end, status_of

HTML = {"Accept": "text/html,application/xhtml+xml;q=0.9"}


class Public(unittest.TestCase):
    """A site that is open to other machines, behind a proxy on this one."""

    def test_without_the_setting_a_call_that_was_passed_on_needs_a_key_for_pages_too(self):
        with Server() as server:
            passed_on = {"X-Forwarded-For": "203.0.113.9"}
            for path in ("/", "/play", "/account", "/search?q=x"):
                self.assertEqual(401, server.call("GET", path, headers=passed_on).status)
            self.assertIn("<h1>An API key is needed</h1>",
                          server.call("GET", "/", headers={**passed_on, **HTML}).body.decode())

    def test_with_it_readers_need_no_key_and_are_told_apart_by_the_address_that_the_proxy_saw(self):
        with Server(public_site="true") as server:
            for forwarded, client in (("203.0.113.9", "address:203.0.113.9"),
                                      ("9.9.9.9, 203.0.113.10", "address:203.0.113.10"),
                                      ("2001:db8::1", "address:2001:db8::/64"), ("garbage", "address:127.0.0.1")):
                headers = {"X-Forwarded-For": forwarded}
                self.assertEqual(200, server.call("GET", "/", headers=headers).status)
                self.assertEqual(200, server.run("bash", "true", headers).status)
                self.assertEqual(client, server.audit_lines()[-1]["client"])
                self.assertEqual(401, server.call("GET", "/metrics", headers=headers).status)
                self.assertEqual(404, server.call("GET", "/nothing", headers=headers).status)

    def test_of_several_fields_the_proxys_own_counts(self):
        with Server(public_site="true") as server:
            body = json.dumps({"language": "bash", "files": [{"content": "true"}]})
            reply = server.raw((f"POST /api/v1/runs HTTP/1.1\r\nHost: {server.host}:{server.port}\r\n"
                                "Content-Type: application/json\r\nConnection: close\r\n"
                                "X-Forwarded-For: 198.51.100.1\r\nX-Forwarded-For: 203.0.113.9\r\n"
                                f"Content-Length: {len(body)}\r\n\r\n{body}").encode())
            self.assertEqual(200, status_of(reply))
            self.assertEqual("address:203.0.113.9", server.audit_lines()[-1]["client"])

    def test_who_comes_through_a_proxy_on_the_unix_socket_is_no_teacher(self):
        with Server(public_site="true") as server:
            for sign in ("X-Forwarded-For: 203.0.113.9", "X-Forwarded-For: unknown", "X-Forwarded-For: unix:",
                         "X-Forwarded-For: 203.0.113.9, x", "Forwarded: for=203.0.113.9", "X-Real-IP: 203.0.113.9"):
                self.assertEqual(403, self.teach(server, sign + "\r\n"), sign)
            self.assertEqual(200, self.teach(server, ""))

    def teach(self, server, fields):
        with socket.socket(socket.AF_UNIX) as sock:
            sock.connect(server.socket)
            sock.sendall(f"GET /teach HTTP/1.1\r\nHost: school.example\r\nConnection: close\r\n{fields}\r\n".encode())
            return status_of(read_to_end(sock))


if __name__ == "__main__":
    unittest.main()

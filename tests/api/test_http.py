"""HTTP itself: what is refused, before what, and how; clients that are slow, half dead or hostile."""
import json
import re
import socket
import struct
import threading
import time
import unittest

from server import Server, read_to_end, run_body, status_of


def head(line, *fields):
    return "\r\n".join((line,) + fields + ("", "")).encode()


def problem_of(data):
    return json.loads(data.split(b"\r\n\r\n", 1)[1])


class Http(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(host_names="phial.example, other.example", cors_origins="https://good.example").start().wait_ready()

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    def assert_problem(self, answer, status, name, pointer=None, field=None):
        self.assertEqual(status, answer.status, answer.body)
        self.assertEqual("application/problem+json", answer.headers["Content-Type"])
        got = answer.json
        self.assertEqual(("/problems/" + name, status), (got["type"], got["status"]), got)
        self.assertTrue(got["title"])
        self.assertEqual(pointer, got.get("pointer"), got)

    def assert_raw_problem(self, data, status, name):
        self.assertEqual(status, status_of(data), data)
        self.assertIn(b"Content-Type: application/problem+json", data)
        self.assertEqual("/problems/" + name, problem_of(data)["type"])

    # ---- addresses and methods ----

    def test_an_unknown_address_is_not_found(self):
        for path in ("/nothing", "/api/v1", "/api/v1/runs/", "/api/v1/runs/a/b", "/api/v1/runs/x/events/y", "//",
                     "/api/v1/runs/" + "x" * 200, "/assets/../healthz", "/%2e%2e/etc/passwd"):
            with self.subTest(path=path):
                self.assert_problem(self.server.call("GET", path), 404, "not-found")

    def test_an_unknown_run_is_not_found(self):
        for method, path in (("GET", ""), ("DELETE", ""), ("GET", "/events"), ("POST", "/stdin")):
            with self.subTest(method=method, path=path):
                answer = self.server.call(method, "/api/v1/runs/r_" + "0" * 32 + path)
                self.assert_problem(answer, 404, "not-found")

    def test_a_wrong_method_names_the_right_ones(self):
        for method, path, allow in (
            ("PUT", "/api/v1/runs", "POST"),
            ("GET", "/api/v1/runs", "POST"),
            ("POST", "/healthz", "GET, HEAD"),
            ("PATCH", "/api/v1/runs/r_1", "GET, HEAD, DELETE"),
            ("BREW", "/healthz", "GET, HEAD"),
            ("TRACE", "/healthz", "GET, HEAD"),
            ("OPTIONS", "/healthz", "GET, HEAD"),
        ):
            with self.subTest(method=method, path=path):
                answer = self.server.call(method, path)
                self.assert_problem(answer, 405, "method-not-allowed")
                self.assertEqual(allow, answer.headers["Allow"])

    def test_head_answers_as_get_without_a_body(self):
        for path in ("/healthz", "/api/v1/languages", "/", "/nothing"):
            with self.subTest(path=path):
                get, got = self.server.call("GET", path), self.server.call("HEAD", path)
                self.assertEqual((get.status, b"", get.headers["Content-Length"]),
                                 (got.status, got.body, got.headers["Content-Length"]))

    def test_health_and_readiness(self):
        self.assertEqual({"status": "ok"}, self.server.call("GET", "/healthz").json)
        self.assertEqual({"status": "ready"}, self.server.call("GET", "/readyz").json)

    def test_the_languages_are_listed(self):
        languages = {item["name"]: item for item in self.server.call("GET", "/api/v1/languages").json}
        self.assertLessEqual({"elixir", "erlang", "python", "javascript", "c", "bash"}, set(languages))
        self.assertLessEqual({"name", "version", "aliases", "file", "warm", "limits"}, set(languages["bash"]))
        self.assertEqual(10000, languages["bash"]["limits"]["wall_ms"])

    def test_the_type_of_a_problem_is_an_address_that_says_what_it_means(self):
        uri = self.server.call("GET", "/nothing").json["type"]
        self.assertIn(b"404", self.server.call("GET", uri).body)

    def test_every_answer_forbids_what_browsers_could_be_tricked_into(self):
        for answer in (self.server.call("GET", "/"), self.server.call("GET", "/healthz"), self.server.call("GET", "/x")):
            self.assertEqual("nosniff", answer.headers["X-Content-Type-Options"])
            self.assertEqual("same-origin", answer.headers["Referrer-Policy"])
            self.assertEqual("no-store", answer.headers["Cache-Control"])
            self.assertIn("default-src 'none'", answer.headers["Content-Security-Policy"])
            self.assertNotIn("unsafe", answer.headers["Content-Security-Policy"])

    # ---- Host, type, size ----

    def test_a_host_that_is_not_ours_is_misdirected(self):
        for host, status in (("localhost", 200), ("127.0.0.1:1", 200), ("[::1]", 200), ("LOCALHOST.", 200),
                             ("phial.example", 200), ("other.example:80", 200), ("evil.example", 421),
                             ("localhost.evil.example", 421), ("127.0.0.1.evil.example", 421), ("", 421),
                             ("localhost:x", 421), ("[::1", 421), ("phial.example@evil.example", 421)):
            with self.subTest(host=host):
                answer = self.server.call("GET", "/healthz", headers={"Host": host})
                self.assertEqual(status, answer.status)
                if status == 421:
                    self.assert_problem(answer, 421, "wrong-host")

    def test_a_body_that_is_not_json_by_its_type_is_unsupported(self):
        body = json.dumps(run_body("bash", "true"))
        for kind in (None, "text/plain", "application/x-www-form-urlencoded", "application/jsonx", "multipart/form-data"):
            with self.subTest(kind=kind):
                answer = self.server.call("POST", "/api/v1/runs", body, {"Content-Type": kind} if kind else {})
                self.assert_problem(answer, 415, "unsupported-media")
        for kind in ("application/json; charset=utf-8", "Application/JSON"):
            self.assertEqual(200, self.server.call("POST", "/api/v1/runs", body, {"Content-Type": kind}).status)

    def test_a_compressed_body_is_unsupported(self):
        answer = self.server.call("POST", "/api/v1/runs", "{}",
                                  {"Content-Type": "application/json", "Content-Encoding": "gzip"})
        self.assert_problem(answer, 415, "unsupported-media")

    def test_a_body_over_the_bound_is_refused_and_the_client_can_read_why(self):
        body = b'{"x":"' + b"y" * (25 << 20) + b'"}'
        answer = self.server.call("POST", "/api/v1/runs", body, {"Content-Type": "application/json"})
        self.assert_problem(answer, 413, "body-too-large")

    def test_a_body_over_the_bound_is_refused_before_it_is_sent_when_the_client_asks(self):
        with self.server.connect() as sock:
            sock.sendall(head("POST /api/v1/runs HTTP/1.1", "Host: localhost", "Content-Type: application/json",
                              "Content-Length: 999999999999", "Expect: 100-continue"))
            self.assert_raw_problem(read_to_end(sock), 413, "body-too-large")

    def test_a_client_that_asks_whether_to_go_on_is_told_so(self):
        body = json.dumps(run_body("bash", "echo x")).encode()
        with self.server.connect() as sock:
            sock.sendall(head("POST /api/v1/runs HTTP/1.1", "Host: localhost", "Content-Type: application/json",
                              f"Content-Length: {len(body)}", "Expect: 100-continue", "Connection: close"))
            self.assertTrue(sock.recv(1000).startswith(b"HTTP/1.1 100 "))
            sock.sendall(body)
            self.assertIn(b'"stdout":"x\\n"', read_to_end(sock))

    def test_an_unknown_expectation_fails(self):
        self.assert_problem(self.server.call("GET", "/healthz", headers={"Expect": "tea"}), 417, "expectation-failed")

    def test_a_long_address_and_a_large_head_are_refused(self):
        self.assert_problem(self.server.call("GET", "/" + "x" * 5000), 414, "target-too-long")
        self.assert_problem(self.server.call("GET", "/", headers={"X": "y" * 20000}), 431, "head-too-large")
        many = {f"X-{i}": "y" for i in range(100)}
        self.assert_problem(self.server.call("GET", "/", headers=many), 431, "head-too-large")

    # ---- framing ----

    def test_what_two_readers_could_read_in_two_ways_is_refused(self):
        post, host = "POST /api/v1/runs HTTP/1.1", "Host: localhost"
        kind = "Content-Type: application/json"
        cases = {
            "both lengths": (400, head(post, host, kind, "Content-Length: 5", "Transfer-Encoding: chunked") + b"0\r\n\r\n"),
            "chunked": (411, head(post, host, kind, "Transfer-Encoding: chunked") + b"0\r\n\r\n"),
            "odd coding": (411, head(post, host, kind, "Transfer-Encoding: \x0bchunked".replace("\x0b", "x"))),
            "two lengths": (400, head(post, host, kind, "Content-Length: 5", "Content-Length: 6") + b"12345"),
            "two equal lengths": (400, head(post, host, kind, "Content-Length: 5", "Content-Length: 5") + b"12345"),
            "list of lengths": (400, head(post, host, kind, "Content-Length: 5, 5") + b"12345"),
            "signed length": (400, head(post, host, kind, "Content-Length: +5") + b"12345"),
            "negative length": (400, head(post, host, kind, "Content-Length: -5")),
            "hexadecimal length": (400, head(post, host, kind, "Content-Length: 0x5") + b"12345"),
            "huge length": (400, head(post, host, kind, "Content-Length: 99999999999999999999")),
            "empty length": (400, head(post, host, kind, "Content-Length: ")),
            "space before the colon": (400, head(post, host, kind, "Content-Length : 5") + b"12345"),
            "folded line": (400, head(post, host, "X: a\r\n b", kind)),
            "folded first line": (400, b"GET / HTTP/1.1\r\n Host: localhost\r\n\r\n"),
            "bare line feeds": (400, b"GET /healthz HTTP/1.1\nHost: localhost\n\n"),
            "bare carriage return": (400, b"GET /healthz HTTP/1.1\r\nHost: localhost\rX: y\r\n\r\n"),
            "zero byte": (400, b"GET /healthz HTTP/1.1\r\nHost: local\0host\r\n\r\n"),
            "two hosts": (400, head("GET /healthz HTTP/1.1", host, host)),
            "no host": (400, head("GET /healthz HTTP/1.1")),
            "no name": (400, head("GET /healthz HTTP/1.1", host, ": x")),
            "no colon": (400, head("GET /healthz HTTP/1.1", host, "x")),
            "no version": (400, head("GET /healthz", host)),
            "version 2": (505, head("GET /healthz HTTP/2.0", host)),
            "odd version": (400, head("GET /healthz FTP/1.1", host)),
            "three spaces": (400, head("GET  /healthz  HTTP/1.1", host)),
            "no slash": (400, head("GET healthz HTTP/1.1", host)),
            "star": (400, head("OPTIONS * HTTP/1.1", host)),
            "authority": (400, head("CONNECT localhost:80 HTTP/1.1", host)),
            "space in the address": (400, head("GET /a b HTTP/1.1", host)),
            "high byte in the address": (400, "GET /\u00e9 HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()),
            "TLS": (400, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 20),
            "two keys": (400, head("GET /healthz HTTP/1.1", host, "Authorization: Bearer a", "Authorization: Bearer b")),
        }
        for name, (status, data) in cases.items():
            with self.subTest(name=name):
                got = self.server.raw(data + b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
                self.assertEqual(status, status_of(got), got)
                self.assertIn(b"Content-Type: application/problem+json", got)
                self.assertEqual(1, len(re.findall(rb"HTTP/1\.[01] \d{3} ", got)), "what followed was read as a request of its own")

    def test_an_absolute_address_names_the_host(self):
        got = self.server.raw(head("GET http://localhost/healthz HTTP/1.1", "Host: evil.example", "Connection: close"))
        self.assertEqual(200, status_of(got))
        got = self.server.raw(head("GET http://evil.example/healthz HTTP/1.1", "Host: localhost", "Connection: close"))
        self.assertEqual(421, status_of(got))

    def test_a_body_where_none_belongs_is_not_read_as_a_request(self):
        inner = head("GET /api/v1/languages HTTP/1.1", "Host: localhost")
        for method in ("HEAD", "GET", "DELETE", "TRACE", "BREW"):
            with self.subTest(method=method):
                got = self.server.raw(
                    head(f"{method} /healthz HTTP/1.1", "Host: localhost", f"Content-Length: {len(inner)}") + inner +
                    head("GET /healthz HTTP/1.1", "Host: localhost", "Connection: close"))
                self.assertNotIn(b"elixir", got)
                self.assertEqual(2, got.count(b"HTTP/1.1 "))

    def test_many_requests_on_one_connection_are_answered_in_order(self):
        one = head("GET /healthz HTTP/1.1", "Host: localhost")
        other = head("GET /nothing HTTP/1.1", "Host: localhost")
        last = head("GET /readyz HTTP/1.1", "Host: localhost", "Connection: close")
        got = self.server.raw((one + other) * 50 + last)
        self.assertEqual(101, got.count(b"HTTP/1.1 "))
        self.assertEqual(50, got.count(b"HTTP/1.1 404"))
        self.assertTrue(got.rstrip().endswith(b'{"status":"ready"}'))

    def test_a_request_that_comes_while_another_runs_waits_for_it(self):
        body = json.dumps(run_body("bash", "sleep 0.5; echo first")).encode()
        got = self.server.raw(
            head("POST /api/v1/runs HTTP/1.1", "Host: localhost", "Content-Type: application/json",
                 f"Content-Length: {len(body)}") + body +
            head("GET /readyz HTTP/1.1", "Host: localhost", "Connection: close"))
        self.assertEqual(2, got.count(b"HTTP/1.1 200"))
        self.assertLess(got.index(b"first"), got.index(b"ready"))

    def test_a_flood_behind_a_request_that_runs_is_not_buffered(self):
        body = json.dumps(run_body("bash", "sleep 2")).encode()
        with self.server.connect(3) as sock:
            sock.sendall(head("POST /api/v1/runs HTTP/1.1", "Host: localhost", "Content-Type: application/json",
                              f"Content-Length: {len(body)}") + body)
            sent = 0
            try:
                while sent < 64 << 20:
                    sent += sock.send(b"x" * 65536)
            except (TimeoutError, ConnectionError):
                pass
            self.assertLess(sent, 32 << 20)

    def test_a_head_may_come_byte_by_byte(self):
        with self.server.connect() as sock:
            for byte in head("GET /healthz HTTP/1.1", "Host: localhost", "Connection: close"):
                sock.sendall(bytes([byte]))
            self.assertEqual(200, status_of(read_to_end(sock)))

    def test_a_body_may_come_byte_by_byte(self):
        body = json.dumps(run_body("bash", "echo x")).encode()
        with self.server.connect() as sock:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.sendall(head("POST /api/v1/runs HTTP/1.1", "Host: localhost", "Content-Type: application/json",
                              f"Content-Length: {len(body)}", "Connection: close"))
            for byte in body:
                sock.sendall(bytes([byte]))
            self.assertEqual(200, status_of(read_to_end(sock)))

    def test_http_1_0_is_answered_and_closed(self):
        got = self.server.raw(head("GET /healthz HTTP/1.0", "Host: localhost"))
        self.assertTrue(got.startswith(b"HTTP/1.0 200"), got)
        path = self.server.start_run("bash", "echo x")
        got = self.server.raw(head(f"GET {path}/events HTTP/1.0", "Host: localhost"))
        self.assertIn(b"event: result", got)
        self.assertNotIn(b"chunked", got)

    def test_a_refusal_keeps_the_connection_when_the_next_request_is_certain(self):
        import http.client

        connection = http.client.HTTPConnection("127.0.0.1", self.server.port)
        self.assertEqual(404, self.server.call_on(connection, "GET", "/nothing").status)
        sock = connection.sock
        self.assertEqual(415, self.server.call_on(connection, "POST", "/api/v1/runs", "x" * 100000).status)
        self.assertEqual(200, self.server.call_on(connection, "GET", "/healthz").status)
        self.assertIs(sock, connection.sock)
        connection.close()

    # ---- who calls ----

    def test_a_call_that_a_proxy_passed_on_needs_a_key(self):
        for name in ("Forwarded", "X-Forwarded-For", "X-Real-IP"):
            answer = self.server.call("GET", "/metrics", headers={name: "192.0.2.1"})
            self.assert_problem(answer, 401, "unauthorized")

    def test_a_key_that_is_not_known_is_refused_on_loopback_too(self):
        answer = self.server.call("GET", "/metrics", headers={"Authorization": "Bearer phial_" + "0" * 64})
        self.assert_problem(answer, 401, "unauthorized")

    def test_the_unix_socket_takes_calls_and_knows_its_users(self):
        with socket.socket(socket.AF_UNIX) as sock:
            sock.connect(self.server.socket)
            body = json.dumps(run_body("bash", "echo x")).encode()
            sock.sendall(head("POST /api/v1/runs HTTP/1.1", "Host: anything", "Content-Type: application/json",
                              f"Content-Length: {len(body)}", "Connection: close") + body)
            self.assertEqual(200, status_of(read_to_end(sock)))
        self.assertEqual("uid:0", self.server.audit_lines()[-1]["client"])

    # ---- other sites' pages ----

    def test_only_named_origins_may_call_from_a_page(self):
        good = {"Origin": "https://good.example"}
        answer = self.server.call("GET", "/healthz", headers=good)
        self.assertEqual("https://good.example", answer.headers["Access-Control-Allow-Origin"])
        for origin in ("https://evil.example", "https://good.example.evil", "http://good.example", "null"):
            answer = self.server.call("GET", "/healthz", headers={"Origin": origin})
            self.assertNotIn("Access-Control-Allow-Origin", answer.headers)
        ask = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
        answer = self.server.call("OPTIONS", "/api/v1/runs", headers={**good, **ask})
        self.assertEqual((204, "POST"), (answer.status, answer.headers["Access-Control-Allow-Methods"]))
        self.assertIn("Content-Type", answer.headers["Access-Control-Allow-Headers"])
        answer = self.server.call("OPTIONS", "/api/v1/runs", headers={"Origin": "https://evil.example", **ask})
        self.assertEqual(405, answer.status)
        self.assertNotIn("Access-Control-Allow-Origin", answer.headers)

    # ---- slow, half dead, many ----

    def test_slow_clients_are_let_go(self):
        """A head that never ends, a body that never comes, a client that never speaks; all at once, since each takes
        the server's patience."""
        partial = {
            "silent": b"",
            "slow head": b"GET /healthz HTTP/1.1\r\nHost: loc",
            "slow body": head("POST /api/v1/runs HTTP/1.1", "Host: localhost", "Content-Type: application/json",
                              "Content-Length: 1000") + b'{"language"',
            "slow refused body": head("POST /nothing HTTP/1.1", "Host: localhost", "Content-Length: 1000") + b"x",
        }
        results = {}

        def talk(name, data):
            with self.server.connect(100) as sock:
                sock.sendall(data)
                stop = threading.Event()

                def drip():
                    while name == "slow head" and not stop.wait(0.5):
                        try:
                            sock.send(b"a")
                        except OSError:
                            return

                thread = threading.Thread(target=drip)
                thread.start()
                results[name] = read_to_end(sock)
                stop.set()
                thread.join()

        threads = [threading.Thread(target=talk, args=item) for item in partial.items()]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(set(partial), set(results))
        self.assertEqual(b"", results["silent"])
        self.assertIn(status_of(results["slow head"]), (0, 408))
        self.assertEqual(200, self.server.call("GET", "/healthz").status)
        self.server.wait_metric("phial_http_connections", 1)

    def test_a_client_that_resets_its_connection_leaves_nothing(self):
        body = json.dumps(run_body("bash", "sleep 30")).encode()
        whole = head("POST /api/v1/runs HTTP/1.1", "Host: localhost", "Content-Type: application/json",
                     f"Content-Length: {len(body)}") + body
        for cut in (0, 10, len(whole) - len(body), len(whole) - 5, len(whole)):
            sock = self.server.connect()
            sock.sendall(whole[:cut])
            time.sleep(0.05)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            sock.close()
        self.server.wait_metric("phial_http_connections", 1)
        self.server.wait_metric("phial_runs_running", 0)
        self.assertEqual(0, self.server.metric("phial_http_body_bytes"))

    def test_a_client_that_does_not_read_its_answer_stops_no_other(self):
        path = self.server.start_run("bash", "head -c 1000000 /dev/zero | tr '\\0' x")
        self.server.wait_for(path)
        socks = []
        for _ in range(20):
            sock = socket.socket()
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            sock.connect(("127.0.0.1", self.server.port))
            sock.sendall(head(f"GET {path} HTTP/1.1", "Host: localhost"))
            socks.append(sock)
        self.assertEqual("ok", self.server.run("bash", "true").json["status"])
        for sock in socks:
            sock.close()

    def test_random_bytes_do_no_harm(self):
        import random

        chance = random.Random(4)
        words = [b"GET ", b"POST ", b"/api/v1/runs", b" HTTP/1.1", b"\r\n", b"\r\n\r\n", b"Host: localhost\r\n",
                 b"Content-Length: 10\r\n", b"\n", b"\0", b":", b" ", b"Expect: 100-continue\r\n", b"{}", b"\xff" * 9]
        for _ in range(300):
            data = b"".join(chance.choice(words) for _ in range(chance.randrange(1, 20)))
            with self.server.connect() as sock:
                sock.sendall(data)
                sock.shutdown(socket.SHUT_WR)
                read_to_end(sock)
        self.assertEqual(200, self.server.call("GET", "/healthz").status)
        self.assertNotIn("frontend died", self.server.read_log())


class Connections(unittest.TestCase):
    def test_connections_over_the_bound_are_told_so_and_others_go_on(self):
        with Server(connections_most="20") as server:
            body = json.dumps(run_body("bash", "sleep 30")).encode()
            kept = [server.connect() for _ in range(20)]
            for sock in kept:
                sock.sendall(head("POST /api/v1/runs HTTP/1.1", "Host: localhost", "Content-Type: application/json",
                                  f"Content-Length: {len(body)}") + body)
            answer = server.raw(head("GET /healthz HTTP/1.1", "Host: localhost"))
            self.assertEqual(503, status_of(answer))
            self.assertIn(b"Retry-After", answer)
            self.assertEqual("/problems/too-many-connections", problem_of(answer)["type"])
            flood = [server.connect() for _ in range(100)]
            for sock in flood + kept:
                sock.close()
            for _ in range(500):
                if status_of(server.raw(head("GET /healthz HTTP/1.1", "Host: localhost", "Connection: close"))) == 200:
                    break
                time.sleep(0.02)
            server.wait_metric("phial_http_connections", 1)


    def test_clients_that_say_nothing_make_room_for_others(self):
        with Server(connections_most="20") as server:
            silent = [server.connect() for _ in range(19)]
            kept = server.connect()
            kept.sendall(head("GET /healthz HTTP/1.1", "Host: localhost"))
            self.assertEqual(200, status_of(kept.recv(4096)))
            time.sleep(1.5)
            for _ in range(10):
                got = server.raw(head("GET /healthz HTTP/1.1", "Host: localhost", "Connection: close"))
                self.assertEqual(200, status_of(got), got)
            for sock in silent + [kept]:
                sock.close()


class Rates(unittest.TestCase):
    def test_a_client_that_calls_too_often_is_told_when_to_come_again(self):
        with Server(requests_per_minute="30") as server:
            answers = [server.call("GET", "/healthz") for _ in range(40)]
            statuses = [answer.status for answer in answers]
            self.assertGreaterEqual(statuses.count(200), 30)
            self.assertEqual(429, statuses[-1])
            last = answers[-1]
            self.assertEqual("/problems/too-many-requests", last.json["type"])
            self.assertGreaterEqual(int(last.headers["Retry-After"]), 1)


if __name__ == "__main__":
    unittest.main()

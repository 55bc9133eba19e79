"""Bad input: each fault has its type and the pointer of the offending field."""
import json
import unittest

from server import Server, run_body


class Errors(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server().start()

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    def post(self, body):
        if not isinstance(body, (str, bytes)):
            body = json.dumps(body)
        return self.server.call("POST", "/api/v1/runs", body, {"Content-Type": "application/json"})

    def assert_problem(self, body, name, pointer=None, status=400):
        answer = self.post(body)
        self.assertEqual(status, answer.status, answer.body)
        self.assertEqual("application/problem+json", answer.headers["Content-Type"])
        got = answer.json
        self.assertEqual(("/problems/" + name, pointer), (got["type"], got.get("pointer")), got)
        self.assertEqual(status, got["status"])
        self.assertTrue(got["title"] and got["detail"])

    def test_what_is_not_json_is_told_with_line_and_column(self):
        for body in ("", "{", "nonsense", "{'a':1}", '{"a":1,}', '{"language":"bash"}{}', b'{"a":"\xff"}',
                     '{"language":"bash","language":"c"}', '{"a":1e999}', "[" * 10, '{"\\u0000":1}', '"\\ud800"'):
            with self.subTest(body=body):
                self.assert_problem(body, "invalid-json")
        self.assertRegex(self.post('{\n "a": }').json["detail"], "line 2, column ")

    def test_what_is_no_object_is_refused(self):
        for body in ("[]", "[1]"):
            self.assert_problem(body, "invalid-request")

    def test_a_body_of_a_million_values_is_refused_before_it_is_read(self):
        self.assert_problem("[" + "[]," * 1000000 + "[]]", "invalid-request")
        self.assert_problem("[" * 100000, "invalid-request")

    def test_each_bad_field_is_pointed_at(self):
        good = {"language": "bash", "files": [{"name": "main.sh", "content": "true"}]}
        file = good["files"][0]
        cases = [
            ({"files": good["files"]}, "/language"),
            ({"language": "bash"}, "/files"),
            ({**good, "language": 1}, "/language"),
            ({**good, "language": "bash\0"}, "/language"),
            ({**good, "files": {}}, "/files"),
            ({**good, "files": []}, "/files"),
            ({**good, "files": [file] * 101}, "/files"),
            ({**good, "files": ["x"]}, "/files/0"),
            ({**good, "files": [file, {"content": ""}]}, "/files/1/name"),
            ({**good, "files": [{"name": "x"}]}, "/files/0/content"),
            ({**good, "files": [{"name": "x", "content": 1}]}, "/files/0/content"),
            ({**good, "files": [{"name": "x", "content": "!", "encoding": "base64"}]}, "/files/0/content"),
            ({**good, "files": [{"name": "x", "content": "", "encoding": "rot13"}]}, "/files/0/encoding"),
            ({**good, "files": [{"name": "x", "content": "", "mode": 7}]}, "/files/0/mode"),
            ({**good, "files": [{"name": 1, "content": ""}]}, "/files/0/name"),
            ({**good, "files": [file, file]}, "/files/1/name"),
            ({**good, "files": [file, {"name": "main.sh/x", "content": ""}]}, "/files/1/name"),
            ({**good, "stdin": 1}, "/stdin"),
            ({**good, "args": "x"}, "/args"),
            ({**good, "args": ["x", 1]}, "/args/1"),
            ({**good, "args": ["a\0b"]}, "/args/0"),
            ({**good, "args": ["x"] * 300}, "/args"),
            ({**good, "args": ["x" * 70000]}, "/args"),
            ({**good, "env": []}, "/env"),
            ({**good, "env": {"A": 1}}, "/env/A"),
            ({**good, "env": {"A=B": "x"}}, "/env/A=B"),
            ({**good, "env": {"1A": "x"}}, "/env/1A"),
            ({**good, "env": {"a/b~c": "x"}}, "/env/a~1b~0c"),
            ({**good, "env": {"": "x"}}, "/env/"),
            ({**good, "env": {"A": "x\0"}}, "/env/A"),
            ({**good, "limits": []}, "/limits"),
            ({**good, "limits": {"wall_ms": -1}}, "/limits/wall_ms"),
            ({**good, "limits": {"wall_ms": "1"}}, "/limits/wall_ms"),
            ({**good, "limits": {"wall_ms": 1.5}}, "/limits/wall_ms"),
            ({**good, "limits": {"walls": 1}}, "/limits/walls"),
            ({**good, "trace": 1}, "/trace"),
            ({**good, "encoding": "utf16"}, "/encoding"),
            ({**good, "interactive": "yes"}, "/interactive"),
            ({**good, "interactive": True}, "/interactive"),
            ({**good, "unknown": None}, "/unknown"),
            ({**good, "a/b~": None}, "/a~1b~0"),
        ]
        for name in ("../x", "/etc/passwd", "a/../b", "a//b", ".", "..", "a/", "", "a\n", "a\0b", "x" * 256, "./a"):
            cases.append(({**good, "files": [{"name": name, "content": ""}]}, "/files/0/name"))
        for body, pointer in cases:
            with self.subTest(pointer=pointer, body=str(body)[:80]):
                self.assert_problem(body, "invalid-request", pointer)

    def test_an_unknown_language_is_pointed_at(self):
        for name in ("cobol", "", "../bash", "BASH", "x" * 1000, "\u20ac" * 40):
            with self.subTest(name=name):
                self.assert_problem(run_body(name, ""), "unknown-language", "/language")

    def test_sizes_over_the_bounds_are_pointed_at(self):
        self.assert_problem(run_body("bash", "x" * ((8 << 20) + 1)), "invalid-request", "/files/0/content")
        self.assert_problem(run_body("bash", "", stdin="x" * ((8 << 20) + 1)), "invalid-request", "/stdin")

    def test_a_source_of_no_bytes_and_of_a_mebibyte_run(self):
        self.assertEqual("ok", self.post(run_body("bash", "")).json["status"])
        self.assertEqual("ok", self.post(run_body("bash", "#" + "x" * (1 << 20))).json["status"])

    def test_nothing_of_a_refused_request_was_started(self):
        before = self.server.metric("phial_runs_started_total")
        self.post({"language": "bash", "files": [{"content": "true"}], "limits": {"wall_ms": -1}})
        self.assertEqual(before, self.server.metric("phial_runs_started_total"))


if __name__ == "__main__":
    unittest.main()

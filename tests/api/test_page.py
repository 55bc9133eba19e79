"""The playground, without JavaScript."""
import re
import unittest
import urllib.parse

from server import Server


class Page(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server().start()

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    def post(self, headers=None, **fields):
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.server.call("POST", "/run", urllib.parse.urlencode(fields), {**kind, **(headers or {})})

    def test_it_has_a_form_with_every_language_and_asks_nobody_else_for_anything(self):
        answer = self.server.call("GET", "/play")
        self.assertEqual((200, "text/html; charset=utf-8"), (answer.status, answer.headers["Content-Type"]))
        page = answer.body.decode()
        for language in self.server.call("GET", "/api/v1/languages").json:
            self.assertIn(f'<option value="{language["name"]}"', page)
        for script in re.findall(r"<script[^>]*>[^<]*", page):
            self.assertRegex(script, r'^<script type="module" src="/static/[^"]*">$')
        self.assertNotRegex(page, r"style\s*=")
        self.assertNotIn("://", page)
        for path in re.findall(r'(?:href|src)="([^"]*)"', page):
            if not path.startswith("#"):
                self.assertEqual(200, self.server.call("GET", path).status, path)

    def test_a_language_can_be_chosen_in_the_address(self):
        page = self.server.call("GET", "/play?language=python").body.decode()
        self.assertIn('<option value="python" data-file="main.py" selected>', page)

    def test_a_program_runs_and_its_output_is_shown_with_the_form_as_it_was(self):
        answer = self.post(language="bash", code="read x\r\necho \"$x & more\"\r\necho oops >&2\r\n", stdin="typed\r\n")
        page = answer.body.decode()
        self.assertEqual(200, answer.status)
        self.assertIn('<pre class="output">typed &amp; more\n</pre>', page)
        self.assertIn('<pre class="errors">oops\n</pre>', page)
        self.assertIn("echo &quot;$x &amp; more&quot;", page)
        self.assertIn('<option value="bash" data-file="main.sh" selected>', page)

    def test_what_a_program_writes_is_never_read_as_html(self):
        evil = "<script>alert(1)</script>\"'&{{code}}"
        page = self.post(language="bash", code=f"cat <<'E'\n{evil}\nE\n").body.decode()
        self.assertNotIn("<script>", page)
        self.assertIn("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;{{code}}", page)

    def test_a_form_from_another_site_is_refused(self):
        for headers in ({"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"},
                        {"Sec-Fetch-Site": "same-site"}, {"Origin": "http://127.0.0.1.evil.example"}):
            with self.subTest(headers=headers):
                answer = self.post(headers, language="bash", code="true")
                self.assertEqual((403, "/problems/forbidden"), (answer.status, answer.json["type"]))
        own = f"http://127.0.0.1:{self.server.port}"
        self.assertEqual(200, self.post({"Origin": own, "Sec-Fetch-Site": "same-origin"}, language="bash", code="true").status)

    def test_a_bad_form_gets_a_page_that_says_why(self):
        for status, fields in ((400, {"language": "cobol", "code": "x"}), (400, {"language": "bash"}), (400, {})):
            answer = self.post(**fields)
            self.assertEqual((status, "text/html; charset=utf-8"), (answer.status, answer.headers["Content-Type"]))
        answer = self.server.call("POST", "/run", "language=bash&code=%zz",
                                  {"Content-Type": "application/x-www-form-urlencoded"})
        self.assertEqual(400, answer.status)
        self.assertEqual(415, self.server.call("POST", "/run", {"language": "bash"}).status)

    def test_a_reader_that_leaves_has_the_run_stopped(self):
        body = b"language=bash&code=sleep+50"
        with self.server.connect() as sock:
            sock.sendall(b"POST /run HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                         b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
            self.server.wait_metric("phial_runs_running", 1)
        self.server.wait_metric("phial_runs_running", 0)


if __name__ == "__main__":
    unittest.main()

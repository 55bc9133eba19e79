"""The site over HTTP, as a browser without JavaScript sees it and as the page's scripts call it: pages, forms, what
is sent along with them, static files, search, sharing, live runs."""
import gzip
import html.parser
import http.client
import json
import os
import re
import select
import shutil
import signal
import tempfile
import time
import unittest
import urllib.parse

import test_queue
from course import write
from server import Answer, Server

bearer, new_key = test_queue.bearer, test_queue.new_key
del test_queue

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
HTML = {"Accept": "text/html,application/xhtml+xml;q=0.9"}
VOID = {"meta", "link", "img", "input", "br", "hr", "rect"}

FIRST = """---
title: First & last
summary: Where <all> begins.
---

Some *text* with <b>raw</b> HTML and a [link](02-second.md#more).

```bash run hide=define
greet() { echo "hello $1"; }
```

```bash run after=define
greet world
```

```output
hello world
```

```bash run
read line
echo "got $line"
```

```stdin
a line
```

```bash error
exit 3
```

## Practice

### Exercise: Print one

Print one.

```bash exercise=one
```
"""
SECOND = """---
title: Second
summary: And where it goes on.
---

Nothing runs here. A zebra stands here.

## More

More of that: zebras sleep.

### Exercise: Print two

```bash exercise=two
```
"""
EXERCISE = """title: Print {name}
difficulty: {difficulty}
hints: [First hint., Second hint., Third hint.]
misconceptions:
  - {{pattern: printf, say: Try `echo`.}}
expect:
  - stdout: "{name}\\n"
"""


def make_pages(folder):
    """A course of two lessons and two exercises; its path."""
    course = os.path.join(folder, "pages")
    write(os.path.join(course, "course.yaml"), "title: Pages & more\nlanguage: bash\nsummary: For tests.\n"
                                               "author: A <b>\nlicense: CC0-1.0\n")
    write(os.path.join(course, "01-first.md"), FIRST)
    write(os.path.join(course, "02-second.md"), SECOND)
    for difficulty, name in ((1, "one"), (4, "two")):
        below = os.path.join(course, "exercises", name)
        write(os.path.join(below, "exercise.yaml"), EXERCISE.format(name=name, difficulty=difficulty))
        write(os.path.join(below, "stub.sh"), "# print <here>\n")
        write(os.path.join(below, "solution.sh"), f"echo {name}\n")
    return course


class Outline(html.parser.HTMLParser):
    """What a page holds; a tag that is not closed, or an id that stands twice, is an error."""

    def __init__(self, text):
        super().__init__()
        self.open, self.ids, self.headings, self.tags, self.links = [], [], [], [], []
        self.feed(text)
        self.close()
        assert not self.open, self.open
        assert len(self.ids) == len(set(self.ids)), self.ids

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        self.tags.append((tag, values))
        if "id" in values:
            self.ids.append(values["id"])
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        for name in ("href", "src", "action", "formaction"):
            if name in values:
                self.links.append(values[name])
        assert not any(name.startswith("on") or name == "style" for name in values), values
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, (tag, self.open[-3:])
        self.open.pop()


class SiteTest(unittest.TestCase):
    settings = {}

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="phial-site-")
        os.chmod(cls.folder, 0o755)
        cls.course = make_pages(cls.folder)
        cls.server = Server(course_dirs=cls.folder, **cls.settings).start()

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()
        shutil.rmtree(cls.folder)

    def get(self, path, headers=None, status=200):
        answer = self.server.call("GET", path, headers={**HTML, **(headers or {})})
        self.assertEqual(status, answer.status, answer.body[:300])
        return answer.body.decode()

    def post(self, path, headers=None, status=200, **fields):
        answer = self.server.call("POST", path, urllib.parse.urlencode(fields), {**FORM, **HTML, **(headers or {})})
        self.assertEqual(status, answer.status, answer.body[:300])
        return answer.body.decode()

    def learner(self):
        """The header of a browser that has its cookie already."""
        cookie = self.server.call("GET", "/").headers["Set-Cookie"]
        return {"Cookie": cookie.split(";")[0]}

    def part(self, page, id):
        """The section with this id."""
        found = re.search(rf'<section [^>]*id="{re.escape(id)}".*?</section>', page, re.S)
        self.assertTrue(found, id)
        return found.group()


class Pages(SiteTest):
    def test_every_page_is_well_formed_and_its_headings_are_in_order(self):
        for path, status in (("/", 200), ("/learn/pages/first", 200), ("/learn/pages/second", 200), ("/play", 200),
                             ("/search?q=zebra", 200), ("/search", 200), ("/account", 200), ("/teach", 403),
                             ("/nothing", 404), ("/learn/pages/third", 404)):
            with self.subTest(path=path):
                outline = Outline(self.get(path, status=status))
                self.assertEqual(1, outline.headings.count(1))
                for before, after in zip(outline.headings, outline.headings[1:]):
                    self.assertLessEqual(after, before + 1, outline.headings)
                for tag in ("main", "header", "nav", "footer", "title"):
                    self.assertIn(tag, [name for name, _ in outline.tags])
                self.assertIn("main", outline.ids)
                self.assertTrue(any(tag == "a" and values.get("href") == "#main" for tag, values in outline.tags))

    def test_all_that_a_page_links_to_is_there(self):
        seen = set()
        for page in ("/", "/learn/pages/first", "/learn/pages/second", "/play", "/account"):
            text = self.get(page)
            self.assertNotIn("://", text)
            for tag, values in Outline(text).tags:
                link = values.get("href" if tag in ("a", "link") else "src")
                if link:
                    seen.add(urllib.parse.urljoin(page, link))
        for link in sorted(seen):
            path, _, anchor = link.partition("#")
            with self.subTest(link=link):
                self.assertFalse(anchor and anchor not in Outline(self.get(path)).ids)
                self.assertEqual(200, self.server.call("GET", path).status)

    def test_a_page_is_the_same_when_it_comes_compressed(self):
        learner = self.learner()
        self.server.call("POST", "/site/hint", {"exercise": "pages/first/one"}, learner)
        for path in ("/", "/learn/pages/first", "/learn/pages/second"):
            plain = self.server.call("GET", path, headers=learner)
            packed = self.server.call("GET", path, headers={**learner, "Accept-Encoding": "gzip, deflate, br"})
            self.assertEqual((None, "gzip"), (plain.headers["Content-Encoding"], packed.headers["Content-Encoding"]))
            self.assertEqual(plain.body, gzip.decompress(packed.body))
            self.assertLess(len(packed.body), len(plain.body))
            self.assertIn("Accept-Encoding", packed.headers["Vary"])

    def test_the_policy_of_contents_lets_in_this_server_only(self):
        policy = self.server.call("GET", "/").headers["Content-Security-Policy"]
        self.assertIn("default-src 'none'", policy)
        self.assertIn("script-src 'self'", policy)
        self.assertIn("frame-ancestors 'none'", policy)
        self.assertNotRegex(policy, r"unsafe|\*|http|data:")

    def test_what_a_course_says_is_never_read_as_html(self):
        page = self.get("/learn/pages/first")
        self.assertIn("<h1>First &amp; last</h1>", page)
        self.assertIn("Where &lt;all&gt; begins.", page)
        self.assertNotIn("<b>", page)
        self.assertIn("# print &lt;here&gt;", page)
        self.assertNotIn("<b>", self.get("/"))

    def test_a_lesson_leads_to_the_one_before_and_the_one_after(self):
        first, second = self.get("/learn/pages/first"), self.get("/learn/pages/second")
        self.assertIn('<a rel="next" href="/learn/pages/second">', first)
        self.assertNotIn('rel="prev"', first)
        self.assertIn('<a rel="prev" href="/learn/pages/first">', second)
        self.assertNotIn('rel="next"', second)
        self.assertIn('<a href="/learn/pages/first" aria-current="page">', first)
        self.assertEqual("/learn/pages/first", self.server.call("GET", "/learn/pages").headers["Location"])

    def test_a_snippet_carries_what_runs_before_it_and_its_input(self):
        page = self.get("/learn/pages/first")
        self.assertEqual(2, page.count('<section class="snippet"'))
        self.assertEqual(1, page.count('<section class="snippet error"'))
        self.assertIn('<textarea hidden class="before" name="before" aria-label="What runs before">\n'
                      "greet() { echo &quot;hello $1&quot;; }\n</textarea>", page)
        self.assertIn('<p class="note">It prints</p>\n<pre class="output">hello world', self.part(page, "run.2"))
        self.assertRegex(page, r'<textarea class="stdin"[^>]*>\na line')
        self.assertIn('aria-label="Difficulty 1 of 5">●○○○○<', page)

    def test_a_browser_gets_problems_as_pages_and_a_program_as_json(self):
        page = self.get("/nothing", status=404)
        self.assertIn("<h1>There is nothing here</h1>", page)
        self.assertEqual("/problems/not-found", self.server.call("GET", "/nothing").json["type"])
        self.assertIn("<h1>", self.get("/account/sign-in", status=405))

    def test_colours_are_chosen_by_a_cookie_and_nothing_else_gets_into_the_page(self):
        self.assertIn('<html lang="en">', self.get("/"))
        self.assertIn('<html lang="en" data-theme="dark">', self.get("/", {"Cookie": "a=b; phial_theme=dark"}))
        self.assertIn('<html lang="en">', self.get("/", {"Cookie": 'phial_theme="><script>'}))
        answer = self.server.call("POST", "/theme", "theme=dark&next=%2Fplay", FORM)
        self.assertEqual((303, "/play"), (answer.status, answer.headers["Location"]))
        self.assertIn("phial_theme=dark; Path=/;", answer.headers["Set-Cookie"])

    def test_a_choice_of_colours_leads_to_no_other_site(self):
        for path in ("//evil.example/", "https://evil.example/", "/\\evil.example", "evil", "/a\nSet-Cookie: x=y", ""):
            answer = self.server.call("POST", "/theme", urllib.parse.urlencode({"theme": "x", "next": path}), FORM)
            self.assertEqual((303, "/"), (answer.status, answer.headers["Location"]), path)
            self.assertIn("phial_theme=system;", answer.headers["Set-Cookie"])


class Forms(SiteTest):
    def test_a_snippets_form_shows_the_same_page_with_the_result_in_its_place(self):
        page = self.post("/run", language="bash", at="pages/first#run.2", code="greet you\r\necho '<i>'",
                         before='greet() { echo "hello $1"; }\r\n')
        Outline(page)
        self.assertIn("<h1>First &amp; last</h1>", page)
        section = self.part(page, "run.2")
        self.assertIn('<pre class="output">hello you\n&lt;i&gt;\n</pre>', section)
        self.assertIn("greet you\necho &#39;&lt;i&gt;&#39;</textarea>", section)
        self.assertNotIn("It prints", section)
        self.assertEqual(1, page.count('class="verdict'))

    def test_a_place_that_is_none_is_the_playground(self):
        for at in ("pages/first#run.1", "pages/first#run.999", "pages/first#x", "pages/none#run.2", "x", "//", "#", "/#",
                   "pages/first#run.-1", ""):
            page = self.post("/run", language="bash", at=at, code="echo here")
            self.assertIn('<pre class="output">here\n</pre>', self.part(page, "play"), at)

    def test_a_form_without_javascript_judges_gives_hints_and_starts_again(self):
        learner = self.learner()
        exercise = {"exercise": "pages/first/one"}
        page = self.post("/check", learner, code="printf x", **exercise)
        Outline(page)
        section = self.part(page, "one")
        self.assertIn("Not yet: 1 of 1 tests did not pass.", section)
        self.assertIn("<dt>expected</dt><dd><pre>one\n</pre></dd>", section)
        self.assertIn("Try <code>echo</code>.", section)
        self.assertIn("printf x</textarea>", section)
        self.assertIn('<span class="badge" hidden>', section)
        section = self.part(self.post("/hint", learner, code="my own", **exercise), "one")
        self.assertIn("<li><p>First hint.</p>", section)
        self.assertNotIn("Second hint.", section)
        self.assertIn("my own</textarea>", section)
        section = self.part(self.post("/reset", learner, code="my own", **exercise), "one")
        self.assertIn("# print &lt;here&gt;\n</textarea>", section)
        section = self.part(self.post("/check", learner, code="echo one", **exercise), "one")
        self.assertIn("Solved: every test passed.", section)
        self.assertIn('<span class="badge">', section)
        self.assertIn("<summary>A solution</summary>", section)

    def test_a_later_visit_finds_ones_code_and_progress_and_another_visitor_does_not(self):
        learner = self.learner()
        self.post("/check", learner, code="echo two # mine", exercise="pages/second/two")
        page = self.get("/learn/pages/second", learner)
        self.assertIn("echo two # mine</textarea>", self.part(page, "two"))
        self.assertIn('<li class="done"><a href="/learn/pages/second"', page)
        self.assertRegex(page, r"</span>1 of 1</span>")
        self.assertIn(">Continue</a>", self.get("/", learner))
        other = self.get("/learn/pages/second")
        self.assertNotIn("mine", other)
        self.assertNotIn('class="done"', other)
        self.assertNotIn("A solution", other)

    def test_what_is_no_exercise_or_no_text_is_told(self):
        self.post("/check", status=404, exercise="pages/first/none", code="x")
        self.post("/hint", status=404, exercise="", code="x")
        self.post("/reset", status=404, code="x")
        page = self.post("/check", status=400, exercise="pages/first/one", code="x" * 70000)
        self.assertIn('<p class="problem">', self.part(page, "one"))
        answer = self.server.call("POST", "/check", "exercise=pages%2Ffirst%2Fone&code=%ff", {**FORM, **HTML})
        self.assertEqual(400, answer.status)

    def test_nothing_is_taken_from_another_sites_page(self):
        own = f"http://127.0.0.1:{self.server.port}"
        for path in ("/run", "/check", "/hint", "/reset", "/share", "/theme"):
            for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
                self.post(path, headers, status=403, language="bash", code="true", exercise="pages/first/one")
        for path in ("/site/check", "/site/live", "/site/share"):
            answer = self.server.call("POST", path, {"language": "bash", "code": "true"},
                                      {"Origin": "https://evil.example"})
            self.assertEqual(403, answer.status)
        self.post("/run", {"Origin": own, "Sec-Fetch-Site": "same-origin"}, language="bash", code="true")


class Scripts(SiteTest):
    """What the page's scripts call."""

    def live(self, headers=None, **body):
        return self.server.call("POST", "/site/live", {"language": "bash", **body}, headers)

    def test_a_try_is_judged_and_its_answer_says_what_is_known_of_it(self):
        learner = self.learner()
        answer = self.server.call("POST", "/site/check", {"exercise": "pages/first/one", "code": "printf x"}, learner)
        self.assertEqual(("fail", ["<p>Try <code>echo</code>.</p>\n"], [], False, False, True),
                         tuple(answer.json[name] for name in ("verdict", "misconceptions", "rules", "solution_open",
                                                              "passed_before", "kept")))
        answer = self.server.call("POST", "/site/check", {"exercise": "pages/first/one", "code": "echo one"}, learner)
        self.assertEqual(("pass", [], True, False), tuple(
            answer.json[name] for name in ("verdict", "misconceptions", "solution_open", "passed_before")))
        answer = self.server.call("POST", "/site/check", {"exercise": "pages/first/one", "code": "echo 1"}, learner)
        self.assertEqual(("fail", True), (answer.json["verdict"], answer.json["passed_before"]))

    def test_a_body_that_is_not_what_is_asked_for_is_refused(self):
        for path in ("/site/check", "/site/live", "/site/share"):
            for body, status in (("{", 400), ("[]", 400), ('{"language": 1, "code": "x", "exercise": 2}', 400),
                                 ('{"code": "\\u0000"}', 400), ("{}", 404 if path == "/site/check" else 400),
                                 ('{"a": [' + "1," * 20000 + "1]}", 400)):
                answer = self.server.call("POST", path, body, {"Content-Type": "application/json"})
                self.assertEqual(status, answer.status, (path, body[:40], answer.body))
            self.assertEqual(415, self.server.call("POST", path, "code=x", FORM).status)

    def test_the_exercises_of_the_site_can_be_judged_through_the_api(self):
        answer = self.server.call("POST", "/api/v1/grade", {
            "exercise": "pages/first/one", "files": [{"name": "solution.sh", "content": "echo one"}]})
        self.assertEqual((200, "pass"), (answer.status, answer.json.get("verdict")), answer.body)

    def test_a_live_run_answers_as_any_run(self):
        answer = self.live(code="greet you", before='greet() { echo "hi $1"; }')
        self.assertEqual((200, "ok", "hi you\n"), (answer.status, answer.json["status"], answer.json["stdout"]))
        self.assertEqual(1000, answer.json["limits"]["wall_ms"])

    def test_a_live_run_that_lasts_is_stopped(self):
        self.assertEqual("timeout", self.live(code="sleep 20").json["status"])

    def test_a_live_run_ends_with_the_connection_that_asked_for_it(self):
        body = json.dumps({"language": "bash", "code": "sleep 20"}).encode()
        before = self.server.metric('phial_runs_total{language="bash",status="abandoned"}')
        with self.server.connect() as sock:
            sock.sendall(b"POST /site/live HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                         b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
            self.server.wait_metric("phial_runs_running", 1)
        self.server.wait_metric('phial_runs_total{language="bash",status="abandoned"}', before + 1)

    def test_the_newest_code_takes_the_place_of_what_waits(self):
        for _ in range(20):  # the first may end too early on a busy machine
            first, second, third = self.three_live_runs()
            if second.status == 429:
                break
        self.assertEqual(429, second.status)
        self.assertIn("newer code", second.json["detail"])
        self.assertEqual("timeout", first.json["status"])
        self.assertEqual("third\n", third.json["stdout"])

    def three_live_runs(self):
        """One in flight, one that waits, and one that comes then, of one learner, each over its own connection."""
        learner = {**self.learner(), "Content-Type": "application/json"}
        connections = [http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60) for _ in range(3)]
        for connection in connections:  # so that each is known before its call comes
            self.server.call_on(connection, "GET", "/healthz")
        for connection, code in zip(connections, ("sleep 20", "echo second", "echo third")):
            connection.request("POST", "/site/live", json.dumps({"language": "bash", "code": code}), learner)
            if code.startswith("sleep"):
                self.server.wait_metric("phial_runs_running", 1)
            self.server.call("GET", "/healthz")  # what was sent before has been read by now
        answers = []
        for connection in connections:
            response = connection.getresponse()
            answers.append(Answer(response.status, response.headers, response.read()))
            connection.close()
        return answers

    def test_a_shared_program_is_found_at_its_address_by_what_it_is(self):
        body = {"language": "bash", "code": "echo '<shared>'"}
        url = self.server.call("POST", "/site/share", body).json["url"]
        self.assertRegex(url, "^/play/[0-9a-f]{32}$")
        self.assertEqual(url, self.server.call("POST", "/site/share", body).json["url"])
        self.assertNotEqual(url, self.server.call("POST", "/site/share", {**body, "language": "python"}).json["url"])
        page = self.get(url)
        self.assertIn("echo &#39;&lt;shared&gt;&#39;</textarea>", page)
        self.assertIn('<option value="bash" data-file="main.sh" selected>', page)
        answer = self.server.call("POST", "/share", urllib.parse.urlencode(body), FORM)
        self.assertEqual((303, url), (answer.status, answer.headers["Location"]))
        self.get("/play/" + "0" * 32, status=404)
        self.get("/play/x", status=404)
        self.assertEqual(400, self.server.call("POST", "/site/share", {**body, "code": ""}).status)
        self.assertEqual(400, self.server.call("POST", "/site/share", {**body, "code": "x" * 70000}).status)

    def test_the_lessons_are_searched(self):
        page = self.get("/search?q=zebras+sleep")
        self.assertIn('<a href="/learn/pages/second#more">', page)
        self.assertIn("<mark>zebras</mark>", page)
        self.assertIn('value="zebras sleep"', page)
        self.assertIn("<mark>zebra</mark>", self.get("/search?q=zebr").replace("<mark>zebras</mark>", ""))
        self.assertIn("Nothing in the lessons", self.get("/search?q=giraffe"))
        self.assertIn("&lt;b&gt;<mark>raw</mark>&lt;/b&gt;", self.get("/search?q=raw"))

    def test_any_text_can_be_searched_for(self):
        for query in ('"', "'", "*", "a AND", "NEAR(", "x:y", "-", "(", "{", "\x01", "%00", "<script>", "ü" * 80, " ", "^"):
            page = self.get("/search?q=" + urllib.parse.quote(query))
            self.assertNotIn("<script>", page)
        self.get("/search?q=%zz")
        self.get("/search?q=%ff")

    def test_the_teachers_page_is_for_teachers(self):
        self.assertIn("This page is for teachers", self.get("/teach", status=403))
        learner, key = self.learner(), new_key(self.server, "teacher")
        self.post("/check", learner, code="echo 2 # <mine>", exercise="pages/second/two")
        self.post("/check", learner, code="echo two", exercise="pages/second/two")
        page = self.get("/teach", bearer(key))
        outline = Outline(page)
        bars = [values["class"] for tag, values in outline.tags if tag == "rect"]
        tried = [n for n in re.findall(r"</th><td>(\d+)</td>", page) if n != "0"]
        self.assertEqual(["bar", "bar solved"] * len(tried), bars)
        row = re.search('<a href="/learn/pages/second#two">.*?</tr>', page).group()
        self.assertRegex(row, r"<td>1</td><td>1</td><td>2</td><td>[0-9.]+ s</td><td>case 1 \(1\)</td>")
        self.assertNotIn("mine", page)


class Budget(SiteTest):
    settings = {"live_ms": "1"}

    def test_who_types_without_end_is_told_to_wait_and_the_button_still_works(self):
        learner, code = self.learner(), "for i in {1..20000}; do :; done"
        statuses = set()
        for _ in range(50):
            answer = self.server.call("POST", "/site/live", {"language": "bash", "code": code}, learner)
            statuses.add(answer.status)
            if answer.status == 429:
                break
        self.assertEqual({200, 429}, statuses)
        self.assertGreaterEqual(int(answer.headers["Retry-After"]), 1)
        self.assertEqual(200, self.server.call("POST", "/site/live", {"language": "bash", "code": "true"},
                                               self.learner()).status)
        self.post("/run", learner, language="bash", code="true")


class Networks(SiteTest):
    settings = {"public_site": "true", "running_most": "4"}

    def ask(self, address, code):
        """A live run of a new learner, whose address a proxy saw; its connection."""
        headers = {**self.learner(), "Content-Type": "application/json", "X-Forwarded-For": address}
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        self.server.call_on(connection, "GET", "/healthz")
        connection.request("POST", "/site/live", json.dumps({"language": "bash", "code": code}), headers)
        self.server.call("GET", "/healthz")  # what was sent before has been read by now
        return connection

    def test_who_takes_one_cookie_after_another_leaves_a_place_for_those_of_another_address(self):
        for _ in range(20):  # the first may end too early on a busy machine
            first = self.ask("203.0.113.1", "sleep 20")
            self.server.wait_metric("phial_runs_running", 1)
            second, other = self.ask("203.0.113.1", "echo second"), self.ask("203.0.113.2", "echo other")
            self.assertEqual("other\n", json.loads(other.getresponse().read())["stdout"])
            answered = select.select([second.sock], [], [], 0)[0]
            waited = self.server.metric("phial_runs_running") == 1
            self.assertEqual("timeout", json.loads(first.getresponse().read())["status"])
            self.assertEqual("second\n", json.loads(second.getresponse().read())["stdout"])
            for connection in (first, second, other):
                connection.close()
            if waited and not answered:
                return
        self.fail("the second run of one address did not wait for the first")


class Static(unittest.TestCase):
    def test_files_of_the_manifest_are_served_for_good_in_the_coding_that_is_taken(self):
        with tempfile.TemporaryDirectory() as web:
            os.chmod(web, 0o755)
            names = {"style.css": "style-1.css", "main.js": "main-2.js", "embed.js": "embed-3.js", "icon.svg": "icon-4.svg"}
            for file in names.values():
                write(os.path.join(web, file), file * 100)
            with open(os.path.join(web, "main-2.js.gz"), "wb") as file:
                file.write(gzip.compress(b"packed"))
            write(os.path.join(web, "secret.js"), "not named")
            write(os.path.join(web, "manifest.json"), json.dumps(names))
            with Server(web_dir=web, course_dirs=web) as server:
                page = server.call("GET", "/").body.decode()
                self.assertIn('<script type="module" src="/static/main-2.js"></script>', page)
                self.assertIn('<link rel="stylesheet" href="/static/style-1.css">', page)
                plain = server.call("GET", "/static/main-2.js")
                self.assertEqual((b"main-2.js" * 100, None), (plain.body, plain.headers["Content-Encoding"]))
                self.assertIn("immutable", plain.headers["Cache-Control"])
                self.assertEqual("text/javascript; charset=utf-8", plain.headers["Content-Type"])
                self.assertEqual(("*", "cross-origin"), (plain.headers["Access-Control-Allow-Origin"],
                                                         plain.headers["Cross-Origin-Resource-Policy"]))
                packed = server.call("GET", "/static/main-2.js", headers={"Accept-Encoding": "br, gzip"})
                self.assertEqual("gzip", packed.headers["Content-Encoding"])
                self.assertEqual(b"packed", gzip.decompress(packed.body))
                embed = server.call("GET", "/embed.js", headers={"Origin": "https://other.example"})
                self.assertEqual((b"embed-3.js" * 100, "*"), (embed.body, embed.headers["Access-Control-Allow-Origin"]))
                self.assertNotIn("immutable", embed.headers["Cache-Control"])
                for path in ("secret.js", "manifest.json", "main.js", "..%2fmain-2.js", "none.js"):
                    self.assertEqual(404, server.call("GET", "/static/" + path).status, path)

    def test_a_course_that_is_changed_is_shown_after_a_reload_and_a_broken_one_is_not_taken(self):
        with tempfile.TemporaryDirectory() as folder:
            os.chmod(folder, 0o755)
            lesson = os.path.join(make_pages(folder), "02-second.md")
            with Server(course_dirs=folder) as server:
                for text, said, shown in ((SECOND.replace("A zebra", "A lion"), "reload: waiting", "A lion"),
                                          (SECOND.replace("exercise=two", "exercise=three"), "going on with", "A lion")):
                    write(lesson, text)
                    server.process.send_signal(signal.SIGHUP)
                    while said not in server.read_log():
                        time.sleep(0.02)
                    if "waiting" in said:
                        while server.read_log().count("phial is ready") < 2:
                            time.sleep(0.02)
                    self.assertIn(shown, server.call("GET", "/learn/pages/second").body.decode())
                self.assertIn("02-second.md:", server.read_log())

    def test_what_is_wrong_with_a_manifest_or_a_course_is_said_at_the_start(self):
        with tempfile.TemporaryDirectory() as web:
            os.chmod(web, 0o755)
            for manifest, said in (("{", "manifest.json:1"), ('{"a.js": "../../etc/passwd"}', "not the name of a file"),
                                   ('{"a.js": "a.js"}', "a.js"), ("[]", "must be an object")):
                write(os.path.join(web, "manifest.json"), manifest)
                server = Server(web_dir=web, course_dirs=web, expect_failure=True).start()
                self.assertNotEqual(0, server.process.wait())
                self.assertIn(said, server.read_log())
                server.stop()
            server = Server(course_dirs="/nowhere", expect_failure=True).start()
            self.assertNotEqual(0, server.process.wait())
            self.assertIn("/nowhere", server.read_log())
            server.stop()


if __name__ == "__main__":
    unittest.main()

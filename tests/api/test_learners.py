"""Learners: the cookie, tries that are kept whatever happens, hints and solutions, accounts, export, deletion, the
backup. Each learner here is a browser that keeps its cookie."""
import http.client
import http.cookies
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import threading
import time
import unittest
import urllib.parse

from course import exercise_id, make_course
from server import PHIAL, Server

PASSWORD = "correct horse"
ONE, TWO = exercise_id("one"), exercise_id("two")


class Browser:
    def __init__(self, server):
        self.server, self.cookie, self.morsel = server, None, None

    def call(self, method, path, body=None, headers=None):
        headers = dict(headers or {})
        if self.cookie:
            headers["Cookie"] = "phial_learner=" + self.cookie
        answer = self.server.call(method, path, body, headers)
        for line in answer.headers.get_all("Set-Cookie") or []:
            morsel = http.cookies.SimpleCookie(line).get("phial_learner")
            if morsel is not None:
                self.morsel, self.cookie = morsel, morsel.value or None
        return answer

    def post(self, path, **fields):
        return self.call("POST", path, urllib.parse.urlencode(fields),
                         {"Content-Type": "application/x-www-form-urlencoded"})

    def check(self, exercise, code):
        return self.call("POST", "/site/check", {"exercise": exercise, "code": code})

    def hint(self, exercise):
        return self.call("POST", "/site/hint", {"exercise": exercise})

    def exercise(self, exercise):
        return self.call("GET", "/site/exercise?id=" + urllib.parse.quote(exercise, safe=""))

    def solution(self, exercise):
        return self.call("GET", "/site/solution?id=" + urllib.parse.quote(exercise, safe=""))

    def export(self):
        return self.call("GET", "/account/export").json

    def sign_up(self, name, password=PASSWORD, **more):
        return self.post("/account/sign-up", name=name, password=password, **more)

    def sign_in(self, name, password=PASSWORD, **more):
        return self.post("/account/sign-in", name=name, password=password, **more)


def kept_codes(export):
    return [t["code"] for e in export["exercises"] for t in e["kept_tries"]]


def site_server(**settings):
    folder = tempfile.mkdtemp(prefix="phial-course-")
    server = Server(course_dirs=make_course(folder), **settings)
    server.course = folder
    return server


def end(server):
    server.stop()
    shutil.rmtree(server.course)


class Shared(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = site_server().start()

    @classmethod
    def tearDownClass(cls):
        end(cls.server)

    def browser(self):
        return Browser(self.server)


class Visits(Shared):
    def test_the_cookie_is_random_for_the_server_only_and_stays_the_same(self):
        a, b = self.browser(), self.browser()
        a.exercise(ONE)
        b.exercise(ONE)
        self.assertRegex(a.cookie, "^[0-9a-f]{32}$")
        self.assertNotEqual(a.cookie, b.cookie)
        self.assertTrue(a.morsel["httponly"])
        self.assertEqual(("Lax", "/", ""), (a.morsel["samesite"], a.morsel["path"], a.morsel["secure"]))
        self.assertIsNone(a.exercise(ONE).headers["Set-Cookie"])

    def test_behind_https_the_cookie_is_for_https_only(self):
        a = self.browser()
        a.call("GET", "/site/exercise?id=" + ONE, headers={"X-Forwarded-Proto": "https"})
        self.assertTrue(a.morsel["secure"])

    def test_a_cookie_that_is_none_of_ours_is_replaced(self):
        for bad in ("x", "A" * 32, "0" * 31, "0" * 33, "'; drop table tries --"):
            a = self.browser()
            a.cookie = bad
            a.exercise(ONE)
            self.assertRegex(a.cookie, "^[0-9a-f]{32}$", bad)

    def test_a_visit_alone_leaves_nothing_in_the_database(self):
        a = self.browser()
        a.exercise(ONE)
        self.assertEqual({"name": None, "exercises": []}, a.export())

    def test_another_sites_page_can_neither_try_nor_sign_up(self):
        for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
            a = self.browser()
            for path, body in (("/site/check", {"exercise": ONE, "code": "echo one"}), ("/site/hint", {"exercise": ONE})):
                self.assertEqual(403, a.call("POST", path, body, headers).status, path)
            form = {**headers, "Content-Type": "application/x-www-form-urlencoded"}
            for path in ("sign-up", "sign-in", "sign-out", "delete"):
                self.assertEqual(403, a.call("POST", "/account/" + path, "name=eve&password=12345678", form).status)
            self.assertEqual([], a.export()["exercises"])


class Tries(Shared):
    def test_a_try_is_judged_kept_and_found_again(self):
        a = self.browser()
        self.assertEqual("fail", a.check(ONE, "echo no").json["verdict"])
        self.assertEqual("pass", a.check(ONE, "echo one # é").json["verdict"])
        found = a.exercise(ONE).json
        self.assertEqual("echo one # é", found["code"])
        self.assertTrue(found["passed"])
        self.assertEqual([("pass", "echo one # é"), ("fail", "echo no")],
                         [(t["verdict"], t["code"]) for t in found["tries"]])
        self.assertRegex(found["tries"][0]["at"], r"^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        self.assertEqual("# your code", found["stub"].strip())
        other = self.browser().exercise(ONE).json
        self.assertEqual((None, False, []), (other["code"], other["passed"], other["tries"]))

    def test_hints_come_one_by_one_and_stay(self):
        a = self.browser()
        for number in (1, 2, 3, 3):
            answer = a.hint(ONE)
            self.assertEqual((200, number, 3), (answer.status, answer.json["number"], answer.json["total"]))
        self.assertIn("Third hint of one", answer.json["html"])
        found = a.exercise(ONE).json
        self.assertEqual(3, len(found["hints"]))
        self.assertIn("First hint of one", found["hints"][0])
        self.assertEqual([], a.exercise(TWO).json["hints"])

    def test_the_solution_opens_by_passing(self):
        a = self.browser()
        self.assertEqual(403, a.solution(ONE).status)
        self.assertIsNone(a.exercise(ONE).json["solution"])
        self.assertFalse(a.check(ONE, "echo no").json["solution_open"])
        self.assertTrue(a.check(ONE, "echo one").json["solution_open"])
        self.assertEqual("echo one\n", a.solution(ONE).json["solution"])
        self.assertEqual("echo one\n", a.exercise(ONE).json["solution"])
        self.assertEqual(403, a.solution(TWO).status)

    def test_the_solution_opens_after_three_honest_tries(self):
        a = self.browser()
        for code in ("# your code\n", "#your code", "echo 1", "echo  1\n", "echo 2"):
            self.assertFalse(a.check(ONE, code).json["solution_open"], code)
        self.assertTrue(a.check(ONE, "echo 3").json["solution_open"])

    def test_the_solution_opens_with_all_hints_and_one_try(self):
        a = self.browser()
        for _ in range(3):
            a.hint(ONE)
        self.assertEqual(403, a.solution(ONE).status)
        self.assertTrue(a.check(ONE, "echo no").json["solution_open"])

    def test_what_is_not_there_is_said(self):
        a = self.browser()
        for answer in (a.exercise("say/first/none"), a.solution("x"), a.hint("say/first/none"), a.exercise(""),
                       a.call("GET", "/site/exercise")):
            self.assertEqual((404, "/problems/not-found"), (answer.status, answer.json["type"]))
        for body in ("", "[]", "{}", '{"exercise": 5}', '{"exercise": "\\u0000"}'):
            answer = a.call("POST", "/site/hint", body, {"Content-Type": "application/json"})
            self.assertIn(answer.status, (400, 404), body)


class Accounts(Shared):
    def test_signing_up_keeps_the_work_and_changes_the_cookie(self):
        a = self.browser()
        a.check(ONE, "echo one")
        before = a.cookie
        answer = a.sign_up("Ann.1", next="/learn/say/first")
        self.assertEqual((303, "/learn/say/first"), (answer.status, answer.headers["Location"]))
        self.assertNotEqual(before, a.cookie)
        self.assertTrue(a.exercise(ONE).json["passed"])
        self.assertEqual("Ann.1", a.export()["name"])
        thief = self.browser()
        thief.cookie = before
        self.assertEqual([], thief.export()["exercises"])

    def test_signing_in_joins_the_work_of_both_browsers(self):
        a, b = self.browser(), self.browser()
        a.check(ONE, "echo one")
        a.sign_up("bea")
        b.check(TWO, "echo two")
        b.hint(ONE)
        self.assertEqual(303, b.sign_in("BEA").status)
        for browser in (a, b):
            self.assertTrue(browser.exercise(ONE).json["passed"])
            self.assertTrue(browser.exercise(TWO).json["passed"])
            self.assertEqual(1, len(browser.exercise(ONE).json["hints"]))
        self.assertEqual(303, b.post("/account/sign-out").status)
        self.assertIsNone(b.cookie)
        self.assertFalse(b.exercise(ONE).json["passed"])
        self.assertTrue(a.exercise(ONE).json["passed"])

    def test_a_wrong_password_changes_nothing(self):
        a, b = self.browser(), self.browser()
        a.sign_up("cec")
        b.check(ONE, "echo one")
        cookie = b.cookie
        self.assertEqual(401, b.sign_in("cec", "wrong horse").status)
        self.assertEqual(401, b.sign_in("nobody-there", "wrong horse").status)
        self.assertEqual(401, b.sign_in("", "").status)
        self.assertEqual(cookie, b.cookie)
        self.assertTrue(b.exercise(ONE).json["passed"])

    def test_names_and_passwords_are_checked(self):
        a = self.browser()
        a.check(ONE, "echo one")
        for name in ("", "x", "a" * 33, "-dan", "d an", "dän", "dan\n", "<b>dan</b>"):
            self.assertEqual(400, a.sign_up(name).status, name)
        self.assertEqual(400, a.sign_up("dan", "short").status)
        self.assertEqual(400, a.sign_up("dan", "x" * 257).status)
        self.assertEqual(303, a.sign_up("dan").status)
        self.assertEqual(409, a.sign_up("dan2").status)
        b = self.browser()
        b.check(ONE, "echo one")
        self.assertEqual(409, b.sign_up("DAN").status)
        self.assertTrue(b.exercise(ONE).json["passed"])

    def test_a_form_cannot_lead_to_another_site(self):
        for number, place in enumerate(("//evil.example", "https://evil.example", "/\\evil.example", "evil", "/a\r\nX: y")):
            answer = self.browser().sign_up(f"eve{number}", next=place)
            self.assertEqual((303, "/account"), (answer.status, answer.headers["Location"]), place)

    def test_guesses_at_one_name_are_slowed_down(self):
        self.browser().sign_up("fay")
        statuses = [self.browser().sign_in("fay", f"wrong {i} horse").status for i in range(12)]
        self.assertEqual([401] * 10 + [429] * 2, statuses)
        self.assertEqual(429, self.browser().sign_in("FAY").status)

    def test_what_is_kept_of_a_learner_can_be_fetched(self):
        a, b = self.browser(), self.browser()
        a.check(ONE, "echo mine")
        a.check(ONE, "echo one")
        a.hint(TWO)
        a.sign_up("gus")
        b.check(ONE, "echo of somebody else")
        answer = a.call("GET", "/account/export")
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        export = answer.json
        self.assertEqual("gus", export["name"])
        one, two = export["exercises"]
        self.assertEqual((ONE, 2, 0), (one["exercise"], one["tries"], one["hints"]))
        self.assertEqual(["echo mine", "echo one"], kept_codes(export))
        self.assertEqual(["fail", "pass"], [t["verdict"] for t in one["kept_tries"]])
        self.assertEqual((TWO, 0, 1, None), (two["exercise"], two["tries"], two["hints"], two["passed"]))

    def test_a_learner_can_be_forgotten(self):
        a = self.browser()
        a.check(ONE, "echo one")
        a.sign_up("hal")
        self.assertEqual(401, a.post("/account/delete", password="wrong horse").status)
        self.assertEqual("hal", a.export()["name"])
        answer = a.post("/account/delete", password=PASSWORD)
        self.assertEqual((303, "/"), (answer.status, answer.headers["Location"]))
        self.assertIsNone(a.cookie)
        self.assertEqual(401, self.browser().sign_in("hal").status)
        self.assertEqual(303, self.browser().sign_up("hal").status)

    def test_a_browser_without_an_account_can_be_forgotten(self):
        a = self.browser()
        a.check(ONE, "echo one")
        cookie = a.cookie
        self.assertEqual(303, a.post("/account/delete").status)
        a.cookie = cookie
        self.assertEqual([], a.export()["exercises"])


class Keeping(unittest.TestCase):
    def setUp(self):
        self.server = site_server()
        self.database = os.path.join(self.server.state, "site", "site.db")

    def tearDown(self):
        end(self.server)

    def write_until(self, enough, act):
        """Learners that try without end; `act` is done once `enough` tries were acknowledged. [(browser, codes)]"""
        acknowledged = [[] for _ in range(4)]
        browsers = [Browser(self.server) for _ in acknowledged]
        stop = threading.Event()

        def practise(browser, codes):
            for number in range(45): # no more are kept of one exercise than 50
                code = f"echo {number}"
                try:
                    if stop.is_set() or browser.check(ONE, code).json["kept"] is not True:
                        return
                except (OSError, http.client.HTTPException, ValueError):
                    return
                codes.append(code)

        threads = [threading.Thread(target=practise, args=pair) for pair in zip(browsers, acknowledged)]
        for browser in browsers:
            browser.exercise(ONE)
        for thread in threads:
            thread.start()
        while sum(map(len, acknowledged)) < enough and any(thread.is_alive() for thread in threads):
            time.sleep(0.001)
        self.assertGreaterEqual(sum(map(len, acknowledged)), enough, self.server.read_log())
        act()
        stop.set()
        for thread in threads:
            thread.join()
        return list(zip(browsers, acknowledged))

    def assert_kept(self, pairs):
        for browser, codes in pairs:
            self.assertLessEqual(set(codes), set(kept_codes(browser.export())))

    def test_no_acknowledged_try_is_lost_when_the_frontend_is_killed(self):
        self.server.start()
        for enough in (20, 40):
            frontend = self.server.children()["frontend"]
            pairs = self.write_until(enough, lambda: os.kill(frontend, signal.SIGKILL))
            self.assert_kept(pairs)

    def test_no_acknowledged_try_is_lost_when_the_whole_server_is_killed(self):
        self.server.start()
        pairs = self.write_until(30, self.server.process.kill)
        self.server.process.wait()
        self.server.start()
        self.assert_kept(pairs)

    def test_a_store_that_does_not_answer_is_said_and_recovers(self):
        self.server.start().wait_ready()
        a = Browser(self.server)
        other = sqlite3.connect(self.database, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        self.assertIs(False, a.check(ONE, "echo one").json["kept"])
        answer = self.server.call("GET", "/readyz")
        self.assertEqual((503, "/problems/store-away"), (answer.status, answer.json["type"]))
        self.assertEqual(0, self.server.metric("phial_store_ready"))
        self.assertEqual("ok", self.server.run("bash", "true").json["status"])
        other.execute("ROLLBACK")
        other.close()
        self.server.wait_ready()
        self.assertIs(True, a.check(ONE, "echo one").json["kept"])

    def test_a_backup_of_a_running_server_can_take_the_databases_place(self):
        self.server.start()
        a = Browser(self.server)
        a.check(ONE, "echo one")
        a.sign_up("ann")
        copy = os.path.join(self.server.folder, "copy.db")
        with open(os.path.join(os.path.dirname(self.database), "backup"), "w") as file:
            file.write("left by one that was killed")
        command = [PHIAL, "backup", copy, "--set", f"state_dir={self.server.state}"]
        done = subprocess.run(command, capture_output=True, text=True)
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertEqual(0o600, os.stat(copy).st_mode & 0o7777)
        self.assertNotEqual(0, subprocess.run(command, capture_output=True).returncode)
        self.assertEqual({"site.db", "site.db-wal", "site.db-shm"}, set(os.listdir(os.path.dirname(self.database))))
        a.check(TWO, "echo two")
        owner = os.stat(self.database)
        self.server.process.send_signal(signal.SIGTERM)
        self.server.process.wait()
        for suffix in ("", "-wal", "-shm"):
            os.remove(self.database + suffix)
        shutil.copyfile(copy, self.database)
        os.chown(self.database, owner.st_uid, owner.st_gid)
        self.server.start()
        b = Browser(self.server)
        self.assertEqual(303, b.sign_in("ann").status)
        self.assertTrue(b.exercise(ONE).json["passed"])
        self.assertFalse(b.exercise(TWO).json["passed"])

    def test_neither_passwords_nor_cookies_can_be_read_from_the_files(self):
        self.server.start()
        a = Browser(self.server)
        a.check(ONE, "echo one")
        a.sign_up("ann")
        data = b"".join(open(self.database + suffix, "rb").read() for suffix in ("", "-wal"))
        self.assertIn(b"$argon2id$", data)
        self.assertNotIn(PASSWORD.encode(), data)
        self.assertNotIn(a.cookie.encode(), data)
        self.assertNotIn(bytes.fromhex(a.cookie), data)

    def test_a_database_that_is_none_is_an_error_that_names_it(self):
        os.makedirs(os.path.dirname(self.database))
        with open(self.database, "wb") as file:
            file.write(b"this is no database, " * 1000)
        owner = subprocess.run(["id", "-u", "phial"], capture_output=True, text=True)
        for path in (os.path.dirname(self.database), self.database):
            os.chown(path, int(owner.stdout or 65534), -1)
        self.server.expect_failure = True
        self.server.start()
        self.assertNotEqual(0, self.server.process.wait())
        self.assertIn("site.db", self.server.read_log())
        self.assertIn("not a database", self.server.read_log())

    def test_a_teacher_signs_up_first_and_is_named_then(self):
        self.server.start()
        teacher, other = Browser(self.server), Browser(self.server)
        teacher.sign_up("tea")
        other.sign_up("pupil")
        self.assertEqual(403, teacher.call("GET", "/teach").status)
        self.server.process.send_signal(signal.SIGTERM)
        self.server.process.wait()
        self.server.command += ["--set", "teachers=Tea, late"]
        self.server.start()
        self.assertEqual(200, teacher.call("GET", "/teach").status)
        self.assertEqual(403, other.call("GET", "/teach").status)
        self.assertEqual(409, Browser(self.server).sign_up("LATE").status)

    def test_nobody_can_fill_the_disk_with_programs_or_new_learners(self):
        self.server.start()
        a = Browser(self.server)
        a.hint(ONE)
        shared = [a.call("POST", "/site/share", {"language": "bash", "code": f"echo {n}"}).status for n in range(125)]
        self.assertEqual({200, 429}, set(shared))
        answer = Browser(self.server).hint(ONE)
        self.assertEqual((429, "/problems/too-many-requests"), (answer.status, answer.json["type"]))
        self.assertEqual(200, a.hint(ONE).status)

    def test_signing_in_holds_nobody_up_and_many_at_once_are_refused_kindly(self):
        self.server.start()
        Browser(self.server).sign_up("ann")
        statuses = []

        def guess(number):
            statuses.append(Browser(self.server).sign_in(f"nobody{number}", "wrong horse").status)

        threads = [threading.Thread(target=guess, args=(number,)) for number in range(50)]
        for thread in threads:
            thread.start()
        while len(statuses) < 5 and any(thread.is_alive() for thread in threads):
            time.sleep(0.001)
        self.assertEqual(200, self.server.call("GET", "/healthz").status)
        for thread in threads:
            thread.join()
        self.assertLessEqual(set(statuses), {401, 503})
        self.assertIn(503, statuses)
        self.assertGreaterEqual(statuses.count(401), 30)


if __name__ == "__main__":
    unittest.main()

"""A `phial serve` of its own for a test, and a client that says exactly what it sends."""
import ctypes
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PHIAL = os.environ.get("PHIAL", os.path.join(ROOT, "build/src/cli/phial"))
LANGUAGES = os.environ.get("PHIAL_LANGUAGES", os.path.join(ROOT, "languages"))
IMAGES = os.environ.get("PHIAL_IMAGES", "/var/lib/phial/images")


def end_with_the_test():
    """The server stops when the test is killed: prctl(2), PR_SET_PDEATHSIG."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body)


class Server:
    """Starts in its own folders on a port that the kernel chooses; `stop` ends it and all it started."""

    def __init__(self, listen="127.0.0.1:0", host="127.0.0.1", expect_failure=False, **settings):
        self.folder = tempfile.mkdtemp(prefix="phial-api-")
        os.chmod(self.folder, 0o755)
        self.state = os.path.join(self.folder, "state")
        os.mkdir(self.state, 0o755)
        self.socket = os.path.join(self.folder, "phial.sock")
        self.audit = os.path.join(self.folder, "audit.log")
        self.host = host
        values = {
            "languages_dir": LANGUAGES,
            "images_dir": IMAGES,
            "state_dir": self.state,
            "socket": self.socket,
            "audit_log": self.audit,
            **settings,
        }
        self.command = [PHIAL, "serve", "--listen", listen]
        for name, value in values.items():
            self.command += ["--set", f"{name}={value}"]
        self.log_path = os.path.join(self.folder, "log")
        self.process, self.port = None, 0
        self.expect_failure = expect_failure

    def start(self):
        self.log = open(self.log_path, "wb")
        self.process = subprocess.Popen(self.command, stdout=self.log, stderr=self.log, start_new_session=True,
                                        preexec_fn=end_with_the_test)
        while True:
            text = self.read_log()
            if "phial is ready: " in text:
                break
            if self.process.poll() is not None:
                if self.expect_failure:
                    return self
                raise RuntimeError("phial serve ended: " + self.read_log())
            time.sleep(0.02)
        for word in text.split("phial is ready: ")[1].replace(",", " ").split():
            if word.startswith("http://"):
                self.port = int(word.rsplit(":", 1)[1])
                break
        return self

    def wait_ready(self):
        """Until no template is booting for the first time; runs are answered before."""
        for _ in range(6000):
            if self.call("GET", "/readyz").status == 200:
                return self
            time.sleep(0.02)
        raise AssertionError("not ready: " + self.read_log())

    def read_log(self):
        with open(self.log_path, errors="replace") as file:
            return file.read()

    def audit_lines(self):
        with open(self.audit) as file:
            return [json.loads(line) for line in file]

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(90)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        if self.process:
            self.log.close()
            if os.environ.get("PHIAL_TEST_LOG"):
                print(self.read_log())
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self.start()

    def __exit__(self, *unused):
        self.stop()

    # ---- processes ----

    def children(self):
        """(pid, name of what it is) of the supervisor's children: the frontend and the executor."""
        found = {}
        for pid in os.listdir("/proc"):
            if not pid.isdigit():
                continue
            try:
                with open(f"/proc/{pid}/stat") as file:
                    fields = file.read().rsplit(")", 1)[1].split()
                with open(f"/proc/{pid}/status") as file:
                    status = file.read()
            except OSError:
                continue
            if int(fields[1]) == self.process.pid:
                uid = int(status.split("Uid:")[1].split()[0])
                found["executor" if uid == 0 else "frontend"] = int(pid)
        return found

    # ---- HTTP ----

    def connect(self, timeout=60):
        return socket.create_connection((self.host, self.port), timeout)

    def call(self, method, path, body=None, headers=None, timeout=90):
        connection = http.client.HTTPConnection(self.host, self.port, timeout=timeout)
        try:
            return self.call_on(connection, method, path, body, headers)
        finally:
            connection.close()

    def call_on(self, connection, method, path, body=None, headers=None):
        headers = dict(headers or {})
        if isinstance(body, (dict, list)):
            body = json.dumps(body)
            headers.setdefault("Content-Type", "application/json")
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read())

    def run(self, language, source, headers=None, **fields):
        return self.call("POST", "/api/v1/runs", run_body(language, source, **fields), headers)

    def start_run(self, language, source, headers=None, **fields):
        """Asks for a run and does not wait; its path."""
        answer = self.run(language, source, {"Prefer": "respond-async", **(headers or {})}, **fields)
        assert answer.status == 202, (answer.status, answer.body)
        return answer.headers["Location"]

    def wait_for(self, path, *states, headers=None):
        """The state of a run once it is one of these; the answer when none is named."""
        while True:
            answer = self.call("GET", path, headers=headers)
            if answer.status != 200 or answer.json["status"] in states:
                return answer
            if not states and answer.json["status"] not in ("queued", "running"):
                return answer
            time.sleep(0.02)

    def raw(self, data, timeout=60):
        """Sends bytes as they are; all bytes that come back until the end."""
        with self.connect(timeout) as sock:
            sock.sendall(data)
            return read_to_end(sock)

    def metric(self, line):
        for row in self.call("GET", "/metrics").body.decode().splitlines():
            if row.startswith(line + " "):
                return float(row.rsplit(" ", 1)[1])
        raise KeyError(line)

    def wait_metric(self, line, value):
        for _ in range(1500):
            if self.metric(line) == value:
                return
            time.sleep(0.02)
        raise AssertionError(f"{line} is {self.metric(line)}, not {value}")


def run_body(language, source, **fields):
    return {"language": language, "files": [{"content": source}], **fields}


def read_to_end(sock):
    data = b""
    while True:
        try:
            piece = sock.recv(65536)
        except ConnectionResetError:
            return data
        if not piece:
            return data
        data += piece


def status_of(data):
    """The status code of a raw reply, 0 when there is none."""
    return int(data.split(b" ", 2)[1]) if data.startswith(b"HTTP/1.") else 0


class Events:
    """Reads a text/event-stream as it comes."""

    def __init__(self, server, path, headers=None):
        self.connection = http.client.HTTPConnection(server.host, server.port, timeout=90)
        self.connection.request("GET", path + "/events", headers=headers or {})
        self.response = self.connection.getresponse()
        self.status = self.response.status

    def __iter__(self):
        event = {}
        for line in self.response:
            line = line.decode().rstrip("\n")
            if not line:
                if event:
                    yield int(event["id"]), event["event"], json.loads(event["data"])
                event = {}
            elif not line.startswith(":"):
                name, value = line.split(": ", 1)
                event[name] = value

    def close(self):
        self.connection.close()

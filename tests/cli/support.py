"""What the tests of the command line share: the binary, a server of their own, a look at the host."""

import contextlib
import fcntl
import json
import os
import re
import select
import signal
import subprocess
import tempfile
import time
import unittest

TREE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PHIAL = os.environ.get("PHIAL", os.path.join(TREE, "build/src/cli/phial"))
LANGUAGES = os.environ.get("PHIAL_LANGUAGES", os.path.join(TREE, "languages"))
IMAGES = os.environ.get("PHIAL_IMAGES", "/var/lib/phial/images")
# Users that every host has: the tests must not depend on an installed phial.
USER, GROUP = "nobody", "nogroup"
PATIENCE = 60  # seconds; a bound for what hangs, never a measure


def wait_until(what, condition, patience=PATIENCE):
    """Waits for a condition; its last value is returned."""
    end = time.monotonic() + patience
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError("gave up waiting until " + what)
        time.sleep(0.01)


class Case(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="phial-cli-")
        self.addCleanup(folder.cleanup)
        self.dir = folder.name
        os.chmod(self.dir, 0o755)
        self.config = self.write("phial.yaml", "\n".join([
            "languages_dir: " + LANGUAGES,
            "images_dir: " + IMAGES,
            "state_dir: " + self.path("state"),
            "socket: " + self.path("phial.sock"),
            "listen: 127.0.0.1:0",
            "user: " + USER,
            "group: " + GROUP,
            "audit_log: " + self.path("audit.log"),
            "drain_s: 20", ""]))

    def path(self, name):
        return os.path.join(self.dir, name)

    def write(self, name, text):
        path = self.path(name)
        with open(path, "wb") as file:
            file.write(text.encode() if isinstance(text, str) else text)
        return path

    def argv(self, command, *args):
        return [PHIAL, command, "--config", self.config, *args]

    def phial(self, command, *args, stdin=b"", **options):
        """Runs the command to its end: (exit code, stdout, stderr), both as text."""
        if isinstance(stdin, str):
            stdin = stdin.encode()
        done = subprocess.run(self.argv(command, *args), input=stdin, capture_output=True, timeout=PATIENCE * 3,
                              **options)
        return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")

    def start(self, command, *args, **options):
        options.setdefault("stdout", subprocess.PIPE)
        options.setdefault("stderr", subprocess.PIPE)
        options.setdefault("preexec_fn", hear_interrupts)
        process = subprocess.Popen(self.argv(command, *args), **options)
        self.addCleanup(finish, process)
        return process


def hear_interrupts():
    """A shell that starts these tests behind its back has them ignore the signal, and all that they start."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def finish(process):
    if process.poll() is None:
        process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout, process.stderr):
        if stream:
            stream.close()


def read_some(stream, patience=PATIENCE):
    """One read of what is there, as soon as anything is."""
    ready, _, _ = select.select([stream], [], [], patience)
    if not ready:
        raise AssertionError("nothing came to be read")
    return os.read(stream.fileno(), 65536)


# ---- processes ----

def parents():
    """pid -> parent of all processes."""
    found = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat") as file:
                    found[int(name)] = int(file.read().rsplit(")", 1)[1].split()[1])
            except (OSError, IndexError):
                pass
    return found


def children(pid):
    return sorted(child for child, parent in parents().items() if parent == pid)


def descendants(pid):
    tree, found = parents(), {pid}
    while True:
        more = {child for child, parent in tree.items() if parent in found} - found
        if not more:
            return found - {pid}
        found |= more


def comm(pid):
    try:
        with open(f"/proc/{pid}/comm") as file:
            return file.read().strip()
    except OSError:
        return ""


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False


class Server:
    """A `phial serve` of the test's own."""

    def __init__(self, case, *args, ready=True):
        self.case = case
        self.log = open(case.path(f"serve-{time.monotonic_ns()}.log"), "w+")
        case.addCleanup(self.log.close)
        # No clone is made ahead of need, so that what there is beside the templates belongs to runs.
        self.process = case.start("serve", "--set", "pool_bytes=0", *args, stderr=self.log)
        self.pid = self.process.pid
        self.ready_line = ""
        if ready:
            self.ready_line = self.wait_ready()
            match = re.search(r"http://([^ ,]+)", self.ready_line)
            self.address = match.group(1) if match else None
            self.first_slot = self.slot()

    def wait_ready(self):
        text = b""
        end = time.monotonic() + PATIENCE * 2
        while b"\n" not in text:
            ready, _, _ = select.select([self.process.stdout], [], [], 1)
            if ready:
                piece = os.read(self.process.stdout.fileno(), 65536)
                if not piece:
                    raise AssertionError("the server ended: " + self.messages())
                text += piece
            if time.monotonic() > end:
                raise AssertionError("the server did not become ready: " + self.messages())
        return text.decode()

    def messages(self):
        self.log.flush()
        with open(self.log.name) as file:
            return file.read()

    def executor(self):
        return next((pid for pid in children(self.pid) if comm(pid) == "phial-executor"), None)

    def frontend(self):
        return next((pid for pid in children(self.pid) if comm(pid) != "phial-executor"), None)

    def slot(self):
        """The slot's lock is an open file of the supervisor's."""
        for fd in os.listdir(f"/proc/{self.pid}/fd"):
            try:
                match = re.search(r"/slots/(\d+)$", os.readlink(f"/proc/{self.pid}/fd/{fd}"))
            except OSError:
                continue
            if match:
                return int(match.group(1))
        return None

    def curl(self, path, *args):
        """(status, body) over TCP."""
        done = subprocess.run(["curl", "-s", "--max-time", str(PATIENCE), "-w", "\n%{http_code}", *args,
                               f"http://{self.address}{path}"], capture_output=True, text=True)
        body, _, status = done.stdout.rpartition("\n")
        return int(status or 0), body

    def run(self, language, source, **more):
        body = {"language": language, "files": [{"name": "main", "content": source}], **more}
        return self.curl("/api/v1/runs", "--json", json.dumps(body))

    def ready(self):
        return self.curl("/readyz")[0] == 200

    def metrics(self, pattern):
        """The values of the rows that begin with a pattern."""
        text = self.curl("/metrics")[1]
        return [float(value) for value in re.findall(rf"^{pattern} (\S+)$", text, re.M)]

    def running(self):
        return sum(self.metrics("phial_runs_running"))

    def groups_of_runs(self):
        """How many more groups there are than templates; those stay."""
        groups = {os.path.basename(group) for group in run_groups(self.slot())}  # v1: one in each hierarchy
        return len(groups) - sum(self.metrics(r'phial_template_state\{.*state="warm"\}'))

    def stop(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        return self.process.wait(timeout=PATIENCE)


# ---- what is left ----

UID_BASE, UIDS_OF_A_SLOT = 1879048192, 65536


def processes_of_slot(slot):
    """Those with one of the slot's uids."""
    first, found = UID_BASE + slot * UIDS_OF_A_SLOT, []
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                uid = os.stat(f"/proc/{name}").st_uid
            except OSError:
                continue
            if first <= uid < first + UIDS_OF_A_SLOT:
                found.append(int(name))
    return found


def run_groups(slot):
    """The cgroups of single runs in a slot."""
    found = []
    for folder, names, _ in os.walk("/sys/fs/cgroup"):
        if folder.endswith(f"/phial/e{slot}"):
            found += [os.path.join(folder, name) for name in names if re.fullmatch(r"r[0-9a-z]+", name)]
            names.clear()
    return found


@contextlib.contextmanager
def holding_slot(slot):
    """Holds a slot that its server has left; False when another executor has taken it meanwhile."""
    with open(f"/run/phial/slots/{slot}") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def mounts():
    with open("/proc/self/mountinfo") as file:
        return [line for line in file if "/run/phial" in line]

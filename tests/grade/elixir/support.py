"""What the tests of grading for Elixir share: both sides as real runtimes from the image, joined by pipes.

The executor's part is left out, so that frames can be looked at and forged. `judge` gives what the tests' side wrote.
"""

import json
import os
import selectors
import shutil
import subprocess
import tempfile
import time

import yaml

HERE = os.path.dirname(os.path.abspath(__file__))
TREE = os.path.dirname(os.path.dirname(os.path.dirname(HERE)))
IMAGES = os.environ.get("PHIAL_IMAGES", "/var/lib/phial/images")
ROOT = os.environ.get("PHIAL_ELIXIR_ROOT")  # a folder in place of the image
PATIENCE = 60  # seconds; a bound for what hangs, never a measure
CLIPPED = 64 << 20
SOLUTION_MEMORY = 6 << 30  # address space, of which the runtime reserves most

_mounted = None


def root():
    """The image's files, mounted once for all tests."""
    global _mounted
    if ROOT:
        return ROOT
    if not _mounted:
        _mounted = tempfile.mkdtemp(prefix="phial-elixir-image-")
        image = os.path.join(IMAGES, "elixir.erofs")
        subprocess.run(["mount", "-t", "erofs", "-o", "loop,ro", image, _mounted], check=True)
    return _mounted


def unmount():
    global _mounted
    if _mounted:
        subprocess.run(["umount", "--lazy", _mounted], check=False)
        os.rmdir(_mounted)
        _mounted = None


def order(fields, linked):
    text = b"".join(f"{key}={value}".encode() + b"\0" for key, value in fields)
    return text + b"\0" if linked else text


class Side:
    """One runtime in a folder of its own, with its five descriptors."""

    SCRIPT = """
        mount --bind "$1" "$1" && mount -t tmpfs none "$1/work" && mount -t tmpfs none "$1/tmp" &&
        mount -t tmpfs none "$1/dev" && mknod -m 666 "$1/dev/null" c 1 3 && cp -r "$2/." "$1/work/" || exit 99
        root=$1; shift 2
        exec env -i LANG=C.UTF-8 ROOTDIR=/usr/lib/erlang BINDIR=/phial/bin EMU=beam PROGNAME=erl HOME=/work \
            PATH=/usr/bin:/bin ERL_CRASH_DUMP_SECONDS=0 "$(command -v chroot)" "$root" /bin/sh -c 'cd /work && exec "$0" "$@"' "$@"
    """

    def __init__(self, files, order, memory=None):
        self.folder = tempfile.mkdtemp(prefix="phial-grade-")
        for name, content in files:
            path = os.path.join(self.folder, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as file:
                file.write(content if isinstance(content, bytes) else content.encode())
        self.order_read, self.order_write = os.pipe()
        self.report_read, self.report_write = os.pipe()
        self.process = subprocess.Popen(
            ["unshare", "--mount", "sh", "-c", self.SCRIPT, "sh", root(), self.folder] + command(),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            pass_fds=(3, 4), preexec_fn=lambda: self.place(memory),
        )  # fmt: skip
        os.close(self.order_read)
        os.close(self.report_write)
        self.stdout, self.stderr = b"", b""
        self.order = order

    def place(self, memory):
        # To numbers that neither is, then to those of the protocol.
        here = [os.dup2(self.order_read, 103), os.dup2(self.report_write, 104)]
        os.dup2(here[0], 3)
        os.dup2(here[1], 4)
        for number in here:
            os.close(number)
        if memory:
            import resource

            resource.setrlimit(resource.RLIMIT_AS, (memory, memory))

    def begin(self):
        said = b""
        while not said.endswith(b"ready\n"):
            byte = os.read(self.report_read, 1)
            if not byte:
                raise AssertionError(f"the runtime ended: {self.process.communicate()}")
            said += byte
        os.write(self.order_write, self.order)

    def end(self):
        for number in (self.order_write, self.report_read):
            if number is not None:
                os.close(number)
        self.order_write = self.report_read = None
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        self.process.stderr.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def command():
    with open(os.path.join(TREE, "languages/elixir/language.yaml")) as file:
        return yaml.safe_load(file)["run"]


class Relay:
    """Carries bytes between two sides until both have ended, as the executor does."""

    def __init__(self, tests, solution, patience, solution_seconds):
        self.tests, self.solution = tests, solution
        self.cut = time.monotonic() + solution_seconds
        self.deadline = time.monotonic() + patience
        self.selector = selectors.DefaultSelector()
        self.late = False

    def run(self):
        sides = {"tests": self.tests, "solution": self.solution}
        other = {"tests": self.solution, "solution": self.tests}
        for name, side in sides.items():
            for stream in ("stdout", "stderr"):
                self.selector.register(getattr(side.process, stream).fileno(), selectors.EVENT_READ, (side, stream, None))
            self.selector.register(side.report_read, selectors.EVENT_READ, (side, "link", other[name]))
        open_count = 6
        while open_count and self.tests.process.poll() is None or self.pending():
            events = self.selector.select(0.2)
            if time.monotonic() > self.deadline:
                self.late = True
                break
            if time.monotonic() > self.cut and self.solution.process.poll() is None:
                self.solution.process.kill()
            for key, _ in events:
                open_count -= self.carry(key, *key.data)
        self.selector.close()

    def pending(self):
        return any(key.data[0] is self.tests and key.data[1] != "link" for key in self.selector.get_map().values())

    def carry(self, key, side, stream, target):
        data = os.read(key.fd, 1 << 16)
        if not data:
            self.selector.unregister(key.fd)
            if target and target.order_write is not None:
                os.close(target.order_write)
                target.order_write = None
            return 1
        if target:
            self.pass_on(target, data)
        elif len(getattr(side, stream)) < CLIPPED:
            setattr(side, stream, getattr(side, stream) + data)
        return 0

    def pass_on(self, target, data):
        try:
            while data and target.order_write is not None:
                data = data[os.write(target.order_write, data) :]
        except BrokenPipeError:
            pass


class Answer:
    def __init__(self, lines, tests, solution, late):
        self.lines, self.late = lines, late
        self.stderr = tests.stderr.decode(errors="replace")
        self.solution_stdout = solution.stdout.decode(errors="replace") if solution else ""
        self.solution_stderr = solution.stderr.decode(errors="replace") if solution else ""
        self.plan = self.first("plan") or []
        self.ended = self.first("end") is True
        self.together = self.first("together")
        self.compile_error = self.first("compile_error") is True
        self.diagnostics = [line["diagnostic"] for line in lines if "diagnostic" in line]
        self.rules = [line["rule"] for line in lines if "rule" in line]
        self.tests = {}
        for line in lines:
            if "test" in line:
                name = self.plan[line["test"]["index"]]["name"]
                if name in self.tests:
                    raise AssertionError(f"two results of {name}")
                self.tests[name] = line["test"]

    def first(self, key):
        return next((line[key] for line in self.lines if key in line), None)

    @property
    def statuses(self):
        return {name: test["status"] for name, test in self.tests.items()}

    @property
    def verdict(self):
        """As src/grade makes it."""
        statuses = [self.tests[test["name"]]["status"] for test in self.plan if test["name"] in self.tests]
        if self.compile_error or not self.ended or len(statuses) != len(self.plan):
            return "error"
        counted = [status for status in statuses if status != "skip"]
        return "pass" if counted and set(counted) == {"pass"} else "fail"

    def __str__(self):
        return json.dumps(self.lines, indent=1) + f"\n-- tests: {self.stderr}\n-- solution: {self.solution_stderr}"


def judge(solution, tests, helpers=(), rules=(), patience=PATIENCE, fixtures=(), solution_seconds=30):
    """Files are lists of (name, content), or the text of a single file."""
    solution = [("solution.ex", solution)] if isinstance(solution, str) else list(solution)
    tests = [("solution_test.exs", tests)] if isinstance(tests, str) else list(tests)
    shared = list(helpers) + list(fixtures)
    names = [("test", name) for name, _ in tests if name.endswith("_test.exs")]
    solution_order = [("role", "solution")] + [("solution", name) for name, _ in solution] + list(rules)
    tests_side = Side(shared + tests, order([("role", "tests")] + names, True))
    solution_side = Side(solution + shared, order(solution_order, True), SOLUTION_MEMORY)
    try:
        tests_side.begin()
        solution_side.begin()
        relay = Relay(tests_side, solution_side, patience, solution_seconds)
        relay.run()
        return Answer(parse(tests_side.stdout), tests_side, solution_side, relay.late)
    finally:
        tests_side.end()
        solution_side.end()


def judge_together(solution, tests, helpers=(), rules=(), patience=PATIENCE):
    solution = [("solution.ex", solution)] if isinstance(solution, str) else list(solution)
    tests = [("solution_test.exs", tests)] if isinstance(tests, str) else list(tests)
    fields = [("role", "together")] + [("test", name) for name, _ in tests if name.endswith("_test.exs")]
    fields += [("solution", name) for name, _ in solution] + list(rules)
    side = Side(solution + list(helpers) + tests, order(fields, False))
    try:
        side.begin()
        os.close(side.order_write)
        side.order_write = None
        with os.fdopen(side.report_read, "rb") as report:
            side.report_read = None
            text = report.read()
        side.stderr = side.process.stderr.read()
        lines = [line["grade"] for line in parse(text) if "grade" in line]
        return Answer(lines, side, None, False)
    finally:
        side.end()


def parse(text):
    return [json.loads(line) for line in text.decode().splitlines()]

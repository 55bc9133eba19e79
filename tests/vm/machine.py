"""What the checks in tests/vm/guest share: commands, HTTP calls, a look at the service and at what it left."""
import json
import os
import re
import subprocess
import time
import urllib.error
import urllib.request

BASE = "http://127.0.0.1:4080"
UNIT = "phial.service"

# name of the first file, a program that prints 42, and the argument of `phial run`
PROGRAMS = {
    "elixir": ("main.exs", "IO.puts(6 * 7)"),
    "erlang": ("main.erl", '-module(main).\n-export([main/1]).\nmain(_) -> io:format("~p~n", [6 * 7]).\n'),
    "python": ("main.py", "print(6 * 7)"),
    "javascript": ("main.js", "console.log(6 * 7)"),
    "c": ("main.c", '#include <stdio.h>\nint main(void) { printf("%d\\n", 6 * 7); }\n'),
    "bash": ("main.sh", "echo $((6 * 7))"),
}
# These have templates: where one of them is not warm, this fails.
WARM = ("elixir", "erlang", "python", "javascript")
# What an emulated run may take where its limits are not what is tried.
PATIENCE = {"cpu_ms": 30000, "wall_ms": 60000}
WARM_S = 120  # to boot and warm up all of them, two at a time and emulated


def note(text):
    print("#", text, flush=True)


def command(*argv, timeout=60, ok=(0,), **more):
    done = subprocess.run(argv, capture_output=True, text=True, timeout=timeout, **more)
    said = (done.stdout[-300:] + done.stderr[-600:]).strip()
    assert done.returncode in ok, f"{' '.join(argv)}: exit {done.returncode}: {said}"
    return done.stdout


def call(method, path, body=None, headers=None, timeout=60, raw=None):
    """One HTTP call: its status, headers and body (from JSON where it is that)."""
    data = raw if raw is not None else None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(BASE + path, data=data, method=method)
    if data is not None:
        request.add_header("Content-Type", "application/json")
    for name, value in (headers or {}).items():
        request.add_header(name, value)
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            status, found, text = answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as problem:
        status, found, text = problem.code, problem.headers, problem.read().decode()
    is_json = "json" in (found.get("Content-Type") or "")
    return status, found, json.loads(text) if is_json and text else text


def run(language, content, name=None, **more):
    body = {"language": language, "files": [{"name": name or PROGRAMS[language][0], "content": content}], **more,
            "limits": {**PATIENCE, **more.get("limits", {})}}
    status, _, answer = call("POST", "/api/v1/runs", body)
    assert status == 200, f"HTTP {status}: {answer}"
    return answer


def expect(answer, **wanted):
    for key, value in wanted.items():
        assert answer[key] == value, f"{key} is {answer[key]!r}, not {value!r}: {json.dumps(answer)[:400]}"
    return answer


def wait_ready(seconds=WARM_S):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if call("GET", "/readyz", timeout=5)[0] == 200:
                return
        except OSError:
            pass
        time.sleep(0.2)
    raise AssertionError(f"not ready after {seconds} s: {journal()}")


def until(what, true, seconds=WARM_S):
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise AssertionError(f"{what}: not after {seconds} s: {journal()}")
        time.sleep(0.2)


def journal(lines=8):
    return command("journalctl", "--no-pager", "--unit", UNIT, "--lines", str(lines), "--output", "cat")


def service_group():
    path = command("systemctl", "show", "--property", "ControlGroup", "--value", UNIT).strip()
    return "/sys/fs/cgroup" + path if path else None


def service_processes():
    """pid and command name of every process below the service's group."""
    found = {}
    group = service_group()
    for folder, _, _ in os.walk(group) if group else ():
        try:
            pids = open(folder + "/cgroup.procs").read().split()
        except OSError:
            continue
        for pid in pids:
            if name := comm(pid):
                found[int(pid)] = name
    return found


def groups_below():
    return sorted(folder for folder, _, _ in os.walk(service_group()))


def host_state():
    """What a run must leave as it was. Templates and their groups stay, but others may have taken their place, so
    they are told by name and number."""
    mounts = sorted(line.split()[4] for line in open("/proc/self/mountinfo"))
    sandboxed = sorted(comm(pid) for pid in os.listdir("/proc") if pid.isdigit() and is_sandboxed(pid))
    groups = sorted(re.sub(r"/[a-z][0-9]+$", "", folder) for folder in groups_below())
    return {"mounts": mounts, "groups": groups, "processes with sandbox uids": sandboxed,
            "loop devices": sorted(os.listdir("/sys/block"))}


def comm(pid):
    try:
        return open(f"/proc/{pid}/comm").read().strip()
    except OSError:
        return ""


def is_sandboxed(pid):
    """A process with a uid out of the blocks for boxes, but for the ground's own, which uses the first of one."""
    uid = uid_of(pid)
    return uid >= 1879048192 and uid % 65536 != 0


def uid_of(pid):
    try:
        return int(re.search(r"^Uid:\s+(\d+)", open(f"/proc/{pid}/status").read(), re.M)[1])
    except (OSError, TypeError):
        return -1


def same_state(before):
    end = time.monotonic() + WARM_S  # templates that died with the executor are there again by then
    while True:
        now = host_state()
        changed = {key: (before[key], now[key]) for key in now if now[key] != before[key]}
        if not changed:
            return
        assert time.monotonic() < end, f"left behind (before, now): {changed}"
        time.sleep(0.2)


def metrics(name):
    """The values of a metric by its labels."""
    rows = re.findall(rf"^{name}\{{(.*)\}} (\S+)$", call("GET", "/metrics")[2], re.M)
    assert rows, f"there is no {name}"
    return {labels: float(value) for labels, value in rows}


def wait_warm():
    end = time.monotonic() + WARM_S
    while True:
        states = metrics("phial_template_state")
        cold = [name for name in WARM if states.get(f'language="{name}",state="warm"') != 1]
        if not cold:
            return
        if time.monotonic() > end:
            for line in journal(60).splitlines():
                note(line)
            raise AssertionError(f"not warm: {cold}")
        time.sleep(0.5)


def executor():
    """Its number, or None while there is none."""
    return next((pid for pid, name in service_processes().items() if name == "phial-executor"), None)


def templates():
    """The executor's children in the pid namespace of the maker of boxes that are no programs of phial's."""
    parent = executor()
    found = {}
    for pid, name in service_processes().items():
        try:
            status = open(f"/proc/{pid}/status").read()
        except OSError:
            continue
        if int(re.search(r"^PPid:\s+(\d+)", status, re.M)[1]) == parent:
            found[pid] = (len(re.search(r"^NSpid:(.*)", status, re.M)[1].split()), name)
    maker = min(level for level, name in found.values() if name.startswith("phial-"))
    return {pid: name for pid, (level, name) in found.items() if level == maker and not name.startswith("phial-")}

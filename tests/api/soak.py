#!/usr/bin/env python3
"""Many runs in a row and many at once, mixed over languages, with hostile programs among them, over templates that are
replaced all the while: no answer is lost or mixed up, none is cold that could be warm, and afterwards the host is as it
was.

usage: tests/api/soak.py [COUNT [CONCURRENCY [LANGUAGE,...]]]     standard 1000 16 and all six languages

A fifth of the runs come one after another, the others CONCURRENCY at once. A language's template is replaced after
COUNT / 40 clones, but at most 500 (COUNT 20000).
Starts a server of its own. Counts before and after, once the answers have been forgotten: processes, mounts, groups,
namespaces, descriptors of supervisor, frontend and executor, memory. The last line says 'N passed, N failed'."""
import http.client
import json
import os
import queue
import random
import re
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
from server import Server, run_body  # noqa: E402

# Each prints the word that it is given, which no other run has.
PROGRAMS = {
    "bash": "echo {word}",
    "python": 'print("{word}")',
    "javascript": 'console.log("{word}")',
    "c": '#include <stdio.h>\nint main(void) {{ puts("{word}"); }}\n',
    "elixir": 'IO.puts("{word}")',
    "erlang": '-module(main).\n-export([main/1]).\nmain(_) -> io:put_chars("{word}\\n").\n',
}
# Hostile ones, and the statuses that they may get. What is printed is the word, then whatever.
BRIEF = {"wall_ms": 1500}
HOSTILE = [
    ("bash", "echo {word}; f() {{ f | f & }}; f; sleep 5", BRIEF, None),
    ("bash", "echo {word}; while :; do :; done", {"wall_ms": 1000, "cpu_ms": 300}, ("timeout",)),
    ("bash", "echo {word}; yes", {"output_bytes": 20000}, ("output_limit",)),
    ("bash", "echo {word}; kill -9 -1; sleep 3", {"wall_ms": 1000}, None),
    ("bash", "echo {word}; (trap '' TERM HUP; sleep 60) & disown; exit 3", {}, ("error",)),
    ("bash", "echo {word}; i=0; while mkdir d$i 2>/dev/null; do i=$((i+1)); done", BRIEF, None),
    ("bash", "echo {word}; head -c 1G /dev/zero > big; ls -la big", {"wall_ms": 3000}, None),
    # Of runtimes that may be copies: these kill, stop, leave, fill and forge all that they can reach.
    ("python", 'print("{word}", flush=True)\nx = []\nwhile True: x.append(bytearray(1 << 20))',
     {"memory_bytes": 64 << 20}, ("memory", "error")),
    ("python", 'import os\nprint("{word}", flush=True)\nos.kill(os.getpid(), 11)', {}, ("error",)),
    ("python", 'import os\nprint("{word}", flush=True)\nos.kill(-1, 9)\nwhile True: pass', BRIEF, None),
    ("python", 'import os\nprint("{word}", flush=True)\nwhile True:\n  try: os.fork()\n  except OSError: pass', BRIEF, None),
    ("python", 'import os\nprint("{word}", flush=True)\nos.closerange(0, 4096)\nos.abort()', {}, None),
    ("python", 'import os\nprint("{word}", flush=True)\nif os.fork():\n  os._exit(7)\nos.setsid()\nwhile True: os.fork()',
     BRIEF, ("error",)),
    ("python", 'import os, ctypes\nprint("{word}", flush=True)\nfor p in range(1, 40):\n  for s in (19, 9):\n'
     '    try: os.kill(p, s) if p != os.getpid() else None\n    except OSError: pass\nctypes.string_at(8)', BRIEF, None),
    ("python", 'import threading\nprint("{word}", flush=True)\nwhile True:\n'
     '  try: threading.Thread(target=threading.Event().wait).start()\n  except RuntimeError: break', BRIEF, None),
    ("python", 'import os\nprint("{word}", flush=True)\nn = 0\nwhile True:\n  open(f"f{{n}}", "wb").write(b"x" * 5000); n += 1',
     {"disk_bytes": 1 << 20}, ("error",)),
    ("elixir", 'IO.puts("{word}")\nSystem.cmd("/bin/sh", ["-c", "kill -9 -1"])', BRIEF, None),
    ("elixir", 'IO.puts("{word}")\nf = fn f -> spawn(fn -> f.(f) end); f.(f) end\nf.(f)', BRIEF, None),
    ("elixir", 'IO.puts("{word}")\nf = fn f, n -> String.to_atom("a#{{n}}"); f.(f, n + 1) end\nf.(f, 0)', BRIEF, None),
    ("elixir", 'IO.puts("{word}")\nfor p <- Process.list(), p != self(), do: Process.exit(p, :kill)\n'
     'Process.sleep(:infinity)', BRIEF, None),
    ("elixir", 'IO.puts("{word}")\nf = fn f, l -> f.(f, [:binary.copy(<<1>>, 1_000_000) | l]) end\nf.(f, [])',
     {"memory_bytes": 64 << 20}, ("memory", "error")),
    ("elixir", 'IO.puts("{word}")\nfor p <- Port.list(), do: Port.close(p)\nProcess.sleep(:infinity)', BRIEF, None),
    ("elixir", 'IO.puts("{word}")\n:erlang.halt(~c"crashed")', {}, ("error",)),
    ("erlang", '-module(main).\n-export([main/1]).\nmain(_) -> io:put_chars("{word}\\n"),\n'
     '  [os:cmd("kill -STOP " ++ integer_to_list(P)) || P <- lists:seq(1, 40)], halt(abort).', BRIEF, None),
    ("javascript", 'console.log("{word}"); process.kill(-1, "SIGKILL"); for (;;);', BRIEF, None),
    ("javascript", 'console.log("{word}"); const {{Worker}} = require("worker_threads");\n'
     'setInterval(() => new Worker("for (;;);", {{eval: true}}), 1)', BRIEF, None),
    ("javascript", 'console.log("{word}"); process.abort()', {}, ("error",)),
    ("javascript", 'console.log("{word}"); const x = []; for (;;) x.push(Buffer.alloc(1 << 20, 1));',
     {"memory_bytes": 64 << 20}, ("memory", "error")),
]


def count_lines(path):
    with open(path) as file:
        return sum(1 for _ in file)


def resident(pid):
    with open(f"/proc/{pid}/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def count_descriptors(pid):
    """But those of empty network namespaces, which are kept for later runs: as many as were ever needed at once."""
    count = 0
    for number in os.listdir(f"/proc/{pid}/fd"):
        try:
            count += not re.search(r"^net:|/net/unix$", os.readlink(f"/proc/{pid}/fd/{number}"))
        except FileNotFoundError:
            continue
    return count


def cached_bytes(group):
    """What is charged to the group for pages of files, tmpfs left out."""
    try:
        with open(f"{group}/memory.stat") as file:
            stat = {name: int(value) for name, value in map(str.split, file)}
    except FileNotFoundError:
        return 0
    return stat["total_cache"] - stat["total_shmem"] if "total_cache" in stat else stat["file"] - stat["shmem"]


def descendants(root):
    """All processes below `root`, found by their parents."""
    parents = {}
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/stat") as file:
                parents[int(pid)] = int(file.read().rsplit(")", 1)[1].split()[1])
        except OSError:
            continue
    found = {root}
    while True:
        more = {pid for pid, parent in parents.items() if parent in found} - found
        if not more:
            return found
        found |= more


def look(server):
    """What there is of everything that a run could leave behind."""
    processes = descendants(server.process.pid)
    own = {"supervisor": server.process.pid, **server.children()}
    namespaces, groups = set(), set()
    for pid in processes:
        try:
            # Where the next child will be says only which box was made last.
            for name in set(os.listdir(f"/proc/{pid}/ns")) - {"pid_for_children", "time_for_children"}:
                namespaces.add(os.readlink(f"/proc/{pid}/ns/{name}"))
            with open(f"/proc/{pid}/cgroup") as file:
                groups |= {line.rstrip().split(":", 2)[2] for line in file}
        except OSError:
            continue
    slots = {group[:found.end()] for group in groups if (found := re.search(r"/phial/e\d+(?=/|$)", group))}
    folders = 0
    cached = 0
    for root, names, _ in os.walk("/sys/fs/cgroup", followlinks=False):
        if any(root.endswith(slot) or slot + "/" in root for slot in slots):
            folders += len(names)
        if any(root.endswith(slot) for slot in slots):
            cached += cached_bytes(root)
    seen = {"processes": len(processes), "namespaces": len(namespaces), "groups of processes": len(groups),
            "cgroup folders": folders}
    for name, pid in own.items():
        seen[f"descriptors of {name}"] = count_descriptors(pid)
        seen[f"mounts of {name}"] = count_lines(f"/proc/{pid}/mountinfo")
        seen[f"memory of {name}"] = resident(pid)
    # Pages of the images are charged to whichever group touched them first, and stay there until memory is short.
    seen["memory of the group above all runs"] = int(server.metric("phial_runs_memory_bytes")) - cached
    for name in ("phial_runs_running", "phial_runs_queued", "phial_answers_kept", "phial_http_connections"):
        seen[name] = int(server.metric(name))
    return seen


def plan(count, languages, chance):
    """The runs: what is sent, the word, the statuses that may come."""
    hostile = [each for each in HOSTILE if each[0] in languages] or HOSTILE
    for number in range(count):
        word = f"word-{number}-{chance.randrange(10**12)}"
        if number % 10 == 9:
            language, source, limits, statuses = chance.choice(hostile)
            limits = {"wall_ms": 60000, "cpu_ms": 60000, **limits}  # ample, where the program is not about them
            yield run_body(language, source.format(word=word), limits=limits), word, statuses
        else:
            language = languages[number % len(languages)]
            limits = {"wall_ms": 60000, "cpu_ms": 60000}
            yield run_body(language, PROGRAMS[language].format(word=word), limits=limits), word, ("ok",)


def judge(answer, body, word, statuses, warm):
    """What is wrong with the answer, or None."""
    if answer.status != 200:
        return f"HTTP status {answer.status}: {answer.body[:200]}"
    got = answer.json
    if statuses and got["status"] not in statuses:
        return f"{body['language']}: {got['status']}, not {statuses}: {json.dumps(got)[:300]}"
    if not got["stdout"].startswith(word + "\n"):
        return f"{body['language']}: an output that is not its own: {json.dumps(got)[:300]}"
    if got["start"] != ("warm" if body["language"] in warm else "cold"):
        return f"{body['language']}: {got['start']}"
    return None


def work(server, todo, warm, faults, answered):
    connection = http.client.HTTPConnection(server.host, server.port, timeout=120)
    while True:
        try:
            body, word, statuses = todo.get_nowait()
        except queue.Empty:
            connection.close()
            return
        try:
            answer = server.call_on(connection, "POST", "/api/v1/runs", body)
            while answer.status in (429, 503):
                time.sleep(0.05)
                answer = server.call_on(connection, "POST", "/api/v1/runs", body)
            fault = judge(answer, body, word, statuses, warm)
        except (OSError, http.client.HTTPException) as error:
            fault = repr(error)
            connection.close()
        answered.append(word)
        if fault:
            faults.append(fault)


def run_all(server, count, concurrency, languages, warm, chance):
    todo = queue.Queue()
    for item in plan(count, languages, chance):
        todo.put(item)
    faults, answered = [], []
    begin = time.monotonic()
    threads = [threading.Thread(target=work, args=(server, todo, warm, faults, answered)) for _ in range(concurrency)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.monotonic() - begin
    print(f"{count} runs, {concurrency} at once: {seconds:.1f} s, {count / seconds:.0f} a second, {len(faults)} faults",
          flush=True)
    for fault in faults[:10]:
        print("  " + fault)
    return len(faults) == 0 and len(answered) == count == len(set(answered))


def warm_languages(server):
    return [each["name"] for each in server.call("GET", "/api/v1/languages").json if each["warm"]]


def wait_for_one_clone(server, line):
    """The pool shrinks to one of each language in about a minute of quiet."""
    for _ in range(300):
        if server.metric(line) == 1:
            return
        time.sleep(0.5)
    raise AssertionError(f"{line} is {server.metric(line)}, not 1")


def settle(server, warm):
    """Until nothing runs, no answer is kept, and of each template there is one, with one clone that waits."""
    for name in ("phial_runs_running", "phial_runs_queued", "phial_answers_kept"):
        server.wait_metric(name, 0)
    server.wait_ready()
    for language in warm:
        server.wait_metric(f'phial_template_state{{language="{language}",state="warm"}}', 1)
        wait_for_one_clone(server, f'phial_clones_ready{{language="{language}"}}')
    server.wait_metric("phial_http_connections", 1)
    time.sleep(2)


def compare(before, after):
    """Counts must be the same; memory may have grown by what allocators keep, 16 MiB, and that of the group above all
    runs by what one template's boot differs from another's."""
    good = True
    for name, value in before.items():
        grown = after[name] - value
        allowed = 48 << 20 if "group" in name else 16 << 20
        bad = grown > allowed if "memory" in name else grown > 0
        good = good and not bad
        if grown:
            print(f"  {name}: {value} before, {after[name]} after{' LEFT BEHIND' if bad else ''}")
    return good


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    concurrency = int(sys.argv[2]) if len(sys.argv) > 2 else 16
    languages = sys.argv[3].split(",") if len(sys.argv) > 3 else list(PROGRAMS)
    seed = random.randrange(10**9)
    print(f"seed {seed}")
    chance = random.Random(seed)
    results = []
    with Server(keep_answers_s="1", client_queue_most="1000", client_running_most="16",
                template_clones=str(max(10, min(500, count // 40)))) as server:
        server.wait_ready()
        warm = warm_languages(server)
        print(f"warm: {' '.join(warm)}")
        # What is made once has been made then.
        results.append(run_all(server, min(count, 100), concurrency, languages, warm, chance))
        settle(server, warm)
        before = look(server)
        results.append(run_all(server, count // 5, 1, languages, warm, chance))
        results.append(run_all(server, count - count // 5, concurrency, languages, warm, chance))
        settle(server, warm)
        results.append(compare(before, look(server)))
        for language in warm:
            print(f"{language}:", *(f"{int(server.metric(f'phial_{name}{{language={json.dumps(language)}}}'))} {word}" for
                                   name, word in (("template_generations_total", "templates,"), ("clones_total", "clones,"),
                                                  ("template_faults_total", "faults"))))
    print(f"{results.count(True)} passed, {results.count(False)} failed")
    return results.count(False) > 0


if __name__ == "__main__":
    sys.exit(main())

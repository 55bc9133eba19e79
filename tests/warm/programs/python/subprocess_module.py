import os, subprocess, sys
print(subprocess.run(["/bin/sh", "-c", "echo out; echo err >&2; exit 3"], capture_output=True, text=True))
print(subprocess.check_output("echo shell $HOME", shell=True, text=True), os.system("exit 4") >> 8)
p = subprocess.Popen([sys.executable, "-c", "import sys; print(sys.stdin.read().upper())"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
print(p.communicate("to a child")[0], p.returncode)
try:
    subprocess.run(["/bin/sh", "-c", "while :; do :; done"], timeout=0.1)
except subprocess.TimeoutExpired as e:
    print(e)
try:
    subprocess.run(["false-program"])
except FileNotFoundError as e:
    print(e)
print(subprocess.run("cat /proc/self/comm 2>/dev/null; kill -TERM $$", shell=True).returncode)
print([subprocess.call(["/bin/sh", "-c", f"exit {n}"]) for n in range(10)])
print(os.popen("echo popen").read(), subprocess.getstatusoutput("echo x; exit 2"))
print(subprocess.run(["/bin/sh", "-c", "echo $X"], env={"X": "y"}, cwd="/tmp", capture_output=True).stdout)
sys.stdout.flush()
subprocess.run(["/bin/sh", "-c", "echo straight through"])

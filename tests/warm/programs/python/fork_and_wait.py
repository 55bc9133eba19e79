import os, sys
print("before", flush=True)
for code in (0, 7):
    pid = os.fork()
    if pid == 0:
        print("child", flush=True); os._exit(code)
    print(os.waitpid(pid, 0)[1] >> 8, flush=True)
r, w = os.pipe()
if (pid := os.fork()) == 0:
    os.close(r); os.write(w, b"through a pipe"); os._exit(0)
os.close(w); print(os.read(r, 100)); status = os.wait()[1]
pid = os.fork()
if pid == 0:
    os.kill(os.getpid(), 9)
print(os.waitpid(pid, 0)[1])
pid = os.posix_spawn("/bin/sh", ["sh", "-c", "exit 6"], os.environ); print(os.waitpid(pid, 0)[1] >> 8)
print(os.getpid() > 1, os.getppid() >= 0, os.getpgrp() == os.getpid(), os.getsid(0) == os.getpid())
if os.fork() == 0:
    sys.exit(0)
print(os.wait()[1])

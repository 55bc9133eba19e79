import os, signal, subprocess, time
seen = []
for s in (signal.SIGUSR1, signal.SIGUSR2, signal.SIGTERM, signal.SIGHUP):
    signal.signal(s, lambda n, frame: seen.append(signal.Signals(n).name))
    os.kill(os.getpid(), s)
print(seen)
signal.signal(signal.SIGALRM, lambda *a: seen.append("alarm")); signal.setitimer(signal.ITIMER_REAL, 0.01); signal.pause(); print(seen[-1])
subprocess.run(["/bin/sh", "-c", f"kill -USR1 {os.getpid()}"]); time.sleep(0.01); print(seen[-1])
try:
    signal.raise_signal(signal.SIGINT)
except KeyboardInterrupt:
    print("interrupted")
print(signal.getsignal(signal.SIGPIPE), signal.getsignal(signal.SIGCHLD), signal.getsignal(signal.SIGXFSZ))
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1]); os.kill(os.getpid(), signal.SIGUSR1); print(signal.sigpending()); print(signal.sigwait([signal.SIGUSR1]))

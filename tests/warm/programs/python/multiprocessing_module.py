import multiprocessing as mp, os
def square(n): return n * n
def child(q, n): q.put((n, os.getppid() == parent))
parent = os.getpid()
if __name__ == "__main__":
    context = mp.get_context("fork")
    r, w = context.Pipe(False)
    p = context.Process(target=lambda: w.send(["from", "child"])); p.start(); print(r.recv()); p.join(); print(p.exitcode)
    ps = [context.Process(target=os._exit, args=(n,)) for n in (0, 3, 5)]; [p.start() for p in ps]; [p.join() for p in ps]; print([p.exitcode for p in ps])
    try:
        with context.Pool(3) as pool:
            print(pool.map(square, range(10)))
    except OSError as e:
        print(type(e).__name__, e.errno)
    try:
        value = context.Value("i", 5); print(value.value)
    except OSError as e:
        print(type(e).__name__, e.errno)

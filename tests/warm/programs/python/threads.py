import concurrent.futures, queue, threading, time
total, lock = 0, threading.Lock()
def add(n):
    global total
    for _ in range(n):
        with lock:
            total += 1
threads = [threading.Thread(target=add, args=(1000,)) for _ in range(10)]
[t.start() for t in threads]; [t.join() for t in threads]; print(total)
q = queue.Queue()
def worker():
    while (item := q.get()) is not None:
        results.append(item * item); q.task_done()
results = []; t = threading.Thread(target=worker); t.start(); [q.put(n) for n in range(20)]; q.join(); q.put(None); t.join(); print(results)
with concurrent.futures.ThreadPoolExecutor(4) as pool:
    print(list(pool.map(lambda n: n**2, range(10))), pool.submit(pow, 2, 5).result())
event = threading.Event(); threading.Timer(0.01, event.set).start(); print(event.wait(10))
barrier = threading.Barrier(3); got = []
def meet(n): barrier.wait(); got.append(n)
ts = [threading.Thread(target=meet, args=(n,)) for n in range(3)]; [t.start() for t in ts]; [t.join() for t in ts]; print(sorted(got))
local = threading.local(); local.x = 1; seen = []; t = threading.Thread(target=lambda: seen.append(hasattr(local, "x"))); t.start(); t.join(); print(seen)
print(threading.current_thread().name, threading.active_count(), threading.main_thread() is threading.current_thread(), threading.get_ident() > 0)
t = threading.Thread(target=lambda: time.sleep(0.01), daemon=True, name="mine"); print(t); t.start(); t.join(); print(t.is_alive())
def boom(): raise ValueError("in a thread")
t = threading.Thread(target=boom, name="boom"); t.start(); t.join()

/* What a clone has is what its template had, and no other clone's: each is told twice, one clone after the
 * other, to look. */
#include "bare.h"

struct kept {
    const char *source, *look;
    bool helper;
};

static const char *python_itself(void)
{
    static char name[64];
    ssize_t k = readlink("/mnt/usr/bin/python3", name, sizeof name - 1);
    assert_true(k > 0);
    return name;
}

static void every_clone_has_it(void **state)
{
    const struct kept *it = *state;
    struct runtime r;
    boot(&r, it->source, it->helper ? python_itself() : NULL);
    freeze_well(&r);
    for (int i = 0; i < 2; i++) {
        struct copy c;
        copy(&r, &c);
        obey(&c, it->look);
        end_copy(&c);
    }
    end_runtime(&r);
    house_is_empty();
}

#define TIMERS                                                                                               \
    "class Time(ctypes.Structure): _fields_ = [(n, ctypes.c_long) for n in ('every', 'e_ns', 's', 'ns')]\n"  \
    "def timer(clock, flags, *times):\n"                                                                     \
    "  fd = libc.timerfd_create(clock, flags)\n"                                                             \
    "  assert libc.timerfd_settime(fd, 0, ctypes.byref(Time(*times)), None) == 0\n"                          \
    "  return fd\n"                                                                                          \
    "def left(fd):\n"                                                                                        \
    "  t = Time()\n"                                                                                         \
    "  assert libc.timerfd_gettime(fd, ctypes.byref(t)) == 0\n"                                              \
    "  return t.s + t.ns / 1e9, t.every + t.e_ns / 1e9\n"
#define EPOLLS                                                                                               \
    "class Event(ctypes.Structure):\n"                                                                       \
    "  _pack_ = 1; _fields_ = [('events', ctypes.c_uint32), ('data', ctypes.c_uint64)]\n"                    \
    "def watch(e, fd, events, data):\n"                                                                      \
    "  assert libc.epoll_ctl(e, 1, fd, ctypes.byref(Event(events, data))) == 0\n"                            \
    "def come(e):\n"                                                                                         \
    "  events = (Event * 8)()\n"                                                                             \
    "  n = libc.epoll_wait(e, events, 8, 0)\n"                                                               \
    "  return sorted((v.events, v.data) for v in events[:n])\n"
/* A thread for each function; each says what it has, then waits, and goes on when it is told to. */
#define THREADS                                                                                              \
    "said, told = {}, {}\n"                                                                                  \
    "def thread(name, before, after):\n"                                                                     \
    "  ready, go, done = threading.Event(), threading.Event(), threading.Event()\n"                          \
    "  def f():\n"                                                                                           \
    "    said[name] = before(); ready.set(); go.wait()\n"                                                    \
    "    try: told[name] = after()\n"                                                                        \
    "    finally: done.set()\n"                                                                              \
    "  threading.Thread(target=f, daemon=True).start()\n"                                                    \
    "  ready.wait()\n"                                                                                       \
    "  def wake(): go.set(); done.wait(); return told[name]\n"                                               \
    "  return wake\n"                                                                                        \
    "def same(wake, name): a, b = said[name], wake(); assert a == b, (a, b)\n"

#define EQUAL_IN_TWO(what, expected)                                                                         \
    "one, two = thread('one', " what ", " what "), thread('two', " what ", " what ")\n" expected
#define LOOK_AT_TWO "same(one, 'one'); same(two, 'two')\n"

static const struct {
    const char *name;
    struct kept it;
} kept[] = {
    {"its_number_is_2_and_none_of_our_variables_is_there",
     {"assert os.getpid() != 2\n",
      "assert os.getpid() == 2 and os.getcwd() == '/work'\n"
      "env = open('/proc/self/environ').read().split('\\0')\n"
      "assert 'PHIAL_ENGINE' not in os.environ and 'LD_PRELOAD' not in os.environ\n",
      false}},
    {"an_eventfd_has_its_count_and_flags",
     {"a = os.eventfd(3)\nos.set_inheritable(a, True)\n"
      "b = os.eventfd(2, os.EFD_SEMAPHORE | os.EFD_NONBLOCK | os.EFD_CLOEXEC)\n"
      "c = os.eventfd(0, os.EFD_NONBLOCK)\n"
      "d = os.eventfd(0)\nos.eventfd_write(d, 2 ** 64 - 2)\n",
      "assert (a, b, c, d) == (5, 6, 7, 8)\n"
      "assert os.get_inheritable(a) and not os.get_inheritable(b)\n"
      "assert os.get_blocking(a) and not os.get_blocking(b)\n"
      "assert os.eventfd_read(a) == 3\n"
      "assert os.eventfd_read(b) == 1 and os.eventfd_read(b) == 1\n"
      "fails(11, os.eventfd_read, b)\n"
      "fails(11, os.eventfd_read, c)\n"
      "assert os.eventfd_read(d) == 2 ** 64 - 2\n",
      false}},
    {"a_timer_has_the_time_that_is_left",
     {TIMERS "begin = time.monotonic()\na = timer(1, 0o2004000, 7, 5, 1000, 0)\n"
             "end = time.monotonic()\nb = timer(0, 0, 0, 0, 1000, 0)\nc = timer(1, 0, 0, 0, 0, 0)\n",
      "before = time.monotonic()\nrest, every = left(a)\nafter = time.monotonic()\n"
      "assert abs(every - 7.000000005) < 1e-6\n"
      "assert begin - after - 0.001 <= rest - 1000 <= end - before + 0.001, rest\n"
      "assert not os.get_blocking(a) and not os.get_inheritable(a)\n"
      "assert os.get_blocking(b) and os.get_inheritable(b)\n"
      "assert 0 < left(b)[0] <= 1000 and left(b)[1] == 0 and left(c) == (0, 0)\n"
      "clocks = [open(f'/proc/self/fdinfo/{fd}').read().split('clockid: ')[1][0] for fd in (a, b)]\n"
      "assert clocks == ['1', '0'], clocks\n",
      false}},
    {"a_timer_that_has_fired_fires",
     {TIMERS "a = timer(1, 0, 0, 0, 0, 1)\nb = timer(1, 0, 0, 0, 0, 1)\n"
             "assert select.select([a], [], []) and select.select([b], [], [])\nos.read(b, 8)\n",
      "assert os.read(a, 8) == (1).to_bytes(8, 'little') and left(a) == (0, 0)\n"
      "assert select.select([b], [], [], 0) == ([], [], []) and left(b) == (0, 0)\n",
      false}},
    {"a_timer_whose_time_passes_meanwhile_fires",
     {TIMERS "a = timer(1, 0, 0, 0, 0, 50000000)\n", "assert os.read(a, 8) == (1).to_bytes(8, 'little')\n",
      false}},
    {"a_pipe_has_the_bytes_that_wait_and_its_flags",
     {"r, w = os.pipe()\nos.write(w, b'abc')\nos.set_blocking(r, False)\nos.set_inheritable(w, True)\n"
      "s, x = os.pipe()\nos.set_blocking(x, False)\nos.set_inheritable(s, True)\n"
      "t, y = os.pipe()\nos.write(y, b'z' * 8000)\n",
      "assert (r, w, s, x, t, y) == (5, 6, 7, 8, 9, 10)\n"
      "assert os.read(r, 100) == b'abc'\nfails(11, os.read, r, 1)\n"
      "assert [os.get_blocking(f) for f in (r, w, s, x)] == [False, True, True, False]\n"
      "assert [os.get_inheritable(f) for f in (r, w, s, x)] == [False, True, True, False]\n"
      "os.write(w, b'd')\nassert os.read(r, 1) == b'd'\n"
      "os.write(x, b'e')\nassert os.read(s, 9) == b'e'\n"
      "assert os.read(t, 9000) == b'z' * 8000\n"
      "os.close(w)\nassert os.read(r, 1) == b''\n",
      false}},
    {"a_file_is_read_from_where_it_was",
     {"a = os.open(sys.executable, os.O_RDONLY)\nos.lseek(a, 1234, 0)\n"
      "b = os.open(sys.executable, os.O_RDONLY)\nos.set_inheritable(b, True)\n"
      "n = os.open('/dev/null', os.O_RDWR)\nu = os.open('/dev/urandom', os.O_RDONLY)\n"
      "seen = os.pread(a, 64, 1234), os.fstat(a).st_ino, os.fstat(a).st_size\n",
      "assert os.read(a, 64) == seen[0] and os.read(b, 4) == b'\\x7fELF'\n"
      "assert (os.fstat(a).st_ino, os.fstat(a).st_size) == seen[1:]\n"
      "assert not os.get_inheritable(a) and os.get_inheritable(b)\n"
      "fails(9, os.write, a, b'x')\n"
      "assert os.write(n, b'x') == 1 and os.read(n, 1) == b'' and len(os.read(u, 16)) == 16\n",
      false}},
    {"an_epoll_watches_what_it_watched",
     {EPOLLS "inner, outer = libc.epoll_create1(0o2000000), libc.epoll_create1(0)\n"
             "a, b, c, d = os.eventfd(1), os.eventfd(0), os.eventfd(1), os.eventfd(1)\n"
             "watch(inner, a, 1, 0xfedcba9876543210); watch(inner, b, 5, 2)\n"
             "watch(outer, inner, 1, 77); watch(outer, 3, 1, 3)\n"
             "watch(outer, c, 1 | 1 << 31, 4); watch(outer, d, 1 | 1 << 30, 5)\n"
             "watch(outer, b, 0, 6); os.close(os.dup(b))\n",
      "assert not os.get_inheritable(inner) and os.get_inheritable(outer)\n"
      "assert come(inner) == [(1, 0xfedcba9876543210), (4, 2)], come(inner)\n"
      "assert come(outer) == [(1, 4), (1, 5), (1, 77)]\n"
      "assert come(outer) == [(1, 77)]\n" /* one was edge-triggered, one was for once */
      "os.eventfd_write(c, 1)\nassert come(outer) == [(1, 4), (1, 77)]\n"
      "os.eventfd_write(d, 1)\nassert come(outer) == [(1, 77)]\n"
      "os.eventfd_read(a)\nos.eventfd_write(b, 1)\nassert come(inner) == [(5, 2)]\n",
      false}},
    {"what_the_template_has_closed_is_closed",
     {"os.close(0)\nos.close(2)\nfd = os.open('/dev/null', os.O_RDONLY)\nassert fd == 0\nos.close(0)\n",
      "fails(9, os.fstat, 0)\nfails(9, os.fstat, 2)\nos.fstat(1)\n"
      "assert sorted(os.listdir('/proc/self/fd')) == ['0', '1', '3', '4']\n", /* 0: the list's */
      false}},
    {"the_pipes_have_their_flags",
     {"os.set_blocking(0, False)\nos.set_inheritable(3, False)\n",
      "assert [os.get_blocking(f) for f in range(5)] == [False, True, True, True, True]\n"
      "assert [os.get_inheritable(f) for f in range(5)] == [True, True, True, False, True]\n"
      "fails(11, os.read, 0, 1)\n",
      false}},
    {"memory_that_was_not_to_be_copied_is_there",
     {"at = libc.mmap(None, 4096, 3, 0x22, -1, 0)\nassert libc.madvise(at, 4096, 10, 0, 0, 0) == 0\n"
      "ctypes.memmove(at, b'kept', 4)\n",
      "assert ctypes.string_at(at, 4) == b'kept'\n", false}},
    {"threads_have_their_numbers_and_names",
     {THREADS "def look():\n"
              "  t = ctypes.create_string_buffer(16); libc.prctl(16, t)\n"
              "  return t.value, threading.get_native_id()\n"
              "def named(n): libc.prctl(15, n); return look()\n"
              "one = thread('one', lambda: named(b'the first'), look)\n"
              "two = thread('two', lambda: named(b'the second'), look)\n"
              "libc.prctl(15, b'the main one')\n",
      "tasks = {open(f'/proc/self/task/{n}/comm').read() for n in os.listdir('/proc/self/task')}\n"
      "assert tasks == {'the main one\\n', 'the first\\n', 'the second\\n'}, tasks\n"
      "assert look() == (b'the main one', 2)\n" LOOK_AT_TWO
      "assert said['one'][0] == b'the first' and said['one'][1] > 2\n",
      false}},
    {"threads_have_their_own_variables",
     {THREADS "own = threading.local()\n"
              "def put(x): own.x = x; return x\n"
              "one = thread('one', lambda: put(1), lambda: own.x)\n"
              "two = thread('two', lambda: put(2), lambda: own.x)\n"
              "put(3)\n",
      LOOK_AT_TWO "assert own.x == 3\n", false}},
    {"a_thread_of_the_c_library_can_be_joined",
     {"ready, go = threading.Event(), threading.Event()\n"
      "@ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p)\n"
      "def f(x): ready.set(); go.wait(); return x + 1\n"
      "libc.pthread_join.argtypes = [ctypes.c_ulong, ctypes.c_void_p]\n"
      "t = ctypes.c_ulong()\n"
      "assert libc.pthread_create(ctypes.byref(t), None, f, ctypes.c_void_p(41)) == 0\n"
      "ready.wait()\n",
      "result = ctypes.c_void_p()\ngo.set()\n"
      "assert libc.pthread_join(t, ctypes.addressof(result)) == 0 and result.value == 42\n",
      false}},
    {"a_robust_mutex_tells_of_its_owners_end",
     {THREADS "m, a = ctypes.create_string_buffer(64), ctypes.create_string_buffer(64)\n"
              "libc.pthread_mutexattr_init(a); libc.pthread_mutexattr_setrobust(a, 1)\n"
              "assert libc.pthread_mutex_init(m, a) == 0\n"
              "one = thread('one', lambda: libc.pthread_mutex_lock(m), lambda: 0)\n"
              "assert said['one'] == 0 and libc.pthread_mutex_trylock(m) == 16\n",
      "assert libc.pthread_mutex_trylock(m) == 16\n"
      "one()\nassert libc.pthread_mutex_lock(m) == 130\n", /* EOWNERDEAD */
      false}},
    {"the_kernel_knows_every_threads_robust_list",
     {THREADS "def listed():\n"
              "  head, size = ctypes.c_long(), ctypes.c_long()\n"
              "  assert libc.syscall(274, 0, ctypes.addressof(head), ctypes.addressof(size), 0, 0, 0) == 0\n"
              "  return head.value, size.value\n" EQUAL_IN_TWO("listed", "main = listed()\n"),
      LOOK_AT_TWO "assert listed() == main and main[0] != said['one'][0]\n", false}},
    {"every_thread_has_its_alternate_stack",
     {THREADS "class Stack(ctypes.Structure):\n"
              "  _fields_ = [('at', ctypes.c_void_p), ('flags', ctypes.c_int), ('size', ctypes.c_size_t)]\n"
              "def stack(new=None):\n"
              "  s = Stack()\n"
              "  assert libc.sigaltstack(new and ctypes.byref(new), ctypes.byref(s)) == 0\n"
              "  return s.at, s.flags, s.size\n"
              "def fresh():\n"
              "  stack(Stack(libc.mmap(None, 65536, 3, 0x22, -1, 0), 0, 65536)); return stack()\n"
              "one, two = thread('one', fresh, stack), thread('two', stack, stack)\n"
              "main = fresh()\n",
      LOOK_AT_TWO "assert stack() == main and main[1:] == (0, 65536)\n"
                  "assert said['one'][1:] == (0, 65536) and said['two'][1] == 2\n",
      false}},
    {"every_thread_has_its_signal_mask",
     {THREADS "def mask(*more): return signal.pthread_sigmask(signal.SIG_BLOCK, more)\n"
              "one = thread('one', lambda: (mask(10), mask())[1], mask)\n"
              "two = thread('two', lambda: (mask(12, 40), mask())[1], mask)\n"
              "mask(15)\n",
      LOOK_AT_TWO "assert mask() == {15} and said == {'one': {10}, 'two': {12, 40}}, said\n", false}},
    {"signals_have_their_handlers_and_ours_has_none",
     {"came = []\nsignal.signal(10, lambda n, f: came.append(n))\nsignal.signal(12, signal.SIG_IGN)\n",
      "os.kill(2, 10); os.kill(2, 12)\nassert came == [10]\n"
      "status = dict(l.split(':\\t') for l in open('/proc/self/status').read().splitlines() if ':\\t' in l)\n"
      "assert int(status['SigCgt'], 16) >> 63 == 0 and int(status['SigIgn'], 16) >> 63 == 0\n"
      "assert int(status['SigIgn'], 16) >> 11 & 1\n",
      false}},
    {"every_thread_is_known_to_restartable_sequences",
     {THREADS "libc.pthread_self.restype = ctypes.c_ulong\n"
              "at = ctypes.c_ssize_t.in_dll(libc, '__rseq_offset').value\n"
              "def again():\n"
              "  r = libc.syscall(334, libc.pthread_self() + at, 32, 0, 0x53053053, 0, 0)\n"
              "  return r, ctypes.get_errno(), libc.sched_getcpu() >= 0\n" EQUAL_IN_TWO("again", ""),
      LOOK_AT_TWO "assert again() == said['one'] == (-1, 16, True), said\n", false}},
    {"every_thread_rounds_as_it_did",
     {THREADS "libm = ctypes.CDLL('libm.so.6')\n"
              "libm.fesetround(0x400)\n"
              "def mode(n): libm.fesetround(n); return libm.fegetround()\n"
              "one = thread('one', lambda: mode(0x800), libm.fegetround)\n"
              "two = thread('two', lambda: mode(0xc00), libm.fegetround)\n",
      LOOK_AT_TWO "assert libm.fegetround() == 0x400 and said == {'one': 0x800, 'two': 0xc00}\n"
                  "assert 1.0 + 1e-30 == 1.0\n",
      false}},
    /* The main thread waits for good; another writes its errno, and takes the orders. */
    {"the_error_number_of_every_thread_is_kept",
     {THREADS "libc.__errno_location.restype = ctypes.POINTER(ctypes.c_int)\n"
              "lock = threading.Lock()\nlock.acquire()\n"
              "main = threading.get_ident(), libc.__errno_location()\n"
              "one = thread('one', libc.__errno_location, lambda: 0)\n"
              "def waits():\n"
              "  number = sys._current_frames()[main[0]].f_lasti\n"
              "  return (number, open(f'/proc/self/task/{os.getpid()}/syscall').read()[:4])\n"
              "def f():\n"
              "  before = None\n"
              "  while True:\n"
              "    now = waits(); time.sleep(0.02)\n"
              "    if now == before and now[1] == '202 ': break\n"
              "    before = now\n"
              "  said['one'][0] = 78; main[1][0] = 77\n"
              "  serve()\n"
              "threading.Thread(target=f, daemon=True).start()\n"
              "lock.acquire()\n",
      "for i in range(5000):\n" /* until they have come back from the handler */
      "  if (main[1][0], said['one'][0]) == (77, 78): break\n"
      "  time.sleep(0.001)\n"
      "else: raise AssertionError((main[1][0], said['one'][0]))\n",
      false}},
    {"the_helper_is_started_when_the_runtime_speaks_to_it",
     {"s, t = socket.socketpair()\n"
      "code = 'import os,socket; s=socket.socket(fileno=3); s.send(s.recv(9)+str(os.getppid()).encode())'\n"
      "os.posix_spawn(sys.executable, [sys.executable, '-c', code], {},"
      " file_actions=[(os.POSIX_SPAWN_DUP2, t.fileno(), 3)])\nt.close()\n",
      "s.sendmsg([b'hello '])\nassert s.recv(20) == b'hello 2'\n"
      "assert s.recv(20) == b'' and os.wait()[1] == 0\n",
      true}},
};

static int all_tests(void)
{
    struct CMUnitTest tests[array_length(kept)] = {0};
    for (size_t i = 0; i < array_length(kept); i++)
        tests[i] = (struct CMUnitTest){
            .name = kept[i].name, .test_func = every_clone_has_it, .initial_state = (void *)&kept[i].it};
    return cmocka_run_group_tests(tests, house_set_up, house_tear_down);
}

int main(int argc, char **argv)
{
    return house_main(argc, argv, all_tests);
}

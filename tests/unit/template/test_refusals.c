/* What a frozen runtime may not hold: each is refused, with the reason. */
#include "bare.h"

struct refusal {
    const char *source, *why; /* the reason begins like this */
    const char *part;         /* and holds this; NULL: it is all */
    enum { NO_HELPER, HELPER, OTHER_HELPER } helper;
};

/* Descriptors 0 to 4 are the pipes; what is opened first gets 5. */
#define SPAWN "os.posix_spawn(sys.executable, [sys.executable, '-c', 'input()'], {})\n"
#define SLEEP "if os.fork() == 0: time.sleep(1000)\n"

/* Python's program by its own name, without the link. */
static const char *helper_of(const struct refusal *it)
{
    static char name[64];
    ssize_t k = readlink("/mnt/usr/bin/python3", name, sizeof name - 1);
    assert_true(k > 0);
    name[it->helper == OTHER_HELPER ? k - 1 : k] = 0;
    return it->helper == NO_HELPER ? NULL : name;
}

static bool is_the_reason(const struct refusal *it, const char *text)
{
    size_t n = strlen(it->why);
    return strncmp(text, it->why, n) == 0 && (it->part ? strstr(text + n, it->part) != NULL : !text[n]);
}

static void it_is_refused(void **state)
{
    const struct refusal *it = *state;
    struct runtime r;
    struct error err = {0};
    boot(&r, it->source, helper_of(it));
    assert_int_equal(freeze(&r, &err), -ENOTSUP);
    assert_int_equal(template_state(r.template), TEMPLATE_FAILED);
    if (!is_the_reason(it, err.text))
        fail_msg("it is refused, but with '%s', not '%s'", err.text, it->why);
    end_runtime(&r);
    house_is_empty();
}

#define DUPLICATE(n) "descriptor " #n ": it is another's duplicate (dup)"
#define MAPPED(text)                                                                                         \
    "at = libc.mmap(None, 4096, " text ")\n"                                                                 \
    "assert at not in (None, 2 ** 64 - 1)\n"
#define MEMFD "fd = os.memfd_create('x')\nos.ftruncate(fd, 4096)\n"

static const struct {
    const char *name;
    struct refusal it;
} refusals[] = {
    /* descriptors */
    {"a_duplicated_eventfd_is_refused", {"os.dup(os.eventfd(0))\n", DUPLICATE(6), NULL, NO_HELPER}},
    {"a_duplicated_end_of_a_pipe_is_refused", {"os.dup(os.pipe()[1])\n", DUPLICATE(7), NULL, NO_HELPER}},
    {"a_duplicated_epoll_is_refused",
     {"e = select.epoll()\nos.dup(e.fileno())\n", DUPLICATE(6), NULL, NO_HELPER}},
    {"a_duplicated_file_is_refused",
     {"os.dup(os.open(sys.executable, os.O_RDONLY))\n", DUPLICATE(6), NULL, NO_HELPER}},
    {"a_duplicated_standard_descriptor_is_refused", {"os.dup(1)\n", DUPLICATE(5), NULL, NO_HELPER}},
    {"a_socket_is_refused", {"s = socket.socketpair()\n", "descriptor 5: a socket", NULL, NO_HELPER}},
    {"a_network_socket_is_refused",
     {"s = socket.socket(socket.AF_INET)\n", "descriptor 5: a socket", NULL, NO_HELPER}},
    {"an_inotify_is_refused",
     {"assert libc.inotify_init() == 5\n", "descriptor 5: anon_inode:inotify", NULL, NO_HELPER}},
    {"a_signalfd_is_refused",
     {"assert libc.signalfd(-1, ctypes.byref(ctypes.c_ulong(512)), 0) == 5\n",
      "descriptor 5: anon_inode:[signalfd]", NULL, NO_HELPER}},
    {"a_pidfd_is_refused",
     {"os.pidfd_open(os.getpid())\n", "descriptor 5: anon_inode:[pidfd]", NULL, NO_HELPER}},
    {"a_memfd_is_refused", {"os.memfd_create('x')\n", "descriptor 5: /memfd:x (deleted)", NULL, NO_HELPER}},
    {"a_memfd_that_can_only_be_read_is_refused",
     {"os.memfd_create('x')\nos.open('/proc/self/fd/5', os.O_RDONLY)\nos.close(5)\n",
      "descriptor 6: /memfd:x (deleted)", NULL, NO_HELPER}},
    {"a_folder_is_refused", {"os.open('/usr', os.O_RDONLY)\n", "descriptor 5: /usr", NULL, NO_HELPER}},
    {"a_file_of_proc_is_refused",
     {"os.open('/proc/self/status', os.O_RDONLY)\n", "descriptor 5: /proc/", "/status", NO_HELPER}},
    {"a_folder_of_proc_is_refused",
     {"os.open('/proc/self/ns/net', os.O_RDONLY)\n", "descriptor 5: net:[", "]", NO_HELPER}},
    {"a_path_alone_is_refused",
     {"os.open('/usr/bin/python3', os.O_PATH)\n", "descriptor 5: /usr/bin/python3", "", NO_HELPER}},
    {"a_file_with_a_lock_is_refused",
     {"fcntl.flock(os.open(sys.executable, os.O_RDONLY), fcntl.LOCK_SH)\n", "descriptor 5: a file lock", NULL,
      NO_HELPER}},
    {"a_pipe_whose_reader_is_gone_is_refused",
     {"os.close(os.pipe()[0])\n", "descriptor 6: a pipe whose other end is not here", NULL, NO_HELPER}},
    {"a_pipe_whose_writer_is_gone_is_refused",
     {"os.close(os.pipe()[1])\n", "descriptor 5: a pipe whose other end is not here", NULL, NO_HELPER}},
    {"a_pipe_with_both_ends_in_one_is_refused",
     {"os.pipe()\nos.open('/proc/self/fd/5', os.O_RDWR)\n", "descriptor 7: a pipe with both ends in one",
      NULL, NO_HELPER}},
    {"a_pipe_that_is_full_of_bytes_is_refused",
     {"os.write(os.pipe()[1], b'x' * 8193)\n", "descriptor 5: too much waits in the pipe", NULL, NO_HELPER}},
    {"a_descriptor_that_sends_signals_is_refused",
     {"os.pipe()\nfcntl.fcntl(5, fcntl.F_SETFL, fcntl.fcntl(5, fcntl.F_GETFL) | os.O_ASYNC)\n",
      "descriptor 5: it sends signals (O_ASYNC)", NULL, NO_HELPER}},
    {"too_many_descriptors_are_refused",
     {"for i in range(124): os.eventfd(0)\n", "descriptors 128: there are more", NULL, NO_HELPER}},
    /* epolls */
    {"a_one_shot_entry_that_has_fired_is_refused",
     {"e = select.epoll()\ne.register(os.eventfd(1), select.EPOLLIN | select.EPOLLONESHOT)\n"
      "assert e.poll()\n",
      "descriptor 5: it holds a one-shot entry that has fired", NULL, NO_HELPER}},
    {"an_epoll_that_watches_a_number_that_was_closed_is_refused",
     {"e = select.epoll()\nr, w = os.pipe()\ne.register(r)\nos.dup(r)\nos.close(r)\n",
      "descriptor 5: it watches a file that has lost its number", NULL, NO_HELPER}},
    {"an_epoll_that_watches_a_number_that_means_another_file_is_refused",
     {"e = select.epoll()\nr, w = os.pipe()\ne.register(r)\nos.dup(r)\n"
      "os.dup2(os.open(sys.executable, os.O_RDONLY), r)\nos.close(9)\n",
      "descriptor 5: it watches a file that has lost its number", NULL, NO_HELPER}},
    {"an_epoll_that_watches_a_number_that_means_another_of_its_kind_is_refused",
     {"e = select.epoll()\na = os.eventfd(0)\ne.register(a)\nos.dup(a)\nos.close(a)\nos.eventfd(0)\n",
      "descriptor 5: it watches a file that has lost its number", NULL, NO_HELPER}},
    {"too_many_entries_are_refused",
     {"events = [os.eventfd(0) for i in range(100)]\n"
      "epolls = [select.epoll() for i in range(6)]\n"
      "for e in epolls:\n"
      "  for v in events: e.register(v)\n",
      "descriptor 110: it watches too much", NULL, NO_HELPER}},
    /* mappings */
    {"shared_memory_is_refused",
     {"m = mmap.mmap(-1, 4096)\n", "a mapping is shared and can be written: ", "rw-s ", NO_HELPER}},
    {"shared_memory_that_can_be_made_writable_is_refused",
     {MEMFD MAPPED("1, 1, fd, 0") "os.close(fd)\n", "a mapping is shared and can be made writable: ", "r--s ",
      NO_HELPER}},
    {"shared_memory_that_cannot_be_touched_now_is_refused",
     {MAPPED("0, 0x21, -1, 0"), "a mapping is shared and can be made writable: ", "---s ", NO_HELPER}},
    {"memory_that_is_not_copied_is_refused",
     {MAPPED("3, 0x22, -1, 0") "assert libc.syscall(28, at, 4096, 10, 0, 0, 0) == 0\n",
      "a mapping is not copied: ", "rw-p ", NO_HELPER}},
    /* timers */
    {"a_timer_is_refused",
     {"event = (ctypes.c_int * 16)()\nevent[3] = 1\nt = ctypes.c_void_p()\n"
      "assert libc.timer_create(1, event, ctypes.byref(t)) == 0\n",
      "a timer: timer_create() was used", NULL, NO_HELPER}},
    {"an_alarm_is_refused",
     {"signal.alarm(1000)\n", "a timer 0: setitimer() or alarm() was used", NULL, NO_HELPER}},
    {"a_timer_of_the_processs_time_is_refused",
     {"signal.setitimer(signal.ITIMER_VIRTUAL, 1000)\n", "a timer 1: setitimer() or alarm() was used", NULL,
      NO_HELPER}},
    {"a_timer_for_profiles_is_refused",
     {"signal.setitimer(signal.ITIMER_PROF, 1000)\n", "a timer 2: setitimer() or alarm() was used", NULL,
      NO_HELPER}},
    /* children */
    {"a_child_is_refused", {SLEEP, "child ", ": /usr/bin/python3", NO_HELPER}},
    {"a_child_of_another_name_is_refused", {SLEEP, "child ", ": /usr/bin/python3", OTHER_HELPER}},
    {"a_second_child_is_refused", {SLEEP SLEEP, "child ", ": it is not the only one", HELPER}},
    {"a_dead_child_is_refused",
     {"if os.fork() == 0: os._exit(0)\nos.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT)\n", "child ",
      ": its program cannot be read", HELPER}},
    {"a_child_of_another_thread_is_refused",
     {"def f():\n  " SLEEP "  e.set(); time.sleep(1000)\ne = threading.Event()\n"
      "threading.Thread(target=f, daemon=True).start()\ne.wait()\n",
      "child ", ": /usr/bin/python3", NO_HELPER}},
    {"a_second_socket_beside_the_helpers_is_refused",
     {SPAWN "s = socket.socketpair()\n", "descriptor 6: a socket", NULL, HELPER}},
    {"a_helper_that_is_reached_by_another_kind_of_socket_is_refused",
     {SPAWN "s, t = socket.socketpair(type=socket.SOCK_DGRAM)\nt.close()\n",
      "descriptor 5: the helper's socket is no Unix stream", NULL, HELPER}},
    {"a_helper_that_is_reached_by_a_network_socket_is_refused",
     {SPAWN "s = socket.socket(socket.AF_INET)\n", "descriptor 5: the helper's socket is no Unix stream",
      NULL, HELPER}},
    {"a_number_that_the_helper_needs_must_be_free",
     {SPAWN "s, t = socket.socketpair()\nt.close()\nos.dup2(os.open('/dev/null', os.O_RDONLY), 999)\n"
            "os.close(6)\n",
      "descriptor 999: it is in use", NULL, HELPER}},
    {"a_helper_with_many_arguments_is_refused",
     {"os.posix_spawn(sys.executable, [sys.executable, '-c', 'input()'] + ['x'] * 6, "
      "{})\n",
      "child ", ": it has too many arguments", HELPER}},
    {"a_helper_with_long_arguments_is_refused",
     {"os.posix_spawn(sys.executable, [sys.executable, '-c', 'input()', 'x' * 250], "
      "{})\n",
      "child ", ": its arguments cannot be read", HELPER}},
};

/* A thread in a loop of pause(2), made without the C library; `more` flags. */
#define RAW_THREAD(more)                                                                                     \
    "code = mmap.mmap(-1, 4096, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, prot=7)\n"                      \
    "code.write(bytes.fromhex('4989ca' '4531c0' 'b838000000' '0f05' '4885c0' '7401' 'c3'"                    \
    " 'b822000000' '0f05' 'ebf7'))\n"                                                                        \
    "at = ctypes.addressof(ctypes.c_char.from_buffer(code))\n"                                               \
    "f = ctypes.CFUNCTYPE(*[ctypes.c_long] * 5)(at)\n"                                                       \
    "zero = ctypes.c_long()\n"                                                                               \
    "stack = libc.mmap(None, 65536, 3, 0x22, -1, 0)\n"                                                       \
    "assert f(0x50f00 | " more ", stack + 65536, 0, ctypes.addressof(zero)) > 0\n"

static const struct {
    const char *name;
    struct refusal it;
} thread_refusals[] = {
    {"a_thread_without_a_number_of_its_own_is_refused",
     {RAW_THREAD("0"), "thread ", ": the kernel does not tell where its number is kept", NO_HELPER}},
    {"a_thread_that_is_not_the_c_librarys_is_refused",
     {RAW_THREAD("0x200000"), "thread ", ": it is not one of the C library's", NO_HELPER}},
    {"a_register_that_is_not_made_anew_is_refused",
     {"assert libc.syscall(158, 0x1001, 4096, 0, 0, 0, 0) == 0\n", "thread ", ": it uses the register gs",
      NO_HELPER}},
    {"a_thread_that_does_not_stop_is_refused",
     {"def f():\n"
      "  assert libc.syscall(14, 0, ctypes.addressof(ctypes.c_long(-1)), 0, 8, 0, 0) == 0\n"
      "  e.set(); time.sleep(1000)\n"
      "e = threading.Event()\nthreading.Thread(target=f, daemon=True).start()\ne.wait()\n",
      "thread ", ": it did not stop (it blocks signals, or ended)", NO_HELPER}},
    {"too_many_threads_are_refused",
     {"threading.stack_size(65536)\n"
      "for i in range(129): threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()\n",
      "threads 128: there are more", NULL, NO_HELPER}},
};

static int all_tests(void)
{
    struct CMUnitTest tests[array_length(refusals) + array_length(thread_refusals)] = {0};
    size_t n = 0;
    for (size_t i = 0; i < array_length(refusals); i++)
        tests[n++] = (struct CMUnitTest){
            .name = refusals[i].name, .test_func = it_is_refused, .initial_state = (void *)&refusals[i].it};
    for (size_t i = 0; i < array_length(thread_refusals); i++)
        tests[n++] = (struct CMUnitTest){.name = thread_refusals[i].name,
                                         .test_func = it_is_refused,
                                         .initial_state = (void *)&thread_refusals[i].it};
    return cmocka_run_group_tests(tests, house_set_up, house_tear_down);
}

int main(int argc, char **argv)
{
    return house_main(argc, argv, all_tests);
}

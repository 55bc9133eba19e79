/* The look from outside at a clone: what is not as it should be is seen, and named. */
#include "bare.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>

enum { THREADS = 2, TASKS_MOST = 64, WAIT_MS = 20000 };

static struct runtime runtime;
static struct copy c;

static int clone_one(void **state)
{
    (void)state;
    boot(&runtime,
         "threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()\n"
         "event = os.eventfd(0)\n",
         NULL);
    freeze_well(&runtime);
    copy(&runtime, &c);
    return 0;
}

static int end_both(void **state)
{
    (void)state;
    end_copy(&c);
    end_runtime(&runtime);
    house_is_empty();
    return 0;
}

/* As program_step() asks it of a clone. */
static struct expectation right(void)
{
    const struct template *t = runtime.template;
    return (struct expectation){.uid = house_ground()->uid_base + c.box->uid,
                                .inherited_filters = house_ground()->inherited_filters,
                                .filtered = true,
                                .threads = t->frozen.threads,
                                .fds = t->frozen.fd_count,
                                .among = t->frozen.fds,
                                .extra = PROGRAM_GATE,
                                .list = true};
}

static void sees(const struct expectation *want, const char *what)
{
    struct error err = {0};
    assert_int_equal(check_clone(c.box, program_pidfd(c.program), want, &err), -EPERM);
    if (!strstr(err.text, what))
        fail_msg("it sees '%s', not '%s'", err.text, what);
}

static void sees_nothing(const struct expectation *want)
{
    struct error err = {0};
    if (check_clone(c.box, program_pidfd(c.program), want, &err) < 0)
        fail_msg("%s", err.text);
}

static void what_is_right_passes(void **state)
{
    (void)state;
    struct expectation want = right();
    assert_int_equal(want.threads, THREADS);
    assert_int_equal(want.fds, 6);
    sees_nothing(&want);
    want.list = false;
    sees_nothing(&want);
}

static void another_user_is_seen(void **state)
{
    (void)state;
    struct expectation want = right();
    want.uid++;
    sees(&want, "Uid:");
}

static void a_capability_is_seen(void **state)
{
    (void)state;
    struct expectation want = right();
    want.capabilities = 1;
    sees(&want, "CapInh:");
}

static void a_missing_filter_is_seen(void **state)
{
    (void)state;
    struct expectation want = right();
    want.inherited_filters++;
    sees(&want, "Seccomp_filters:");
    want = right();
    want.filtered = false;
    sees(&want, "Seccomp");
}

static void another_count_of_threads_is_seen(void **state)
{
    (void)state;
    struct expectation want = right();
    want.threads++;
    sees(&want, "2 threads, 1 inits and 1 others, not 3, 1 and 1");
    want.threads = 1;
    sees(&want, "2 threads, 1 inits and 1 others, not 1, 1 and 1");
}

static void one_more_thread_is_seen(void **state)
{
    (void)state;
    struct expectation want = right();
    obey_and_stay(&c, "threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()");
    sees(&want, "3 threads, 1 inits and 1 others, not 2, 1 and 1");
}

/* One besides the list may be the gate. */
static void descriptors_that_do_not_belong_are_seen(void **state)
{
    (void)state;
    struct expectation want = right();
    uint8_t among[sizeof runtime.template->frozen.fds];
    memcpy(among, want.among, sizeof among);
    among[0] &= (uint8_t) ~(1 << 5 | 1 << 1);
    want.among = among;
    sees(&want, "descriptor 5 is open");
    want = right();
    want.list = false;
    obey_and_stay(&c, "os.dup(event)");
    sees_nothing(&want);
    obey_and_stay(&c, "os.dup(event)");
    sees(&want, "descriptor 7 is open");
}

/* ---- tasks ---- */

static pid_t holder(void)
{
    pid_t tasks[TASKS_MOST], found = 0;
    ssize_t count = cgroup_tasks(c.box->cgroup, tasks, TASKS_MOST);
    assert_int_equal(count, THREADS + 2);
    for (ssize_t i = 0; i < count; i++) {
        char path[32], name[16] = "";
        snprintf(path, sizeof path, "/proc/%d/comm", tasks[i]);
        cleanup_fd int fd = open(path, O_RDONLY | O_CLOEXEC);
        assert_true(fd >= 0 && read(fd, name, sizeof name - 1) > 0);
        if (!strcmp(name, "phial-holder\n"))
            found = tasks[i];
    }
    assert_true(found > 0);
    return found;
}

static void a_missing_holder_is_seen(void **state)
{
    (void)state;
    struct expectation want = right();
    pid_t tasks[TASKS_MOST];
    assert_int_equal(kill(holder(), SIGKILL), 0);
    for (int i = 0; i < WAIT_MS && cgroup_tasks(c.box->cgroup, tasks, TASKS_MOST) > THREADS + 1; i++)
        poll(NULL, 0, 1);
    sees(&want, "2 threads, 1 inits and 0 others, not 2, 1 and 1");
}

#define CHILD(prepare)                                                                                       \
    "r, w = os.pipe()\n"                                                                                     \
    "if os.fork() == 0:\n"                                                                                   \
    "  " prepare "\n"                                                                                        \
    "  time.sleep(1000)\n"                                                                                   \
    "os.close(w); os.read(r, 1); os.close(r)\n" /* until it has closed its end, or written */

static void a_child_with_descriptors_is_seen(void **state)
{
    (void)state;
    struct expectation want = right();
    obey_and_stay(&c, CHILD("os.write(w, b'x')"));
    sees(&want, " of its child is open");
}

static void a_second_child_is_seen(void **state)
{
    (void)state;
    struct expectation want = right();
    obey_and_stay(&c, CHILD("os.closerange(0, 1024)"));
    sees(&want, "2 threads, 1 inits and 2 others, not 2, 1 and 1");
}

/* Its parent has ended, so it is the box's init's. */
static void a_process_that_is_no_child_of_the_clones_is_seen(void **state)
{
    (void)state;
    struct expectation want = right();
    obey_and_stay(&c, CHILD("pid = os.getpid()\n"
                            "  if os.fork(): os._exit(0)\n"
                            "  while os.getppid() == pid: time.sleep(0.001)\n"
                            "  os.closerange(0, 1024)") "os.wait()");
    sees(&want, "is none of the clone's");
}

/* ---- the box's init ---- */

static size_t descriptors_of(pid_t pid)
{
    char path[32];
    size_t n = 0;
    snprintf(path, sizeof path, "/proc/%d/fd", pid);
    DIR *list = opendir(path);
    assert_non_null(list);
    for (struct dirent *e; (e = readdir(list));)
        n += e->d_name[0] != '.';
    closedir(list);
    return n;
}

/* It is caught with a large file in its hands. */
static void a_descriptor_of_init_is_seen(void **state)
{
    (void)state;
    enum { BYTES = 16 << 20 };
    struct expectation want = right();
    struct error err = {0};
    pid_t init = pidfd_number(box_init_fd(c.box));
    char *bytes = calloc(1, BYTES), name[32];
    assert_non_null(bytes);
    cleanup_fd int memfd = memfd_sealed("large", bytes, BYTES);
    free(bytes);
    assert_int_equal(descriptors_of(init), 1);
    bool caught = false;
    for (int i = 0; i < 5 && !caught; i++) {
        snprintf(name, sizeof name, "large%d", i);
        assert_int_equal(box_put_file(c.box, name, 0644, memfd, 0, BYTES, &err), 0);
        while (!caught && box_pending(c.box) > 0) {
            struct pollfd p = {box_fd(c.box), POLLIN, 0};
            assert_int_equal(kill(init, SIGSTOP), 0);
            caught = descriptors_of(init) > 1;
            if (!caught) {
                assert_int_equal(kill(init, SIGCONT), 0);
                if (poll(&p, 1, 0) > 0)
                    assert_int_equal(box_step(c.box, &err), 0);
            }
        }
    }
    assert_true(caught);
    sees(&want, " is open");
    assert_int_equal(kill(init, SIGCONT), 0);
    while (box_pending(c.box) > 0)
        assert_int_equal(box_step(c.box, &err), 0);
    sees_nothing(&want);
}

static int all_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_right_passes, clone_one, end_both),
        cmocka_unit_test_setup_teardown(another_user_is_seen, clone_one, end_both),
        cmocka_unit_test_setup_teardown(a_capability_is_seen, clone_one, end_both),
        cmocka_unit_test_setup_teardown(a_missing_filter_is_seen, clone_one, end_both),
        cmocka_unit_test_setup_teardown(another_count_of_threads_is_seen, clone_one, end_both),
        cmocka_unit_test_setup_teardown(one_more_thread_is_seen, clone_one, end_both),
        cmocka_unit_test_setup_teardown(descriptors_that_do_not_belong_are_seen, clone_one, end_both),
        cmocka_unit_test_setup_teardown(a_missing_holder_is_seen, clone_one, end_both),
        cmocka_unit_test_setup_teardown(a_child_with_descriptors_is_seen, clone_one, end_both),
        cmocka_unit_test_setup_teardown(a_second_child_is_seen, clone_one, end_both),
        cmocka_unit_test_setup_teardown(a_process_that_is_no_child_of_the_clones_is_seen, clone_one,
                                        end_both),
        cmocka_unit_test_setup_teardown(a_descriptor_of_init_is_seen, clone_one, end_both),
    };
    return cmocka_run_group_tests(tests, house_set_up, house_tear_down);
}

int main(int argc, char **argv)
{
    return house_main(argc, argv, all_tests);
}

/* Real runs while something dies or runs short outside of them. Needs root and the images of bash, c and
 * python. */
#include "unit.h"

#include "real.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>

static struct real real;

static int group_start(void **state)
{
    (void)state;
    return real_start(&real, (const char *const[]){"templates=false", NULL});
}

static int group_stop(void **state)
{
    (void)state;
    real_stop(&real);
    return 0;
}

static bool has_started(void *context)
{
    struct heard *h = context;
    return h->started || h->over;
}

static bool has_output(void *context)
{
    struct heard *h = context;
    return h->sizes[RUN_STDOUT] > 0 || h->over;
}

/* ---- deaths from outside ---- */

/* A box's init; 0 when there is none. */
static pid_t some_init(void)
{
    pid_t pids[REAL_PIDS_MOST];
    return real_children(&real, NULL, REAL_DEPTH_BOX, 1, pids) > 0 ? pids[0] : 0;
}

static void the_death_of_a_boxs_init_is_phials_fault(void **state)
{
    (void)state;
    struct heard h;
    struct run_request r = request_of("bash", "main.sh", "echo up; sleep 1000");
    assert_int_equal(real_begin(&real, &h, "tester", &r), 0);
    real_until(&real, has_output, &h);
    pid_t init = some_init();
    assert_true(init > 0);
    assert_int_equal(kill(init, SIGKILL), 0);
    real_wait(&h);
    assert_true(h.failed);
    assert_int_equal(h.err.code, EIO);
    heard_free(&h);
}

/* In whichever step it is. */
static void a_boxs_init_may_die_at_any_moment(void **state)
{
    (void)state;
    for (int i = 0; i < 60; i++) {
        struct heard h;
        struct run_request r = request_of("c", "main.c", "int main(void) {}");
        assert_int_equal(real_begin(&real, &h, "tester", &r), 0);
        usleep((useconds_t)i * 600);
        pid_t init = some_init();
        if (init > 0)
            kill(init, SIGKILL);
        real_wait(&h);
        heard_free(&h);
    }
    struct heard h;
    real_source(&real, &h, "bash", "main.sh", "echo fine");
    heard_expect(&h, RUN_ok, 0);
    heard_free(&h);
}

static bool is_lost(void *context)
{
    return ((struct real *)context)->lost > 0;
}

static void connect_again(void)
{
    int pair[2];
    struct error err;
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), 0);
    assert_int_equal(message_send(real.process.control, "c", 1, &pair[1], 1), 0);
    close(pair[1]);
    assert_int_equal(executor_client_connect(real.client, pair[0], &err), 0);
}

/* Runs with ever more descriptors left, so that each call that makes one fails once, in every step of a run.
 * Returns how many runs failed. */
static size_t starve(size_t before)
{
    static const char *const languages[][2] = {{"c", "main.c"}, {"python", "main.py"}};
    struct rlimit usual, low;
    size_t failed = 0;
    assert_int_equal(prlimit(real.process.pid, RLIMIT_NOFILE, NULL, &usual), 0);
    for (size_t n = 0; n < 60; n++) {
        struct heard h;
        struct run_request r = request_of(languages[n % 2][0], languages[n % 2][1], "");
        low = (struct rlimit){before - 10 + n / 2, usual.rlim_max};
        assert_int_equal(prlimit(real.process.pid, RLIMIT_NOFILE, &low, NULL), 0);
        assert_int_equal(real_begin(&real, &h, "tester", &r), 0);
        real_wait(&h);
        assert_int_equal(prlimit(real.process.pid, RLIMIT_NOFILE, &usual, NULL), 0);
        failed += h.failed;
        heard_free(&h);
        if (!executor_client_connected(real.client)) /* not even the request's memfd came through */
            connect_again();
    }
    return failed;
}

/* Namespaces are kept for later boxes: after as many runs at once as can be, there are as many as there ever
 * are. */
static size_t settled_descriptors(void)
{
    struct heard h[8];
    for (size_t i = 0; i < array_length(h); i++) {
        struct run_request r = request_of("bash", "main.sh", "sleep 0.2");
        assert_int_equal(real_begin(&real, &h[i], "tester", &r), 0);
    }
    for (size_t i = 0; i < array_length(h); i++) {
        real_wait(&h[i]);
        heard_expect(&h[i], RUN_ok, 0);
        heard_free(&h[i]);
    }
    return real_descriptors(&real);
}

static void without_descriptors_runs_fail_clean_and_nothing_leaks(void **state)
{
    (void)state;
    size_t before = settled_descriptors();
    assert_true(starve(before) > 0);
    size_t once = settled_descriptors();
    starve(before);
    size_t twice = settled_descriptors();
    print_message("descriptors: %zu, %zu, %zu\n", before, once, twice);
    /* A leak would be one for each run that failed; a kept namespace is two. */
    assert_true(once <= before + 4 && twice <= once + 4);
}

static void without_its_maker_the_executor_gives_way_to_another(void **state)
{
    (void)state;
    struct heard h;
    struct run_request r = request_of("bash", "main.sh", "sleep 1000");
    assert_int_equal(real_begin(&real, &h, "tester", &r), 0);
    real_until(&real, has_started, &h);
    real.lost = 0;
    pid_t makers[REAL_PIDS_MOST];
    assert_int_equal(real_children(&real, "phial-maker", REAL_DEPTH_T, 0, makers), 1);
    assert_int_equal(kill(makers[0], SIGKILL), 0);
    real_until(&real, is_lost, &real);
    assert_true(h.over && h.failed);
    heard_free(&h);
    assert_int_equal(real_restart(&real), 0);
    real_source(&real, &h, "bash", "main.sh", "echo again");
    heard_expect(&h, RUN_ok, 0);
    heard_free(&h);
}

static void the_executors_death_is_told_and_queued_runs_survive_it(void **state)
{
    (void)state;
    struct heard running[8], waiting;
    for (size_t i = 0; i < array_length(running); i++) {
        struct run_request r = request_of("bash", "main.sh", "sleep 1000");
        assert_int_equal(real_begin(&real, &running[i], "tester", &r), 0);
    }
    struct run_request r = request_of("bash", "main.sh", "echo after all");
    assert_int_equal(real_begin(&real, &waiting, "tester", &r), 0);
    real_until(&real, has_started, &running[0]);
    real.lost = 0;
    syscall(SYS_pidfd_send_signal, real.process.pidfd, SIGKILL, NULL, 0);
    real_until(&real, is_lost, &real);
    for (size_t i = 0; i < array_length(running); i++) {
        assert_true(running[i].over && running[i].failed);
        assert_int_equal(running[i].err.code, ECONNRESET);
        heard_free(&running[i]);
    }
    assert_false(waiting.over);
    struct heard refused;
    r = request_of("bash", "main.sh", "");
    assert_int_equal(real_begin(&real, &refused, "tester", &r), -ENOTCONN);
    assert_int_equal(real_restart(&real), 0);
    real_wait(&waiting);
    heard_expect(&waiting, RUN_ok, 0);
    assert_string_equal(TEXT(waiting, RUN_STDOUT), "after all\n");
    heard_free(&waiting);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_death_of_a_boxs_init_is_phials_fault),
        cmocka_unit_test(a_boxs_init_may_die_at_any_moment),
        cmocka_unit_test(without_descriptors_runs_fail_clean_and_nothing_leaks),
        cmocka_unit_test(without_its_maker_the_executor_gives_way_to_another),
        cmocka_unit_test(the_executors_death_is_told_and_queued_runs_survive_it),
    };
    return cmocka_run_group_tests(tests, group_start, group_stop);
}

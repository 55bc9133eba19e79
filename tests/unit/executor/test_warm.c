/* Real runs in clones of warm templates. Needs root and the image of python. What a warm run gives is what a
 * cold one gives, so most of test_runs.c stands here again for a clone. */
#include "unit.h"

#include "real.h"

#include <signal.h>

static struct real real;

static int group_start(void **state)
{
    (void)state;
    int r = real_start(&real, NULL);
    if (r == 0)
        real_until_warm(&real, "python", 0);
    return r;
}

static int group_stop(void **state)
{
    (void)state;
    real_stop(&real);
    return 0;
}

static struct run_request python(const char *source)
{
    return request_of("python", "main.py", source);
}

static struct run_request limited(const char *source, const char *limit, uint64_t value)
{
    struct run_request r = python(source);
    *limits_field(&r.limits, limit) = value;
    return r;
}

static void run_warm(struct heard *h, struct run_request r)
{
    real_run(&real, h, r);
    assert_false(h->failed);
    assert_true(h->result.warm);
}

static void expect_status(const struct heard *h, const char *status)
{
    assert_string_equal(run_status_name(h->result.status), status);
}

/* ---- the ordinary ---- */

static void everything_of_a_request_reaches_a_clone(void **state)
{
    (void)state;
    struct heard h;
    struct run_request r =
        python("import os, sys\nprint(sys.argv[1:], input(), os.environ['NAME'], open('dir/data').read())\n"
               "print(sorted(os.listdir('.')), file=sys.stderr)\n6 * 7\n");
    r.args = calloc(2, sizeof *r.args);
    r.args[0] = strdup("x");
    r.env = calloc(2, sizeof *r.env);
    r.env[0] = strdup("NAME=value");
    r.stdin_data = (uint8_t *)strdup("line\n");
    r.stdin_size = 5;
    request_add_file(&r, "dir/data", "content", 7);
    run_warm(&h, r);
    heard_expect(&h, RUN_ok, 0);
    assert_string_equal(TEXT(h, RUN_STDOUT), "['x'] line value content\n");
    assert_string_equal(TEXT(h, RUN_STDERR), "['dir', 'main.py']\n");
    assert_non_null(strstr(TEXT(h, RUN_REPORT), "\"42\""));
    assert_null(strstr(TEXT(h, RUN_REPORT), "ready"));
    assert_int_equal(h.result.processes, 1);
    assert_true(h.result.memory_bytes < 16 << 20);
    heard_free(&h);
}

static void the_exit_code_and_the_signal_are_the_kernels(void **state)
{
    (void)state;
    struct heard h;
    run_warm(&h, python("import os; os._exit(7)"));
    heard_expect(&h, RUN_error, 7);
    heard_free(&h);
    run_warm(&h, python("import os; os.kill(os.getpid(), 11)"));
    heard_expect(&h, RUN_error, -SIGSEGV);
    heard_free(&h);
    run_warm(&h, python("import os; os.kill(os.getpid(), 9)"));
    heard_expect(&h, RUN_error, -SIGKILL);
    heard_free(&h);
    run_warm(&h, python("raise ValueError('bad')"));
    heard_expect(&h, RUN_error, 1);
    assert_non_null(strstr(TEXT(h, RUN_STDERR), "ValueError: bad"));
    heard_free(&h);
}

static void one_run_leaves_nothing_to_the_next(void **state)
{
    (void)state;
    struct heard h;
    for (int i = 0; i < 10; i++) {
        run_warm(&h,
                 python("import builtins, os, tempfile\n"
                        "print(os.listdir('/tmp'), os.listdir('/work'), hasattr(builtins, 'seen'))\n"
                        "builtins.seen = 1\nopen('/tmp/a', 'w').close(); open('/work/b', 'w').close()\n"));
        heard_expect(&h, RUN_ok, 0);
        assert_string_equal(TEXT(h, RUN_STDOUT), "[] ['main.py'] False\n");
        heard_free(&h);
    }
}

/* ---- the limits ---- */

static void the_clocks_strike_in_a_clone(void **state)
{
    (void)state;
    struct heard h;
    run_warm(&h, limited("print('before', flush=True)\nimport time\ntime.sleep(1000)", "wall_ms", 300));
    heard_expect(&h, RUN_timeout, -SIGKILL);
    assert_string_equal(TEXT(h, RUN_STDOUT), "before\n");
    heard_free(&h);
    run_warm(&h, limited("while True: pass", "cpu_ms", 200));
    heard_expect(&h, RUN_timeout, -SIGKILL);
    assert_true(h.result.cpu_us >= 200000);
    heard_free(&h);
}

static void memory_is_bounded_in_a_clone(void **state)
{
    (void)state;
    struct heard h;
    run_warm(&h, limited("b = []\nwhile True: b.append(bytearray(1 << 20))", "memory_bytes", 64 << 20));
    expect_status(&h, "memory");
    assert_true(h.result.memory_bytes <= 65 << 20);
    heard_free(&h);
    run_warm(&h, limited("b = bytearray(40 << 20)", "memory_bytes", 64 << 20));
    heard_expect(&h, RUN_ok, 0);
    /* The kernel charges ahead, some pages for each CPU (MEMCG_CHARGE_BATCH), so a base may hold a bit more.
     */
    assert_true(h.result.memory_bytes >= 39 << 20);
    heard_free(&h);
}

static void processes_are_bounded_in_a_clone(void **state)
{
    (void)state;
    struct heard h;
    static const char source[] = "import os, time\nn = 0\ntry:\n  while True:\n    if os.fork() == 0:\n"
                                 "      time.sleep(1000)\n    n += 1\nexcept OSError: print(n)\n";
    run_warm(&h, limited(source, "processes", 20));
    heard_expect(&h, RUN_ok, 0);
    assert_string_equal(TEXT(h, RUN_STDOUT), "19\n");
    assert_int_equal(h.result.processes, 20);
    heard_free(&h);
}

static void output_and_disk_are_bounded_in_a_clone(void **state)
{
    (void)state;
    struct heard h;
    static char zeros[1 << 20];
    run_warm(&h, limited("while True: print('0123456789')", "output_bytes", 100000));
    expect_status(&h, "output_limit");
    assert_int_equal(h.sizes[RUN_STDOUT], 100000);
    heard_free(&h);
    run_warm(&h, limited("print(open('/work/x', 'wb').write(bytes(1 << 20)))", "disk_bytes", 65536));
    heard_expect(&h, RUN_error, 1);
    assert_non_null(strstr(TEXT(h, RUN_STDERR), "No space left"));
    heard_free(&h);
    struct run_request r = limited("", "disk_bytes", 65536);
    request_add_file(&r, "big", zeros, sizeof zeros);
    run_warm(&h, r);
    expect_status(&h, "killed");
    assert_non_null(strstr(TEXT(h, RUN_STDERR), "disk_bytes"));
    heard_free(&h);
}

/* ---- ends ---- */

static void a_child_that_holds_the_output_does_not_hold_the_answer(void **state)
{
    (void)state;
    struct heard h;
    for (int i = 0; i < 10; i++) {
        run_warm(&h, python("import os, time\nprint('early', flush=True)\nif os.fork() == 0:\n"
                            "  time.sleep(1000)\n  print('late', flush=True)\n"));
        heard_expect(&h, RUN_ok, 0);
        assert_string_equal(TEXT(h, RUN_STDOUT), "early\n");
        heard_free(&h);
    }
}

static void a_warm_run_can_be_cancelled_in_every_step(void **state)
{
    (void)state;
    for (int steps = 0; steps < 60; steps++) {
        struct heard h;
        struct run_request r = python("print(1)\nimport time\ntime.sleep(0.005)\n");
        if (steps % 3 == 0)
            r.limits.disk_bytes = 1 << 20; /* of another size: no clone waits for it */
        assert_int_equal(real_begin(&real, &h, "tester", &r), 0);
        usleep((useconds_t)steps * 200);
        ticket_cancel(h.ticket);
        real_wait(&h);
        assert_false(h.failed);
        heard_free(&h);
    }
}

static bool has_output(void *context)
{
    struct heard *h = context;
    return h->sizes[RUN_STDOUT] > 0 || h->over;
}

static void interactive_input_reaches_a_clone_as_it_comes(void **state)
{
    (void)state;
    struct heard h;
    struct run_request r = python(
        "import sys\nfor line in sys.stdin:\n  print('<' + line.strip() + '>', flush=True)\nprint('end')\n");
    r.interactive = true;
    assert_int_equal(real_begin(&real, &h, "tester", &r), 0);
    assert_int_equal(ticket_stdin(h.ticket, "one\n", 4, false), 0);
    real_until(&real, has_output, &h);
    assert_string_equal(TEXT(h, RUN_STDOUT), "<one>\n");
    assert_int_equal(ticket_stdin(h.ticket, "two\n", 4, true), 0);
    real_wait(&h);
    heard_expect(&h, RUN_ok, 0);
    assert_true(h.result.warm);
    assert_string_equal(TEXT(h, RUN_STDOUT), "<one>\n<two>\nend\n");
    heard_free(&h);
}

static void much_goes_through_a_clone_both_ways(void **state)
{
    (void)state;
    enum { SIZE = 4 << 20 };
    struct heard h;
    struct run_request r = python("import sys\nsys.stdout.write(sys.stdin.read())");
    r.stdin_data = malloc(SIZE);
    for (size_t i = 0; i < SIZE; i++)
        r.stdin_data[i] = (uint8_t)("abcdefghijklm\n"[i % 14]);
    r.stdin_size = SIZE;
    r.limits.output_bytes = SIZE;
    run_warm(&h, r);
    heard_expect(&h, RUN_ok, 0);
    assert_int_equal(h.sizes[RUN_STDOUT], SIZE);
    for (size_t i = 0; i < SIZE; i++)
        assert_int_equal(h.bytes[RUN_STDOUT][i], "abcdefghijklm\n"[i % 14]);
    heard_free(&h);
}

static void many_warm_runs_at_once_are_not_mixed_up(void **state)
{
    (void)state;
    enum { COUNT = 48 };
    static struct heard h[COUNT];
    char source[COUNT][100], want[32];
    for (int i = 0; i < COUNT; i++) {
        snprintf(source[i], sizeof source[i], "import time\ntime.sleep(0.01)\nprint(%d)\n", i);
        struct run_request r = python(source[i]);
        assert_int_equal(real_begin(&real, &h[i], i % 2 ? "one" : "two", &r), 0);
    }
    for (int i = 0; i < COUNT; i++) {
        real_wait(&h[i]);
        heard_expect(&h[i], RUN_ok, 0);
        assert_true(h[i].result.warm);
        snprintf(want, sizeof want, "%d\n", i);
        assert_string_equal(TEXT(h[i], RUN_STDOUT), want);
        heard_free(&h[i]);
    }
    assert_int_equal(executor_client_stats(real.client).refused, 0); /* boxes that die keep no run waiting */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_of_a_request_reaches_a_clone),
        cmocka_unit_test(the_exit_code_and_the_signal_are_the_kernels),
        cmocka_unit_test(one_run_leaves_nothing_to_the_next),
        cmocka_unit_test(the_clocks_strike_in_a_clone),
        cmocka_unit_test(memory_is_bounded_in_a_clone),
        cmocka_unit_test(processes_are_bounded_in_a_clone),
        cmocka_unit_test(output_and_disk_are_bounded_in_a_clone),
        cmocka_unit_test(a_child_that_holds_the_output_does_not_hold_the_answer),
        cmocka_unit_test(a_warm_run_can_be_cancelled_in_every_step),
        cmocka_unit_test(interactive_input_reaches_a_clone_as_it_comes),
        cmocka_unit_test(much_goes_through_a_clone_both_ways),
        cmocka_unit_test(many_warm_runs_at_once_are_not_mixed_up),
    };
    return cmocka_run_group_tests(tests, group_start, group_stop);
}

/* Templates and clones that die or are replaced while runs go on: no client ever hears of it. Needs root and
 * the image of python. */
#include "unit.h"

#include "real.h"

#include <signal.h>
#include <sys/resource.h>

static struct real real;

static int group_start(void **state)
{
    (void)state;
    int r = real_start(&real, (const char *const[]){"template_clones=40", NULL});
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

static void begin(struct heard *h, const char *source)
{
    struct run_request r = request_of("python", "main.py", source);
    assert_int_equal(real_begin(&real, h, "tester", &r), 0);
}

static void expect_hello(struct heard *h)
{
    real_wait(h);
    if (h->failed)
        fail_msg("%s", h->err.text);
    heard_expect(h, RUN_ok, 0);
    assert_string_equal(TEXT(*h, RUN_STDOUT), "hello\n");
    heard_free(h);
}

static void templates_are_replaced_after_so_many_clones(void **state)
{
    (void)state;
    while (real_template(&real, "python")->generations < 5) {
        struct heard h;
        begin(&h, "print('hello')");
        real_wait(&h);
        assert_true(h.result.warm); /* the old one serves until the new one does */
        expect_hello(&h);
    }
}

static void a_template_that_is_killed_is_replaced_and_no_run_hears_of_it(void **state)
{
    (void)state;
    for (int i = 0; i < 6; i++) {
        struct heard h[8];
        pid_t templates[REAL_PIDS_MOST];
        uint64_t generations = real_template(&real, "python")->generations;
        for (size_t j = 0; j < array_length(h); j++)
            begin(&h[j], "print('hello')");
        usleep((useconds_t)i * 1400);
        size_t n = real_children(&real, "python", REAL_DEPTH_T, 0, templates);
        assert_true(n > 0);
        for (size_t j = 0; j < n; j++)
            assert_int_equal(kill(templates[j], SIGKILL), 0);
        for (size_t j = 0; j < array_length(h); j++)
            expect_hello(&h[j]);
        real_until_warm(&real, "python", generations);
    }
}

/* Before its order a clone that dies is replaced by a boot; afterwards its death is the program's end. */
static void a_clone_may_die_at_any_moment(void **state)
{
    (void)state;
    for (int i = 0; i < 80; i++) {
        struct heard h;
        pid_t clones[REAL_PIDS_MOST];
        begin(&h, "print('hello')");
        usleep((useconds_t)i * 40);
        size_t n = real_children(&real, "python", REAL_DEPTH_BOX, 0, clones);
        for (size_t j = 0; j < n; j++)
            kill(clones[j], SIGKILL);
        real_wait(&h);
        if (h.failed) /* no clone was left, and what was killed was a runtime that booted */
            assert_non_null(strstr(h.err.text, "ended with signal 9 before it had its order"));
        else
            assert_true(h.result.status == RUN_ok || (h.result.signaled && h.result.code == SIGKILL));
        heard_free(&h);
    }
}

/* A stopped executor begins the run only when it goes on: by then the clone that waited for it is dead. */
static void a_clone_that_died_while_it_waited_costs_its_run_nothing(void **state)
{
    (void)state;
    for (int i = 0; i < 10; i++) {
        struct heard h;
        pid_t clones[REAL_PIDS_MOST];
        real_until_warm(&real, "python", 0);
        usleep(50000);
        assert_int_equal(kill(real.process.pid, SIGSTOP), 0);
        begin(&h, "print('hello')");
        size_t n = real_children(&real, "python", REAL_DEPTH_BOX, 0, clones);
        real_kill(clones, n);
        assert_int_equal(kill(real.process.pid, SIGCONT), 0);
        expect_hello(&h);
    }
}

static void the_init_of_a_clones_box_may_die_at_any_moment(void **state)
{
    (void)state;
    for (int i = 0; i < 60; i++) {
        struct heard h;
        pid_t inits[REAL_PIDS_MOST];
        begin(&h, "print('hello')");
        usleep((useconds_t)i * 60);
        size_t n = real_children(&real, NULL, REAL_DEPTH_BOX, 1, inits);
        for (size_t j = 0; j < n; j++)
            kill(inits[j], SIGKILL);
        real_wait(&h); /* well, or with phial's own fault, once it had its order */
        heard_free(&h);
    }
    struct heard h;
    begin(&h, "print('hello')");
    expect_hello(&h);
}

static size_t count_children(const struct real *r)
{
    pid_t pids[REAL_PIDS_MOST];
    return real_children(r, NULL, REAL_DEPTH_T, 0, pids) + real_children(r, NULL, REAL_DEPTH_BOX, 0, pids);
}

/* As many at once as may run, again and again, some of them hostile. */
static void work(struct real *r, int turns)
{
    static const char *const sources[] = {
        "print('hello')",
        "import os\nos.abort()",
        "import os\nwhile True:\n  try: os.fork()\n  except OSError: os._exit(0)\n",
        "while True: print('x' * 1000)",
    };
    for (int turn = 0; turn < turns; turn++) {
        struct heard h[8];
        for (size_t i = 0; i < array_length(h); i++) {
            struct run_request request = request_of("python", "main.py", sources[i % array_length(sources)]);
            request.limits.processes = 16;
            request.limits.output_bytes = 100000;
            assert_int_equal(real_begin(r, &h[i], "tester", &request), 0);
        }
        for (size_t i = 0; i < array_length(h); i++) {
            real_wait(&h[i]);
            assert_false(h[i].failed);
            heard_free(&h[i]);
        }
    }
}

/* Without a pool, so that what is there does not depend on what was asked for lately. */
static void nothing_is_left_of_warm_runs(void **state)
{
    (void)state;
    static struct real other;
    assert_int_equal(real_start(&other, (const char *const[]){"pool_bytes=0", NULL}), 0);
    real_until_warm(&other, "python", 0);
    work(&other, 3); /* namespaces are kept for later boxes: as many as there ever are at once */
    size_t descriptors = real_descriptors(&other), children = count_children(&other);
    work(&other, 20);
    size_t descriptors_after = real_descriptors(&other), children_after = count_children(&other);
    print_message("descriptors: %zu, %zu; children: %zu, %zu\n", descriptors, descriptors_after, children,
                  children_after);
    /* More boxes may have been there at once, and so more namespaces are kept: two descriptors each. A
     * descriptor lost in each of the 160 runs would be more. */
    assert_true(descriptors_after <= descriptors + 64);
    assert_int_equal(children_after, children);
    real_stop(&other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(templates_are_replaced_after_so_many_clones),
        cmocka_unit_test(a_template_that_is_killed_is_replaced_and_no_run_hears_of_it),
        cmocka_unit_test(a_clone_may_die_at_any_moment),
        cmocka_unit_test(a_clone_that_died_while_it_waited_costs_its_run_nothing),
        cmocka_unit_test(the_init_of_a_clones_box_may_die_at_any_moment),
        cmocka_unit_test(nothing_is_left_of_warm_runs),
    };
    return cmocka_run_group_tests(tests, group_start, group_stop);
}

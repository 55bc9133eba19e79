/* Two linked runs whose harnesses talk to each other. The harness here is a shell script: what a pair has to
 * do does not depend on the language. Needs root and the image of bash. */
#include "unit.h"

#include "real.h"

static struct real real;

/* Reads the order's fields to the empty one and runs the file with the link on descriptors 3 and 4. */
static const char language[] =
    "name: talk\ntitle: Talk\nextensions: [.talk]\nfile: main.sh\nversion_package: bash\n"
    "image: {name: bash, packages: [bash]}\ncompile: []\n"
    "run: [/usr/bin/bash, -c, 'echo ready >&4; file=; while IFS= read -r -d \"\" field <&3; do case $field "
    "in\n"
    "  file=*) file=${field#file=} ;; \"\") break ;; *) fields=\"$fields $field\" ;; esac; done; . "
    "./$file']\n"
    "harness: true\nboot: {wall_ms: 10000, memory_bytes: 33554432, processes: 8}\nlimits: {}\nseccomp: []\n";

static int group_start(void **state)
{
    (void)state;
    real_language = language;
    return real_start(&real, (const char *const[]){"templates=false", NULL});
}

static int group_stop(void **state)
{
    (void)state;
    real_stop(&real);
    return 0;
}

static struct run_request half(const char *source, const char *role)
{
    struct run_request r = request_of("talk", "main.sh", source);
    r.linked = true;
    r.order = calloc(2, sizeof *r.order);
    r.order[0] = strdup(role);
    return r;
}

static int begin(struct heard heard[2], const char *solution, const char *tests, struct error *err)
{
    struct run_request requests[2] = {half(solution, "role=solution"), half(tests, "role=tests")};
    struct ticket *tickets[2];
    struct pair_half halves[2];
    for (size_t i = 0; i < 2; i++) {
        heard[i] = (struct heard){.real = &real};
        halves[i] = (struct pair_half){&requests[i], &heard_callbacks, &heard[i]};
    }
    int r = executor_client_run_pair(real.client, "someone", halves, tickets, err);
    for (size_t i = 0; i < 2; i++) {
        heard[i].ticket = r == 0 ? tickets[i] : NULL;
        run_request_free(&requests[i]);
    }
    return r;
}

static void run_both(struct heard heard[2], const char *solution, const char *tests)
{
    struct error err = {0};
    if (begin(heard, solution, tests, &err) < 0)
        fail_msg("%s", err.text);
    real_wait(&heard[0]);
    real_wait(&heard[1]);
}

static void free_both(struct heard heard[2])
{
    heard_free(&heard[0]);
    heard_free(&heard[1]);
}

static void what_one_says_the_other_hears(void **state)
{
    (void)state;
    struct heard heard[2];
    run_both(heard, "read line <&3; echo \"heard $line\" >&4; echo mine$fields",
             "echo hello >&4; read line <&3; echo $line; echo theirs$fields");
    heard_expect(&heard[0], RUN_ok, 0);
    heard_expect(&heard[1], RUN_ok, 0);
    assert_string_equal(TEXT(heard[0], RUN_STDOUT), "mine role=solution\n");
    assert_string_equal(TEXT(heard[1], RUN_STDOUT), "heard hello\ntheirs role=tests\n");
    assert_int_equal(heard[0].sizes[RUN_REPORT] + heard[1].sizes[RUN_REPORT], 0);
    free_both(heard);
}

static void when_one_ends_the_other_hears_all_and_then_the_end(void **state)
{
    (void)state;
    struct heard heard[2];
    run_both(heard, "echo last words >&4; kill -9 $$", "cat <&3; echo over");
    heard_expect(&heard[0], RUN_error, -9);
    heard_expect(&heard[1], RUN_ok, 0);
    assert_string_equal(TEXT(heard[1], RUN_STDOUT), "last words\nover\n");
    free_both(heard);
}

static void a_slow_reader_loses_nothing_and_slows_the_writer(void **state)
{
    (void)state;
    struct heard heard[2];
    run_both(heard, "sleep 0.3; head -c 6000000 <&3 | cksum; echo done >&4",
             "head -c 6000000 /dev/zero >&4; read line <&3; echo $line");
    assert_string_equal(TEXT(heard[0], RUN_STDOUT), "3750537126 6000000\n");
    assert_string_equal(TEXT(heard[1], RUN_STDOUT), "done\n");
    free_both(heard);
}

static void one_that_does_not_listen_blocks_the_other_only_until_its_limit(void **state)
{
    (void)state;
    struct heard heard[2];
    run_both(heard, "exec 3<&-; exec sleep 0.5", "yes >&4");
    heard_expect(&heard[0], RUN_ok, 0);
    assert_int_not_equal(heard[1].result.status, RUN_ok);
    free_both(heard);
}

static void cancelling_one_half_of_a_queued_pair_ends_both(void **state)
{
    (void)state;
    struct heard busy[8], heard[2];
    struct error err = {0};
    for (size_t i = 0; i < 8; i++) {
        struct run_request r = request_of("bash", "main.sh", "sleep 60");
        assert_int_equal(real_begin(&real, &busy[i], "another", &r), 0);
    }
    assert_int_equal(begin(heard, "true", "true", &err), 0);
    ticket_cancel(heard[1].ticket);
    real_wait(&heard[0]);
    real_wait(&heard[1]);
    heard_expect(&heard[0], RUN_killed, -9);
    heard_expect(&heard[1], RUN_killed, -9);
    for (size_t i = 0; i < 8; i++) {
        ticket_cancel(busy[i].ticket);
        real_wait(&busy[i]);
        heard_free(&busy[i]);
    }
    free_both(heard);
}

static void a_pair_counts_as_one_run(void **state)
{
    (void)state;
    struct heard pairs[4][2];
    struct error err = {0};
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(begin(pairs[i], "read x <&3; echo $x >&4", "echo $$ >&4; read x <&3", &err), 0);
    assert_int_equal(executor_client_stats(real.client).running, 4);
    for (size_t i = 0; i < 8; i++) {
        real_wait(&pairs[i / 2][i % 2]);
        heard_expect(&pairs[i / 2][i % 2], RUN_ok, 0);
    }
    assert_int_equal(executor_client_stats(real.client).running, 0);
    for (size_t i = 0; i < 4; i++)
        free_both(pairs[i]);
}

static void a_language_without_a_harness_cannot_be_linked(void **state)
{
    (void)state;
    struct run_request requests[2] = {request_of("bash", "main.sh", "true"),
                                      request_of("bash", "main.sh", "true")};
    struct heard heard[2] = {{.real = &real}, {.real = &real}};
    struct pair_half halves[2];
    struct ticket *tickets[2];
    struct error err = {0};
    for (size_t i = 0; i < 2; i++) {
        requests[i].linked = true;
        halves[i] = (struct pair_half){&requests[i], &heard_callbacks, &heard[i]};
    }
    assert_int_equal(executor_client_run_pair(real.client, "someone", halves, tickets, &err), 0);
    for (size_t i = 0; i < 2; i++) {
        real_wait(&heard[i]);
        assert_true(heard[i].failed);
        assert_int_equal(heard[i].err.code, EINVAL);
        run_request_free(&requests[i]);
    }
    free_both(heard);
}

static void an_executor_that_dies_ends_both_halves(void **state)
{
    (void)state;
    struct heard heard[2];
    struct error err = {0};
    assert_int_equal(begin(heard, "sleep 60", "sleep 60", &err), 0);
    assert_int_equal(real_restart(&real), 0);
    real_wait(&heard[0]);
    real_wait(&heard[1]);
    assert_true(heard[0].failed && heard[1].failed);
    free_both(heard);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_one_says_the_other_hears),
        cmocka_unit_test(when_one_ends_the_other_hears_all_and_then_the_end),
        cmocka_unit_test(a_slow_reader_loses_nothing_and_slows_the_writer),
        cmocka_unit_test(one_that_does_not_listen_blocks_the_other_only_until_its_limit),
        cmocka_unit_test(cancelling_one_half_of_a_queued_pair_ends_both),
        cmocka_unit_test(a_pair_counts_as_one_run),
        cmocka_unit_test(a_language_without_a_harness_cannot_be_linked),
        cmocka_unit_test(an_executor_that_dies_ends_both_halves),
    };
    return cmocka_run_group_tests(tests, group_start, group_stop);
}

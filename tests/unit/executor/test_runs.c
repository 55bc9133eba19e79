/* Real programs in real boxes, through the executor's socket. Needs root and the images of bash, c and
 * python. */
#include "unit.h"

#include "real.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

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

/* ---- the ordinary ---- */

static void bash_says_hello(void **state)
{
    (void)state;
    struct heard h;
    real_source(&real, &h, "bash", "main.sh", "echo hello; echo fault >&2; exit 3");
    heard_expect(&h, RUN_error, 3);
    assert_string_equal(TEXT(h, RUN_STDOUT), "hello\n");
    assert_string_equal(TEXT(h, RUN_STDERR), "fault\n");
    assert_true(h.started);
    assert_true(h.result.processes >= 1);
    heard_free(&h);
}

static void arguments_environment_input_and_files_reach_the_program(void **state)
{
    (void)state;
    struct heard h;
    struct run_request r =
        request_of("bash", "main.sh", "echo \"$1|$2|$NAME|$HOME|$PWD\"; cat; cat data/numbers.txt");
    request_add_file(&r, "data/numbers.txt", "1 2 3\n", 6);
    r.args = calloc(3, sizeof *r.args);
    r.args[0] = strdup("one");
    r.args[1] = strdup("two words");
    r.env = calloc(2, sizeof *r.env);
    r.env[0] = strdup("NAME=a=b");
    r.stdin_data = (uint8_t *)strdup("typed\n");
    r.stdin_size = 6;
    real_run(&real, &h, r);
    heard_expect(&h, RUN_ok, 0);
    assert_string_equal(TEXT(h, RUN_STDOUT), "one|two words|a=b|/work|/work\ntyped\n1 2 3\n");
    heard_free(&h);
}

static void c_is_compiled_and_run(void **state)
{
    (void)state;
    struct heard h;
    real_source(&real, &h, "c", "main.c",
                "#include <stdio.h>\nint main(int n, char **a) { (void)a; printf(\"%d\\n\", n); return 7; }");
    heard_expect(&h, RUN_error, 7);
    assert_string_equal(TEXT(h, RUN_STDOUT), "1\n");
    assert_false(h.result.in_compile);
    heard_free(&h);
}

static void what_does_not_compile_does_not_run(void **state)
{
    (void)state;
    struct heard h;
    real_source(&real, &h, "c", "main.c", "int main(void) { return x; }");
    heard_expect(&h, RUN_compile_error, 1);
    assert_true(h.result.in_compile);
    assert_non_null(strstr(TEXT(h, RUN_STDERR), "main.c:1:25"));
    heard_free(&h);
}

static void python_reports_through_its_harness(void **state)
{
    (void)state;
    struct heard h;
    struct run_request r =
        request_of("python", "main.py", "import sys\nprint(sys.argv[1:], input())\n6 * 7\n");
    r.args = calloc(2, sizeof *r.args);
    r.args[0] = strdup("x");
    r.stdin_data = (uint8_t *)strdup("line\n");
    r.stdin_size = 5;
    real_run(&real, &h, r);
    heard_expect(&h, RUN_ok, 0);
    assert_string_equal(TEXT(h, RUN_STDOUT), "['x'] line\n");
    assert_non_null(strstr(TEXT(h, RUN_REPORT), "\"42\""));
    assert_null(strstr(TEXT(h, RUN_REPORT), "ready"));
    heard_free(&h);
}

/* ---- the limits ---- */

static struct run_request limited(const char *language, const char *name, const char *source,
                                  const char *limit, uint64_t value)
{
    struct run_request r = request_of(language, name, source);
    *limits_field(&r.limits, limit) = value;
    return r;
}

static void a_program_that_sleeps_too_long_times_out_and_loses_no_output(void **state)
{
    (void)state;
    struct heard h;
    real_run(&real, &h, limited("bash", "main.sh", "echo before; sleep 1000", "wall_ms", 300));
    heard_expect(&h, RUN_timeout, -SIGKILL);
    assert_string_equal(TEXT(h, RUN_STDOUT), "before\n");
    assert_int_equal(h.result.limits.wall_ms, 300);
    heard_free(&h);
}

static void a_program_that_computes_too_long_times_out(void **state)
{
    (void)state;
    struct heard h;
    real_run(&real, &h, limited("bash", "main.sh", "while :; do :; done", "cpu_ms", 200));
    heard_expect(&h, RUN_timeout, -SIGKILL);
    assert_true(h.result.cpu_us >= 200000);
    heard_free(&h);
}

static void too_much_memory_is_told_as_memory(void **state)
{
    (void)state;
    struct heard h;
    real_run(&real, &h,
             limited("python", "main.py", "b = []\nwhile True: b.append(bytearray(1 << 20))", "memory_bytes",
                     64 << 20));
    assert_false(h.failed);
    assert_string_equal(run_status_name(h.result.status), "memory");
    heard_free(&h);
}

static void output_is_delivered_up_to_exactly_the_limit(void **state)
{
    (void)state;
    struct heard h;
    real_run(&real, &h,
             limited("bash", "main.sh", "while :; do echo 0123456789; done", "output_bytes", 100000));
    assert_string_equal(run_status_name(h.result.status), "output_limit");
    assert_int_equal(h.sizes[RUN_STDOUT] + h.sizes[RUN_STDERR], 100000);
    assert_true(h.result.stdout_truncated);
    assert_false(h.result.stderr_truncated);
    heard_free(&h);
    real_run(&real, &h, limited("bash", "main.sh", "printf 0123456789", "output_bytes", 10));
    heard_expect(&h, RUN_ok, 0);
    assert_false(h.result.stdout_truncated);
    heard_free(&h);
}

static void a_fork_bomb_is_contained(void **state)
{
    (void)state;
    struct heard h;
    struct run_request r =
        limited("bash", "main.sh", "bomb() { bomb | bomb & }; bomb; sleep 1000", "wall_ms", 500);
    r.limits.processes = 20;
    real_run(&real, &h, r);
    assert_false(h.failed);
    assert_true(h.result.processes <= 20);
    heard_free(&h);
}

static void files_that_do_not_fit_the_disk_are_the_users_fault(void **state)
{
    (void)state;
    struct heard h;
    static char zeros[1 << 20];
    struct run_request r = limited("bash", "main.sh", "echo never", "disk_bytes", 65536);
    request_add_file(&r, "big", zeros, sizeof zeros);
    real_run(&real, &h, r);
    assert_false(h.failed);
    assert_string_equal(run_status_name(h.result.status), "killed");
    assert_non_null(strstr(TEXT(h, RUN_STDERR), "disk_bytes"));
    heard_free(&h);
}

static void a_hang_in_compilation_times_out(void **state)
{
    (void)state;
    struct heard h;
    /* The file includes itself twice, thirty deep. */
    static const char source[] = "#if __INCLUDE_LEVEL__ < 30\n#include __FILE__\n#include __FILE__\n#endif\n";
    real_run(&real, &h, limited("c", "main.c", source, "wall_ms", 500));
    heard_expect(&h, RUN_timeout, -SIGKILL);
    assert_true(h.result.in_compile);
    heard_free(&h);
}

/* ---- ends ---- */

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

static void a_signal_is_told_by_its_number(void **state)
{
    (void)state;
    struct heard h;
    real_source(&real, &h, "c", "main.c", "int main(void) { *(volatile int *)1 = 1; }");
    heard_expect(&h, RUN_error, -SIGSEGV);
    heard_free(&h);
    real_source(&real, &h, "c", "main.c", "#include <stdlib.h>\nint main(void) { abort(); }");
    heard_expect(&h, RUN_error, -SIGABRT);
    heard_free(&h);
}

static void killing_everything_harms_only_oneself(void **state)
{
    (void)state;
    struct heard h;
    real_source(&real, &h, "bash", "main.sh", "sleep 1000 & kill -9 -1; kill -9 1; echo still here");
    assert_false(h.failed);
    heard_free(&h);
    real_source(&real, &h, "bash", "main.sh", "kill -9 $$");
    heard_expect(&h, RUN_error, -SIGKILL);
    heard_free(&h);
}

static void a_daemon_does_not_outlive_its_parent(void **state)
{
    (void)state;
    struct heard h;
    real_source(&real, &h, "bash", "main.sh",
                "(trap '' TERM HUP; sleep 1000; echo late) & disown; echo early");
    heard_expect(&h, RUN_ok, 0);
    assert_string_equal(TEXT(h, RUN_STDOUT), "early\n");
    heard_free(&h);
}

static pid_t first_child(pid_t pid)
{
    char path[64];
    cleanup_free char *text = NULL;
    snprintf(path, sizeof path, "/proc/%d/task/%d/children", pid, pid);
    return read_file_at(AT_FDCWD, path, 4096, &text, NULL, NULL) == 0 ? (pid_t)strtol(text, NULL, 10) : 0;
}

/* A box dies only when all in it have been reaped, those that are traced by their tracer: us, and we do not,
 * before the answer is there. */
static void the_answer_does_not_wait_for_the_end_of_the_box(void **state)
{
    (void)state;
    struct heard h;
    pid_t pids[REAL_PIDS_MOST];
    struct run_request r = request_of("bash", "main.sh", "sleep 1000 & echo up; read line; exit 3");
    r.interactive = true;
    assert_int_equal(real_begin(&real, &h, "tester", &r), 0);
    real_until(&real, has_output, &h);
    assert_int_equal(real_children(&real, "bash", REAL_DEPTH_BOX, 0, pids), 1);
    pid_t traced = first_child(pids[0]);
    assert_true(traced > 0);
    assert_int_equal(ptrace(PTRACE_SEIZE, traced, NULL, NULL), 0);
    assert_int_equal(ticket_stdin(h.ticket, "go\n", 3, true), 0);
    real_wait(&h);
    heard_expect(&h, RUN_error, 3);
    assert_string_equal(TEXT(h, RUN_STDOUT), "up\n");
    heard_free(&h);
    assert_int_equal(real_children(&real, NULL, REAL_DEPTH_BOX, 1, pids), 1);
    assert_int_equal(waitpid(traced, NULL, __WALL), traced);
    while (real_children(&real, NULL, REAL_DEPTH_BOX, 1, pids) > 0)
        usleep(1000);
}

static void a_stopped_program_times_out(void **state)
{
    (void)state;
    struct heard h;
    real_run(&real, &h, limited("bash", "main.sh", "kill -STOP $$; sleep 1000", "wall_ms", 300));
    heard_expect(&h, RUN_timeout, -SIGKILL);
    heard_free(&h);
}

static void a_cancelled_run_is_killed(void **state)
{
    (void)state;
    struct heard h;
    struct run_request r = request_of("bash", "main.sh", "echo up; sleep 1000");
    assert_int_equal(real_begin(&real, &h, "tester", &r), 0);
    real_until(&real, has_output, &h);
    ticket_cancel(h.ticket);
    real_wait(&h);
    heard_expect(&h, RUN_killed, -SIGKILL);
    assert_string_equal(TEXT(h, RUN_STDOUT), "up\n");
    heard_free(&h);
}

/* Whatever step the run is in: the loop is left after 0, 1, 2, ... events. */
static void a_run_can_be_cancelled_in_every_step(void **state)
{
    (void)state;
    static const char *const languages[][2] = {{"c", "main.c"}, {"python", "main.py"}};
    for (int steps = 0; steps < 8; steps++) {
        for (size_t i = 0; i < array_length(languages); i++) {
            struct heard h;
            struct run_request r = request_of(languages[i][0], languages[i][1], "");
            assert_int_equal(real_begin(&real, &h, "tester", &r), 0);
            usleep((useconds_t)steps * 7000);
            ticket_cancel(h.ticket);
            real_wait(&h);
            assert_false(h.failed);
            heard_free(&h);
        }
    }
}

static void interactive_input_is_answered_line_by_line(void **state)
{
    (void)state;
    struct heard h;
    struct run_request r =
        request_of("bash", "main.sh", "while read -r line; do echo \"<$line>\"; done; echo end");
    r.interactive = true;
    assert_int_equal(real_begin(&real, &h, "tester", &r), 0);
    assert_int_equal(ticket_stdin(h.ticket, "one\n", 4, false), 0);
    real_until(&real, has_output, &h);
    assert_string_equal(TEXT(h, RUN_STDOUT), "<one>\n");
    assert_int_equal(ticket_stdin(h.ticket, "two\n", 4, true), 0);
    assert_int_equal(ticket_stdin(h.ticket, "three\n", 6, false), -EPIPE);
    real_wait(&h);
    heard_expect(&h, RUN_ok, 0);
    assert_string_equal(TEXT(h, RUN_STDOUT), "<one>\n<two>\nend\n");
    heard_free(&h);
}

static void input_that_nobody_reads_is_bounded(void **state)
{
    (void)state;
    struct heard h;
    static char block[64 << 10];
    struct run_request r = request_of("bash", "main.sh", "read -r -t 1 x < /dev/zero; sleep 1000");
    r.interactive = true;
    r.limits.wall_ms = 1000;
    assert_int_equal(real_begin(&real, &h, "tester", &r), 0);
    real_until(&real, has_started, &h);
    int e = 0;
    size_t taken = 0;
    while (!h.over && (e = ticket_stdin(h.ticket, block, sizeof block, false)) == 0) {
        taken += sizeof block;
        event_base_loop(real.loop, EVLOOP_NONBLOCK);
    }
    assert_int_equal(e, -EAGAIN);
    assert_true(taken <= 1 << 20);
    ticket_cancel(h.ticket);
    real_wait(&h);
    heard_free(&h);
}

static void much_input_comes_through_whole(void **state)
{
    (void)state;
    struct heard h;
    struct run_request r = request_of("bash", "main.sh", "wc -c");
    r.stdin_size = 3 << 20;
    r.stdin_data = calloc(1, r.stdin_size);
    real_run(&real, &h, r);
    heard_expect(&h, RUN_ok, 0);
    assert_string_equal(TEXT(h, RUN_STDOUT), "3145728\n");
    heard_free(&h);
}

static void output_waits_while_paused_and_comes_whole_afterwards(void **state)
{
    (void)state;
    struct heard h;
    struct run_request r = request_of("bash", "main.sh", "head -c 900000 /dev/zero; echo");
    assert_int_equal(real_begin(&real, &h, "tester", &r), 0);
    ticket_pause_output(h.ticket, true);
    real_until(&real, has_started, &h);
    for (int i = 0; i < 20; i++) {
        usleep(10000);
        event_base_loop(real.loop, EVLOOP_NONBLOCK);
    }
    assert_false(h.over);
    assert_int_equal(h.sizes[RUN_STDOUT], 0);
    ticket_pause_output(h.ticket, false);
    real_wait(&h);
    heard_expect(&h, RUN_ok, 0);
    assert_int_equal(h.sizes[RUN_STDOUT], 900001);
    heard_free(&h);
}

/* ---- many ---- */

static void many_runs_at_once_are_not_mixed_up(void **state)
{
    (void)state;
    enum { MANY = 40 };
    struct heard h[MANY];
    for (int i = 0; i < MANY; i++) {
        char source[64], who[16];
        snprintf(source, sizeof source, "echo %d; exit %d", i, i);
        snprintf(who, sizeof who, "client %d", i % 3);
        struct run_request r = request_of("bash", "main.sh", source);
        assert_int_equal(real_begin(&real, &h[i], who, &r), 0);
    }
    for (int i = 0; i < MANY; i++) {
        char want[16];
        real_wait(&h[i]);
        heard_expect(&h[i], i ? RUN_error : RUN_ok, i);
        snprintf(want, sizeof want, "%d\n", i);
        assert_string_equal(TEXT(h[i], RUN_STDOUT), want);
        heard_free(&h[i]);
    }
}

static void a_language_that_is_not_there_is_refused(void **state)
{
    (void)state;
    struct heard h;
    real_source(&real, &h, "cobol", "main.cob", "");
    assert_true(h.failed);
    assert_int_equal(h.err.code, ENOENT);
    heard_free(&h);
}

static void mark_drained(void *context)
{
    *(bool *)context = true;
}

static bool is_true(void *context)
{
    return *(bool *)context;
}

/* Last: the client takes nothing afterwards. */
static void draining_waits_for_what_runs(void **state)
{
    (void)state;
    struct heard h, refused;
    bool drained = false;
    struct run_request r = request_of("bash", "main.sh", "sleep 0.2; echo done");
    assert_int_equal(real_begin(&real, &h, "tester", &r), 0);
    executor_client_drain(real.client, mark_drained, &drained);
    r = request_of("bash", "main.sh", "");
    assert_int_equal(real_begin(&real, &refused, "tester", &r), -ESHUTDOWN);
    real_until(&real, is_true, &drained);
    heard_expect(&h, RUN_ok, 0);
    heard_free(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bash_says_hello),
        cmocka_unit_test(arguments_environment_input_and_files_reach_the_program),
        cmocka_unit_test(c_is_compiled_and_run),
        cmocka_unit_test(what_does_not_compile_does_not_run),
        cmocka_unit_test(python_reports_through_its_harness),
        cmocka_unit_test(a_program_that_sleeps_too_long_times_out_and_loses_no_output),
        cmocka_unit_test(a_program_that_computes_too_long_times_out),
        cmocka_unit_test(too_much_memory_is_told_as_memory),
        cmocka_unit_test(output_is_delivered_up_to_exactly_the_limit),
        cmocka_unit_test(a_fork_bomb_is_contained),
        cmocka_unit_test(files_that_do_not_fit_the_disk_are_the_users_fault),
        cmocka_unit_test(a_hang_in_compilation_times_out),
        cmocka_unit_test(a_signal_is_told_by_its_number),
        cmocka_unit_test(killing_everything_harms_only_oneself),
        cmocka_unit_test(a_daemon_does_not_outlive_its_parent),
        cmocka_unit_test(the_answer_does_not_wait_for_the_end_of_the_box),
        cmocka_unit_test(a_stopped_program_times_out),
        cmocka_unit_test(a_cancelled_run_is_killed),
        cmocka_unit_test(a_run_can_be_cancelled_in_every_step),
        cmocka_unit_test(interactive_input_is_answered_line_by_line),
        cmocka_unit_test(input_that_nobody_reads_is_bounded),
        cmocka_unit_test(much_input_comes_through_whole),
        cmocka_unit_test(output_waits_while_paused_and_comes_whole_afterwards),
        cmocka_unit_test(many_runs_at_once_are_not_mixed_up),
        cmocka_unit_test(a_language_that_is_not_there_is_refused),
        cmocka_unit_test(draining_waits_for_what_runs),
    };
    return cmocka_run_group_tests(tests, group_start, group_stop);
}

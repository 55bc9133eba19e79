/* Templates and their clones for real: a ground with the image of Python, and runtimes that are a few lines
 * of it each, so that every way to behave and to misbehave can be had. */
#include "sandbox/cgroup.h"
#include "template/internal.h"

#include "unit.h"

#include <fcntl.h>
#include <linux/sched.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

/* Slots and uids that no executor takes; several of these tests may run at once. */
enum { SLOT_FIRST = 1100, UIDS_FIRST = 2080374784, UIDS = 65536, WAIT_MS = 30000 };

static unsigned slot;
static struct ground *ground;
static struct filter filter;
static const bool available[1] = {true};

/* ---- runtimes ---- */

#define IMPORT "import os, threading, time\n"
#define SERVE                                                                                                \
    "os.write(4, b'ready\\n')\n"                                                                             \
    "order = os.read(3, 4096)\n"                                                                             \
    "os.write(1, b'got ' + order)\n"                                                                         \
    "os._exit(7)\n"

static char *nothing[] = {NULL};
static char code[4096];
static char *runtime[] = {"/usr/bin/python3", "-I", "-S", "-c", code, NULL};

static struct language language;
static struct languages languages = {&language, 1};

/* ---- one set of templates under test ---- */

struct under_test {
    struct event_base *loop;
    struct templates *templates;
    struct templates_options options;
};

/* What a test does not say is as in a quiet house. */
static void prepare(struct under_test *t, const char *source)
{
    snprintf(code, sizeof code, "%s", source);
    language = (struct language){
        .name = "python",
        .image = "python",
        .run = runtime,
        .env = nothing,
        .harness = true,
        .limits = {.wall_ms = 10000,
                   .cpu_ms = 5000,
                   .memory_bytes = 64 << 20,
                   .processes = 16,
                   .output_bytes = 65536,
                   .disk_bytes = 1 << 20},
        .boot = {.wall_ms = 10000, .memory_bytes = 64 << 20, .processes = 16},
        .template = {.warm_up = "/phial/warm_up",
                     .reseed = "/phial/reseed",
                     .run = nothing,
                     .env = nothing,
                     .boot = {.wall_ms = 20000, .memory_bytes = 128 << 20, .processes = 32}},
    };
    *t = (struct under_test){.loop = event_base_new()};
    t->options = (struct templates_options){.loop = t->loop,
                                            .ground = ground,
                                            .languages = &languages,
                                            .filters = &filter,
                                            .available = available,
                                            .ceiling = limits_ceiling,
                                            .cpu_percent = 100,
                                            .clones_most = 1000,
                                            .age_most_ms = 600000,
                                            .pool_bytes = 256 << 20};
}

static void open_templates(struct under_test *t)
{
    struct error err;
    if (templates_open(&t->templates, &t->options, &err) < 0)
        fail_msg("%s", err.text);
}

static void begin(struct under_test *t, const char *source)
{
    prepare(t, source);
    open_templates(t);
}

static struct warm_facts facts_of(const struct under_test *t)
{
    struct warm_facts facts;
    templates_facts(t->templates, 0, &facts);
    return facts;
}

static void no_child_and_no_group_is_left(void)
{
    siginfo_t info = {0};
    assert_null(ground_cgroups(ground)->live);
    /* T's init and the maker live, and nothing else of ours. */
    assert_int_equal(waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT | __WALL), 0);
    assert_int_equal(info.si_pid, 0);
}

static void end(struct under_test *t)
{
    templates_close(t->templates);
    event_base_free(t->loop);
    no_child_and_no_group_is_left();
}

static void stop_loop(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    event_base_loopbreak(context);
}

/* Runs the loop until `done` says so. */
static void until(struct under_test *t, bool (*done)(const struct under_test *t))
{
    uint64_t most = clock_now_ns() + WAIT_MS * UINT64_C(1000000);
    struct event look = {0};
    struct timeval often = {.tv_usec = 2000};
    event_assign(&look, t->loop, -1, EV_PERSIST, stop_loop, t->loop);
    event_add(&look, &often);
    while (!done(t)) {
        if (clock_now_ns() > most) {
            struct warm_facts facts = facts_of(t);
            fail_msg("it did not come to that; the last fault: %s", facts.why);
        }
        event_base_dispatch(t->loop);
    }
    event_del(&look);
}

static bool is_warm(const struct under_test *t)
{
    return facts_of(t).state == WARM_READY;
}
static bool is_refused(const struct under_test *t)
{
    return facts_of(t).state == WARM_REFUSED;
}
static bool one_waits(const struct under_test *t)
{
    return facts_of(t).ready == 1;
}
static bool four_wait(const struct under_test *t)
{
    return facts_of(t).ready == 4;
}
static bool had_a_fault(const struct under_test *t)
{
    return facts_of(t).faults > 0;
}
static bool booted_twice(const struct under_test *t)
{
    return facts_of(t).generations >= 2;
}
static bool the_second_serves(const struct under_test *t)
{
    const struct warm *warm = &t->templates->items[0];
    return warm->serving && warm->serving->number == 2;
}
static bool nothing_ends(const struct under_test *t)
{
    return !t->templates->endings;
}
static bool one_fresh_waits(const struct under_test *t)
{
    const struct warm *warm = &t->templates->items[0];
    return warm->serving && warm->ready && !warm->ready->next &&
           warm->ready->generation == warm->serving->number && warm->serving->number > 1;
}
static bool nothing_is_made(const struct under_test *t)
{
    return !t->templates->items[0].makings;
}

/* ---- clones ---- */

struct answer {
    bool came, none;
    struct clone clone;
};

static void on_answer(void *context, const struct clone *clone)
{
    struct answer *answer = context;
    assert_false(answer->came);
    answer->came = true;
    answer->none = !clone;
    if (clone)
        answer->clone = *clone;
}

static int take_with(struct under_test *t, uint64_t disk_bytes, struct answer *answer, struct clone_ask **ask)
{
    *answer = (struct answer){0};
    int r = templates_take(t->templates, &language, disk_bytes, language_disk_files(disk_bytes),
                           &answer->clone, on_answer, answer, ask);
    answer->came = r == 1;
    return r;
}

static int take(struct under_test *t, struct answer *answer)
{
    struct clone_ask *ask;
    return take_with(t, language.limits.disk_bytes, answer, &ask);
}

static void wait_for_answer(struct under_test *t, struct answer *answer)
{
    for (int i = 0; i < WAIT_MS && !answer->came; i++) {
        event_base_loop(t->loop, EVLOOP_NONBLOCK);
        poll(NULL, 0, 1);
    }
    assert_true(answer->came);
}

static bool readable(int fd)
{
    struct pollfd p = {fd, POLLIN, 0};
    return poll(&p, 1, WAIT_MS) == 1;
}

/* It gets an order, says what it got, and ends as it should; then all of it is gone. */
static void use(struct under_test *t, struct answer *answer)
{
    struct clone *c = &answer->clone;
    struct program_end program_end;
    char text[64] = "";
    assert_true(answer->came && !answer->none);
    assert_int_equal(program_state(c->program), PROGRAM_RUNNING);
    assert_int_equal(write(c->order, "hello", 5), 5);
    close_fd(&c->order);
    assert_true(readable(c->output));
    assert_int_equal(read(c->output, text, sizeof text - 1), 9);
    assert_string_equal(text, "got hello");
    assert_true(readable(program_pidfd(c->program)));
    assert_int_equal(program_reap(c->program, &program_end), 0);
    assert_true(!program_end.signaled && program_end.code == 7);
    clone_discard(t->templates, c);
}

static void take_and_use(struct under_test *t)
{
    struct answer answer;
    assert_true(take(t, &answer) >= 0);
    wait_for_answer(t, &answer);
    use(t, &answer);
}

/* ---- tests ---- */

static void a_runtime_becomes_a_template_and_its_clones_run(void **state)
{
    (void)state;
    struct under_test t;
    begin(&t, IMPORT "assert os.environ['PHIAL_WARM_UP'] == '/phial/warm_up'\n"
                     "assert os.environ['PHIAL_RESEED'] == '/phial/reseed'\n"
                     "assert os.environ['HOME'] == '/work'\n"
                     "threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()\n" SERVE);
    assert_int_equal(facts_of(&t).state, WARM_BOOTING);
    until(&t, is_warm);
    until(&t, one_waits);
    struct warm_facts facts = facts_of(&t);
    assert_int_equal(facts.threads, 2);
    assert_int_equal(facts.generations, 1);
    assert_int_equal(facts.clones, 1);
    assert_int_equal(facts.faults, 0);
    assert_true(facts.boot_us > 0 && facts.clone_bytes > 0 && facts.page_table_bytes > 0);
    assert_true(facts.box_us > 0 && facts.clone_us > 0);
    struct answer answer;
    assert_int_equal(take(&t, &answer), 1);
    assert_int_equal(answer.clone.limits.memory_bytes,
                     answer.clone.base.memory_bytes + language.limits.memory_bytes);
    use(&t, &answer);
    templates_refill(t.templates);
    until(&t, one_waits);
    assert_int_equal(facts_of(&t).hits, 1);
    end(&t);
}

static void who_finds_none_waits_for_the_next(void **state)
{
    (void)state;
    struct under_test t;
    struct answer a, b, c;
    begin(&t, IMPORT SERVE);
    assert_int_equal(take(&t, &a), -EAGAIN); /* it boots */
    until(&t, one_waits);
    assert_int_equal(take(&t, &a), 1);
    assert_int_equal(take(&t, &b), 0);
    assert_int_equal(take(&t, &c), 0);
    wait_for_answer(&t, &c);
    assert_true(b.came); /* who came first is served first */
    use(&t, &a);
    use(&t, &b);
    use(&t, &c);
    struct warm_facts facts = facts_of(&t);
    assert_int_equal(facts.hits, 1);
    assert_int_equal(facts.misses, 3);
    end(&t);
}

static void who_does_not_want_his_clone_any_more_is_not_called(void **state)
{
    (void)state;
    struct under_test t;
    struct answer a, other;
    struct clone_ask *ask, *other_ask;
    prepare(&t, IMPORT SERVE);
    t.options.pool_bytes = 1; /* none ahead of need */
    open_templates(&t);
    until(&t, is_warm);
    assert_int_equal(take_with(&t, language.limits.disk_bytes, &a, &ask), 0);
    assert_int_equal(take_with(&t, 2 << 20, &other, &other_ask), 0);
    templates_forget(ask);
    templates_forget(other_ask);
    until(&t, nothing_is_made);
    assert_false(a.came || other.came);
    assert_int_equal(facts_of(&t).clones, 2);
    assert_true(facts_of(&t).ready <= 1); /* of the standard size; the other is of no use to anyone */
    end(&t);
}

static void another_size_of_the_work_folder_is_made_to_order(void **state)
{
    (void)state;
    struct under_test t;
    struct answer a;
    struct clone_ask *ask;
    begin(&t, IMPORT SERVE);
    until(&t, one_waits);
    assert_int_equal(take_with(&t, 2 << 20, &a, &ask), 0);
    wait_for_answer(&t, &a);
    assert_int_equal(a.clone.disk_bytes, 2 << 20);
    assert_int_equal(facts_of(&t).ready, 1);
    use(&t, &a);
    end(&t);
}

static void the_pool_follows_demand_and_gives_way_under_pressure(void **state)
{
    (void)state;
    struct under_test t;
    struct answer a[4];
    begin(&t, IMPORT SERVE);
    until(&t, one_waits);
    templates_press(t.templates, true);
    for (size_t i = 0; i < array_length(a); i++)
        assert_true(take(&t, &a[i]) >= 0);
    for (size_t i = 0; i < array_length(a); i++) {
        wait_for_answer(&t, &a[i]);
        use(&t, &a[i]);
    }
    templates_refill(t.templates);
    until(&t, nothing_is_made);
    assert_int_equal(facts_of(&t).ready, 0);
    templates_press(t.templates, false);
    until(&t, four_wait);
    end(&t);
}

static void without_a_budget_every_clone_is_made_when_asked_for(void **state)
{
    (void)state;
    struct under_test t;
    prepare(&t, IMPORT SERVE);
    t.options.pool_bytes = 0;
    open_templates(&t);
    until(&t, is_warm);
    templates_refill(t.templates);
    take_and_use(&t);
    templates_refill(t.templates);
    until(&t, nothing_is_made);
    struct warm_facts facts = facts_of(&t);
    assert_int_equal(facts.ready, 0);
    assert_int_equal(facts.clones, 1);
    end(&t);
}

static void a_template_is_replaced_after_so_many_clones_without_a_gap(void **state)
{
    (void)state;
    struct under_test t;
    prepare(&t, IMPORT SERVE);
    t.options.clones_most = 3;
    open_templates(&t);
    until(&t, is_warm);
    for (uint64_t last = 1; last < 4; last = facts_of(&t).generations) {
        take_and_use(&t);
        templates_refill(t.templates);
        assert_true(is_warm(&t));
    }
    struct warm_facts facts = facts_of(&t);
    assert_int_equal(facts.faults, 0);
    assert_int_equal(facts.state, WARM_READY);
    end(&t);
}

static void a_template_is_replaced_when_it_is_old_and_its_clones_go_with_it(void **state)
{
    (void)state;
    struct under_test t;
    prepare(&t, IMPORT SERVE);
    t.options.age_most_ms = 200;
    open_templates(&t);
    until(&t, one_waits);
    assert_int_equal(t.templates->items[0].ready->generation, 1);
    until(&t, one_fresh_waits);
    assert_int_equal(facts_of(&t).faults, 0);
    take_and_use(&t);
    end(&t);
}

static void a_template_that_dies_is_replaced_and_its_clones_live_on(void **state)
{
    (void)state;
    struct under_test t;
    struct answer waited, none;
    begin(&t, IMPORT SERVE);
    until(&t, one_waits);
    template_kill(t.templates->items[0].serving->template);
    until(&t, had_a_fault);
    assert_int_equal(facts_of(&t).state, WARM_BOOTING);
    assert_int_equal(take(&t, &waited), 1);
    use(&t, &waited);
    assert_int_equal(take(&t, &none), -EAGAIN);
    until(&t, the_second_serves);
    take_and_use(&t);
    end(&t);
}

static bool a_copy_is_under_way(const struct under_test *t)
{
    const struct making *m = t->templates->items[0].makings;
    return m && m->from && m->from->orders == 1;
}

/* A template that is stopped keeps a clone under way for as long as a test likes. */
static struct generation *stop_with_a_copy_under_way(struct under_test *t, struct answer *answer)
{
    struct generation *g;
    prepare(t, IMPORT SERVE);
    t->options.pool_bytes = 0;
    open_templates(t);
    until(t, is_warm);
    g = t->templates->items[0].serving;
    assert_int_equal(syscall(SYS_pidfd_send_signal, template_pidfd(g->template), SIGSTOP, NULL, 0), 0);
    assert_int_equal(take(t, answer), 0);
    until(t, a_copy_is_under_way);
    return g;
}

static void nobody_waits_for_a_clone_of_a_dead_template(void **state)
{
    (void)state;
    struct under_test t;
    struct answer a;
    struct generation *g = stop_with_a_copy_under_way(&t, &a);
    template_kill(g->template);
    wait_for_answer(&t, &a);
    assert_true(a.none);
    until(&t, the_second_serves);
    take_and_use(&t);
    end(&t);
}

static void a_clone_under_way_is_made_again_when_its_replaced_template_dies(void **state)
{
    (void)state;
    struct under_test t;
    struct answer a;
    struct generation *g = stop_with_a_copy_under_way(&t, &a);
    generation_want(g->warm);
    until(&t, the_second_serves);
    assert_true(g->retired && !a.came); /* it is not ended, since a copy is under way */
    template_kill(g->template);
    wait_for_answer(&t, &a);
    use(&t, &a);
    assert_int_equal(facts_of(&t).faults, 0);
    end(&t);
}

static void a_replaced_template_finishes_the_clones_under_way(void **state)
{
    (void)state;
    struct under_test t;
    struct answer a;
    struct generation *g = stop_with_a_copy_under_way(&t, &a);
    generation_want(g->warm);
    until(&t, the_second_serves);
    assert_int_equal(syscall(SYS_pidfd_send_signal, template_pidfd(g->template), SIGCONT, NULL, 0), 0);
    wait_for_answer(&t, &a);
    use(&t, &a);
    until(&t, nothing_ends);
    assert_null(t.templates->generations->next); /* the old one is gone */
    end(&t);
}

static void what_is_stopped_can_be_closed(void **state)
{
    (void)state;
    struct under_test t;
    struct answer a;
    (void)stop_with_a_copy_under_way(&t, &a);
    end(&t);
    assert_true(a.came && a.none);
}

static void a_clone_that_dies_while_it_waits_is_replaced(void **state)
{
    (void)state;
    struct under_test t;
    begin(&t, IMPORT SERVE);
    until(&t, one_waits);
    program_kill(t.templates->items[0].ready->clone.program);
    until(&t, had_a_fault);
    until(&t, one_waits);
    take_and_use(&t);
    until(&t, nothing_ends);
    end(&t);
}

static void a_runtime_that_is_never_ready_is_tried_again(void **state)
{
    (void)state;
    struct under_test t;
    struct answer a;
    prepare(&t, IMPORT "time.sleep(1000)\n");
    language.template.boot.wall_ms = 300;
    open_templates(&t);
    until(&t, had_a_fault);
    struct warm_facts facts = facts_of(&t);
    assert_int_equal(facts.state, WARM_BOOTING);
    assert_non_null(strstr(facts.why, "template.boot.wall_ms"));
    assert_int_equal(take(&t, &a), -EAGAIN);
    until(&t, booted_twice);
    end(&t);
}

static void a_runtime_that_says_something_else_is_no_template(void **state)
{
    (void)state;
    struct under_test t;
    begin(&t, IMPORT "os.write(4, b'read me\\n')\ntime.sleep(1000)\n");
    until(&t, had_a_fault);
    assert_non_null(strstr(facts_of(&t).why, "did not report that it is ready"));
    end(&t);
}

static void a_runtime_that_dies_is_quoted(void **state)
{
    (void)state;
    struct under_test t;
    begin(&t, IMPORT "os.write(1, b'x' * 200000)\nos.write(2, b'no more\\nout of \\x1bspirits\\n')\n");
    until(&t, had_a_fault);
    assert_non_null(strstr(facts_of(&t).why, "out of ?spirits"));
    end(&t);
}

static void what_cannot_be_copied_is_refused_with_the_reason(void **state)
{
    (void)state;
    struct under_test t;
    struct answer a;
    begin(&t, IMPORT "os.open('/usr', os.O_RDONLY | os.O_DIRECTORY)\n" SERVE);
    until(&t, is_refused);
    struct warm_facts facts = facts_of(&t);
    assert_true(strlen(facts.why) > 0);
    assert_int_equal(take(&t, &a), -ENOTSUP);
    until(&t, nothing_ends);
    assert_true(templates_idle(t.templates));
    assert_int_equal(facts_of(&t).generations, 1);
    end(&t);
}

/* The copy needs as many threads as the template has, and its box does not allow so many. */
static void a_language_whose_clones_always_fail_is_refused(void **state)
{
    (void)state;
    struct under_test t;
    prepare(&t, IMPORT "for i in range(8):\n"
                       "  threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()\n" SERVE);
    language.limits.processes = 1;
    language.boot.processes = 0;
    open_templates(&t);
    until(&t, is_refused);
    assert_int_equal(facts_of(&t).generations, 3);
    assert_int_equal(facts_of(&t).clones, 0);
    end(&t);
}

static void a_language_without_a_template_is_never_warm(void **state)
{
    (void)state;
    struct under_test t;
    struct answer a;
    prepare(&t, IMPORT SERVE);
    language.template.warm_up = NULL;
    open_templates(&t);
    assert_int_equal(facts_of(&t).state, WARM_NONE);
    assert_int_equal(take(&t, &a), -ENOTSUP);
    assert_true(templates_idle(t.templates));
    end(&t);
}

static void all_can_be_closed_at_any_moment(void **state)
{
    (void)state;
    struct under_test t;
    struct answer a;
    begin(&t, IMPORT SERVE);
    end(&t); /* before it was let go */
    begin(&t, IMPORT SERVE);
    for (int i = 0; i < 20; i++) {
        event_base_loop(t.loop, EVLOOP_NONBLOCK);
        poll(NULL, 0, 1);
    }
    end(&t);
    begin(&t, IMPORT SERVE);
    until(&t, is_warm);
    (void)take(&t, &a); /* while clones are made */
    end(&t);
    assert_true(!a.came || a.none);
}

/* ---- the house ---- */

static int set_up(void **state)
{
    (void)state;
    const char *images = getenv("PHIAL_IMAGES") ? getenv("PHIAL_IMAGES") : "/var/lib/phial/images";
    struct ground_image image = {"python", "/mnt"};
    struct ground_options options = {&image, 1, slot, UIDS_FIRST + (slot - SLOT_FIRST) * UIDS, true, true};
    struct error err = {0};
    assert_int_equal(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), 0);
    assert_int_equal(mount("proc", "/proc", "proc", 0, NULL), 0);
    if (image_mount(images, "python", "/mnt", &err) < 0 || filter_compile(&filter, NULL, &err) < 0 ||
        ground_start(&ground, &options, &err) < 0) {
        fprintf(stderr, "%s\n", err.text);
        return -1;
    }
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    filter_close(&filter);
    ground_stop(ground);
    return 0;
}

static int all_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_runtime_that_is_never_ready_is_tried_again),
        cmocka_unit_test(a_runtime_that_says_something_else_is_no_template),
        cmocka_unit_test(a_runtime_that_dies_is_quoted),
        cmocka_unit_test(a_language_without_a_template_is_never_warm),
        cmocka_unit_test(a_runtime_becomes_a_template_and_its_clones_run),
        cmocka_unit_test(who_finds_none_waits_for_the_next),
        cmocka_unit_test(who_does_not_want_his_clone_any_more_is_not_called),
        cmocka_unit_test(another_size_of_the_work_folder_is_made_to_order),
        cmocka_unit_test(the_pool_follows_demand_and_gives_way_under_pressure),
        cmocka_unit_test(without_a_budget_every_clone_is_made_when_asked_for),
        cmocka_unit_test(a_template_is_replaced_after_so_many_clones_without_a_gap),
        cmocka_unit_test(a_template_is_replaced_when_it_is_old_and_its_clones_go_with_it),
        cmocka_unit_test(a_template_that_dies_is_replaced_and_its_clones_live_on),
        cmocka_unit_test(nobody_waits_for_a_clone_of_a_dead_template),
        cmocka_unit_test(a_clone_under_way_is_made_again_when_its_replaced_template_dies),
        cmocka_unit_test(a_replaced_template_finishes_the_clones_under_way),
        cmocka_unit_test(what_is_stopped_can_be_closed),
        cmocka_unit_test(a_clone_that_dies_while_it_waits_is_replaced),
        cmocka_unit_test(what_cannot_be_copied_is_refused_with_the_reason),
        cmocka_unit_test(a_language_whose_clones_always_fail_is_refused),
        cmocka_unit_test(all_can_be_closed_at_any_moment),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}

int main(int argc, char **argv)
{
    if (geteuid() != 0) {
        fprintf(stderr, "usage, as root: %s [PATTERN]\n", argv[0]);
        return 77; /* meson: skipped */
    }
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    signal(SIGPIPE, SIG_IGN);
    slot = SLOT_FIRST + (unsigned)getpid() % 900;
    struct clone_args args = {.flags = CLONE_NEWPID | CLONE_NEWNS, .exit_signal = SIGCHLD};
    long pid = syscall(SYS_clone3, &args, sizeof args);
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        exit(all_tests());
    }
    int status = 1;
    waitpid((pid_t)pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

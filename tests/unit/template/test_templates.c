/* Templates: how they boot, fail, are replaced, die, are refused. */
#include "house.h"

#include <poll.h>

static bool is_refused(const struct under_test *t)
{
    return facts_of(t).state == WARM_REFUSED;
}

static bool booted_twice(const struct under_test *t)
{
    return facts_of(t).generations >= 2;
}

static bool one_fresh_waits(const struct under_test *t)
{
    const struct warm *warm = &t->templates->items[0];
    return warm->serving && warm->ready && !warm->ready->next &&
           warm->ready->generation == warm->serving->number && warm->serving->number > 1;
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
    assert_non_null(strstr(facts.why, "/usr"));
    assert_int_equal(take(&t, &a), -ENOTSUP);
    until(&t, nothing_ends);
    assert_true(templates_idle(t.templates));
    assert_int_equal(facts_of(&t).generations, 3);
    end(&t);
}

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
    if (take(&t, &a) == 1) /* else while one is made */
        clone_discard(t.templates, &a.clone);
    end(&t);
}

static int all_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_runtime_that_is_never_ready_is_tried_again),
        cmocka_unit_test(a_runtime_that_says_something_else_is_no_template),
        cmocka_unit_test(a_runtime_that_dies_is_quoted),
        cmocka_unit_test(a_language_without_a_template_is_never_warm),
        cmocka_unit_test(a_template_is_replaced_after_so_many_clones_without_a_gap),
        cmocka_unit_test(a_template_is_replaced_when_it_is_old_and_its_clones_go_with_it),
        cmocka_unit_test(a_template_that_dies_is_replaced_and_its_clones_live_on),
        cmocka_unit_test(nobody_waits_for_a_clone_of_a_dead_template),
        cmocka_unit_test(a_clone_under_way_is_made_again_when_its_replaced_template_dies),
        cmocka_unit_test(a_replaced_template_finishes_the_clones_under_way),
        cmocka_unit_test(what_is_stopped_can_be_closed),
        cmocka_unit_test(what_cannot_be_copied_is_refused_with_the_reason),
        cmocka_unit_test(a_language_whose_clones_always_fail_is_refused),
        cmocka_unit_test(all_can_be_closed_at_any_moment),
    };
    return cmocka_run_group_tests(tests, house_set_up, house_tear_down);
}

int main(int argc, char **argv)
{
    return house_main(argc, argv, all_tests);
}

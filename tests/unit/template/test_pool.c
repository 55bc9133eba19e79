/* Clones: who gets which, how many wait, what becomes of them. */
#include "house.h"

static bool four_wait(const struct under_test *t)
{
    return facts_of(t).ready == 4;
}

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
    t.options.pool_bytes = 0; /* none ahead of need */
    open_templates(&t);
    until(&t, is_warm);
    assert_int_equal(take_with(&t, language.limits.disk_bytes, &a, &ask), 0);
    assert_int_equal(take_with(&t, 2 << 20, &other, &other_ask), 0);
    templates_forget(ask);
    templates_forget(other_ask);
    until(&t, nothing_is_made);
    assert_false(a.came || other.came);
    assert_int_equal(facts_of(&t).clones, 2);
    assert_int_equal(facts_of(&t).ready, 0);
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

static int all_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_runtime_becomes_a_template_and_its_clones_run),
        cmocka_unit_test(who_finds_none_waits_for_the_next),
        cmocka_unit_test(who_does_not_want_his_clone_any_more_is_not_called),
        cmocka_unit_test(another_size_of_the_work_folder_is_made_to_order),
        cmocka_unit_test(the_pool_follows_demand_and_gives_way_under_pressure),
        cmocka_unit_test(without_a_budget_every_clone_is_made_when_asked_for),
        cmocka_unit_test(a_clone_that_dies_while_it_waits_is_replaced),
    };
    return cmocka_run_group_tests(tests, house_set_up, house_tear_down);
}

int main(int argc, char **argv)
{
    return house_main(argc, argv, all_tests);
}

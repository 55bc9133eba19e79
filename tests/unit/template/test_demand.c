/* How many clones are kept ready, as a matter of arithmetic. */
#include "template/demand.h"

#include "unit.h"

#define MS     UINT64_C(1000000)
#define SECOND (1000 * MS)

static const uint64_t start = 12345 * SECOND;

static void take(struct demand *d, uint64_t at_ns, size_t times)
{
    for (size_t i = 0; i < times; i++)
        demand_take(d, at_ns);
}

static void one_is_ready_though_nobody_has_asked(void **state)
{
    (void)state;
    struct demand d = {0};
    assert_int_equal(demand_target(&d, start, 3000), 1);
    assert_int_equal(demand_target(&d, 0, 0), 1);
}

static void one_after_the_other_needs_one(void **state)
{
    (void)state;
    struct demand d = {0};
    for (size_t i = 0; i < 100; i++)
        demand_take(&d, start + i * SECOND);
    assert_int_equal(demand_target(&d, start + 100 * SECOND, 3000), 1);
}

static void a_burst_is_remembered(void **state)
{
    (void)state;
    struct demand d = {0};
    take(&d, start, 8);
    assert_int_equal(demand_target(&d, start, 3000), 8);
    assert_int_equal(demand_target(&d, start + SECOND, 3000), 8); /* rounded up */
    take(&d, start + SECOND, 2);                                  /* a smaller one takes nothing away */
    assert_in_range(demand_target(&d, start + 2 * SECOND, 3000), 7, 8);
}

static void a_burst_across_two_halves_counts_whole(void **state)
{
    (void)state;
    struct demand d = {0};
    take(&d, start, 1);
    take(&d, start + 24 * MS, 5);
    take(&d, start + 26 * MS, 5);
    assert_int_equal(demand_target(&d, start + 26 * MS, 3000), 11);
    take(&d, start + 500 * MS, 5);
    assert_in_range(demand_target(&d, start + 500 * MS, 3000), 10, 11);
}

static void steady_load_keeps_what_it_needs(void **state)
{
    (void)state;
    struct demand d = {0};
    for (uint64_t i = 0; i < 4000; i++) /* 400 in a second, for ten seconds */
        demand_take(&d, start + i * SECOND / 400);
    assert_in_range(demand_target(&d, start + 10 * SECOND, 3000), 10, 21);
}

static void what_takes_long_to_make_needs_more_in_reserve(void **state)
{
    (void)state;
    struct demand d = {0};
    take(&d, start, 4);
    assert_int_equal(demand_target(&d, start, 50000), 4);
    assert_int_equal(demand_target(&d, start, 100000), 8);
    assert_int_equal(demand_target(&d, start, 110000), 9);
    assert_int_equal(demand_target(&d, start, UINT64_MAX), 256);
    assert_int_equal(demand_target(&d, start + 600 * SECOND, UINT64_MAX), 1); /* a quiet house is quiet */
}

static void the_pool_shrinks_to_one_when_nobody_asks(void **state)
{
    (void)state;
    struct demand d = {0};
    size_t last = 20;
    take(&d, start, 20);
    for (uint64_t s = 0; s <= 600; s++) {
        size_t target = demand_target(&d, start + s * SECOND, 3000);
        assert_true(target <= last && target >= 1);
        last = target;
        if (s == 10)
            assert_true(target > 10);
        if (s == 60)
            assert_true(target <= 2);
    }
    assert_int_equal(last, 1);
}

static void there_is_a_bound(void **state)
{
    (void)state;
    struct demand d = {0};
    take(&d, start, 100000);
    assert_int_equal(demand_target(&d, start, 3000), 256);
}

static void a_clock_that_stands_still_does_no_harm(void **state)
{
    (void)state;
    struct demand d = {0};
    take(&d, 0, 3);
    assert_int_equal(demand_target(&d, 0, 0), 3);
    d.peak_ns = 10;
    assert_int_equal(demand_target(&d, 5, 0), 3);
}

static void everyone_gets_one_before_anyone_gets_two(void **state)
{
    (void)state;
    struct allotment a[] = {
        {.wanted = 10, .bytes = 10}, {.wanted = 1, .bytes = 30}, {.wanted = 2, .bytes = 10}};
    demand_allot(a, 3, 65);
    assert_int_equal(a[0].given, 2);
    assert_int_equal(a[1].given, 1);
    assert_int_equal(a[2].given, 1);
    demand_allot(a, 3, 1000);
    assert_int_equal(a[0].given, 10);
    assert_int_equal(a[1].given, 1);
    assert_int_equal(a[2].given, 2);
}

static void no_budget_means_none(void **state)
{
    (void)state;
    struct allotment a[] = {{.wanted = 10}, {.wanted = 1, .bytes = 30}};
    demand_allot(a, 2, 0);
    assert_int_equal(a[0].given, 0);
    assert_int_equal(a[1].given, 0);
    demand_allot(a, 2, 29);
    assert_int_equal(a[1].given, 0);
}

static void the_first_is_made_to_be_measured(void **state)
{
    (void)state;
    struct allotment a[] = {{.wanted = 10}, {.wanted = 0}};
    demand_allot(a, 2, 1000);
    assert_int_equal(a[0].given, 1);
    assert_int_equal(a[1].given, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_is_ready_though_nobody_has_asked),
        cmocka_unit_test(one_after_the_other_needs_one),
        cmocka_unit_test(a_burst_is_remembered),
        cmocka_unit_test(a_burst_across_two_halves_counts_whole),
        cmocka_unit_test(steady_load_keeps_what_it_needs),
        cmocka_unit_test(what_takes_long_to_make_needs_more_in_reserve),
        cmocka_unit_test(the_pool_shrinks_to_one_when_nobody_asks),
        cmocka_unit_test(there_is_a_bound),
        cmocka_unit_test(a_clock_that_stands_still_does_no_harm),
        cmocka_unit_test(everyone_gets_one_before_anyone_gets_two),
        cmocka_unit_test(no_budget_means_none),
        cmocka_unit_test(the_first_is_made_to_be_measured),
    };
    return unit_run(tests);
}

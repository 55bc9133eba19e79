#include "unit.h"

#include "executor/cpu.h"

#include <sched.h>
#include <string.h>

static int go_anywhere(void **state)
{
    cpu_set_t all;
    (void)state;
    memset(&all, 0xff, sizeof all);
    return sched_setaffinity(0, sizeof all, &all);
}

static int allowed(void)
{
    cpu_set_t set;
    assert_int_equal(sched_getaffinity(0, sizeof set, &set), 0);
    return CPU_COUNT(&set);
}

static void a_quiet_executor_stays_and_a_busy_one_may_go_anywhere(void **state)
{
    (void)state;
    struct cpu_choice choice = {0};
    int all = allowed();
    cpu_choose(&choice, 1);
    assert_int_equal(allowed(), 1);
    cpu_choose(&choice, 2);
    assert_int_equal(allowed(), 1);
    cpu_choose(&choice, 3);
    assert_int_equal(allowed(), all);
    cpu_choose(&choice, 2);
    assert_int_equal(allowed(), all);
    cpu_choose(&choice, 1);
    assert_int_equal(allowed(), 1);
}

static void it_chooses_again_between_two_runs_now_and_then(void **state)
{
    (void)state;
    struct cpu_choice choice = {0};
    int all = allowed();
    cpu_choose(&choice, 1);
    cpu_choose(&choice, 0);
    assert_int_equal(allowed(), 1);
    choice.since_ns -= UINT64_C(2000000000);
    cpu_choose(&choice, 1);
    assert_int_equal(allowed(), 1);
    cpu_choose(&choice, 0);
    assert_int_equal(allowed(), all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_quiet_executor_stays_and_a_busy_one_may_go_anywhere, go_anywhere),
        cmocka_unit_test_setup(it_chooses_again_between_two_runs_now_and_then, go_anywhere),
    };
    return unit_run(tests);
}

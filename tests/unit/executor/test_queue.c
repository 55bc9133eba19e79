#include "unit.h"

#include "executor/queue.h"

static struct queue queue;
static struct queue_entry entries[64];

static int setup(void **state)
{
    (void)state;
    queue = (struct queue){.most = 32, .line_most = 8, .line_running_most = 2, .bytes_most = 1000};
    memset(entries, 0, sizeof entries);
    return 0;
}

/* Everything is taken and done, so that each line is freed. */
static int teardown(void **state)
{
    (void)state;
    struct queue_entry *e;
    queue.line_running_most = UINT32_MAX;
    while ((e = queue_take(&queue)))
        queue_done(&queue, e);
    assert_int_equal(queue.count, 0);
    assert_int_equal(queue.bytes, 0);
    assert_null(queue.turn);
    return 0;
}

static int add(int entry, const char *who)
{
    return queue_add(&queue, who, &entries[entry]);
}

static void expect_next(int entry)
{
    struct queue_entry *e = queue_take(&queue);
    assert_ptr_equal(e, &entries[entry]);
    queue_done(&queue, e);
}

static void clients_take_turns_however_long_their_lines(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++)
        assert_int_equal(add(i, "greedy"), 0);
    assert_int_equal(add(10, "modest"), 0);
    assert_int_equal(add(20, "third"), 0);
    assert_int_equal(add(11, "modest"), 0);
    static const int order[] = {0, 10, 20, 1, 11, 2, 3};
    for (size_t i = 0; i < array_length(order); i++)
        expect_next(order[i]);
    assert_null(queue_take(&queue));
}

static void the_place_says_how_many_are_served_before(void **state)
{
    (void)state;
    static const int all[] = {0, 1, 2, 3, 10, 20, 11};
    for (int i = 0; i < 4; i++)
        add(i, "greedy");
    add(10, "modest");
    add(20, "third");
    add(11, "modest");
    for (uint32_t served = 0; served < array_length(all); served++) {
        bool seen[array_length(all) + 2] = {false};
        for (size_t i = 0; i < array_length(all) - served; i++) {
            /* The places of those who wait are 1, 2, 3, ... and the first of them is taken next. */
            struct queue_entry *first = NULL;
            for (size_t j = 0; j < array_length(all); j++) {
                struct queue_entry *e = &entries[all[j]];
                if (e->bytes == 0 && queue_place(&queue, e) == i + 1) {
                    assert_false(seen[i + 1]);
                    seen[i + 1] = true;
                    first = i == 0 ? e : first;
                }
            }
            assert_true(seen[i + 1]);
        }
        struct queue_entry *e = NULL;
        for (size_t j = 0; j < array_length(all); j++)
            if (entries[all[j]].bytes == 0 && queue_place(&queue, &entries[all[j]]) == 1)
                e = &entries[all[j]];
        assert_ptr_equal(queue_take(&queue), e);
        queue_done(&queue, e);
        e->bytes = SIZE_MAX; /* marks it as served for this test */
    }
}

static void a_client_has_only_so_many_running(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++)
        add(i, "a");
    add(10, "b");
    assert_ptr_equal(queue_take(&queue), &entries[0]);
    assert_ptr_equal(queue_take(&queue), &entries[10]);
    assert_ptr_equal(queue_take(&queue), &entries[1]);
    assert_null(queue_take(&queue));
    queue_done(&queue, &entries[0]);
    assert_ptr_equal(queue_take(&queue), &entries[2]);
    queue_done(&queue, &entries[1]);
    queue_done(&queue, &entries[2]);
    queue_done(&queue, &entries[10]);
}

static void the_bounds_of_line_queue_and_bytes_hold(void **state)
{
    (void)state;
    for (int i = 0; i < 8; i++)
        assert_int_equal(add(i, "a"), 0);
    assert_int_equal(add(8, "a"), -EAGAIN);
    assert_int_equal(add(8, "b"), 0);
    entries[9].bytes = 1001;
    assert_int_equal(add(9, "b"), -EAGAIN);
    entries[9].bytes = 1000;
    assert_int_equal(add(9, "b"), 0);
    entries[10].bytes = 1;
    assert_int_equal(add(10, "b"), -EAGAIN);
    queue.most = queue.count;
    entries[11].bytes = 0;
    assert_int_equal(add(11, "c"), -EAGAIN);
}

static void without_a_queue_one_is_still_passed_through(void **state)
{
    (void)state;
    queue.most = 0;
    assert_int_equal(add(0, "a"), 0);
    assert_int_equal(add(1, "a"), -EAGAIN);
    assert_ptr_equal(queue_take(&queue), &entries[0]);
    queue_done(&queue, &entries[0]);
}

static void one_can_be_taken_out_anywhere(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++)
        add(i, "a");
    queue_remove(&queue, &entries[3]);
    queue_remove(&queue, &entries[1]);
    assert_int_equal(add(5, "a"), 0);
    expect_next(0);
    expect_next(2);
    expect_next(5);
    add(6, "b");
    queue_remove(&queue, &entries[6]);
    assert_null(queue.turn);
}

static void one_that_is_put_back_is_next(void **state)
{
    (void)state;
    add(0, "a");
    add(1, "a");
    add(10, "b");
    struct queue_entry *e = queue_take(&queue);
    assert_ptr_equal(e, &entries[0]);
    queue_put_back(&queue, e);
    assert_int_equal(queue_place(&queue, e), 1);
    expect_next(0);
    expect_next(10);
    expect_next(1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(clients_take_turns_however_long_their_lines),
        TEST(a_client_has_only_so_many_running),
        TEST(the_bounds_of_line_queue_and_bytes_hold),
        TEST(without_a_queue_one_is_still_passed_through),
        TEST(one_can_be_taken_out_anywhere),
        TEST(one_that_is_put_back_is_next),
        cmocka_unit_test_setup(the_place_says_how_many_are_served_before, setup),
    };
    return unit_run(tests);
}

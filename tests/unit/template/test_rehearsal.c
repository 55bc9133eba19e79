/* The rehearsal of a template: what one clone touches, the next have touched before their run. */
#include "house.h"

#include "sandbox/internal.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>

enum { PAGE = 4096, WRITTEN = 200 };
/* Long before the end, so that the memory is not just the end of the heap. */
#define WRITES_ON_ORDER                                                                                      \
    IMPORT "memory = bytearray(b'x') * (200 * 4096)\n"                                                       \
           "os.write(4, b'ready\\n')\n"                                                                      \
           "order = os.read(3, 4096)\n"                                                                      \
           "for at in range(0, len(memory), 4096): memory[at] = 1\n"                                         \
           "os.write(1, b'got ' + order)\n"                                                                  \
           "os._exit(7)\n"

static const struct generation *serving(const struct under_test *t)
{
    return t->templates->items[0].serving;
}

static bool has_rehearsed(const struct under_test *t)
{
    return serving(t) && serving(t)->clones == 1 && !serving(t)->rehearsal;
}

static bool rehearses(const struct under_test *t)
{
    return serving(t) && serving(t)->rehearsal;
}

/* Pages of private memory that the process alone has: it wrote them. */
static size_t pages_written(pid_t pid)
{
    char path[48], line[512];
    size_t n = 0;
    snprintf(path, sizeof path, "/proc/%d/pagemap", pid);
    cleanup_fd int pagemap = open(path, O_RDONLY | O_CLOEXEC);
    snprintf(path, sizeof path, "/proc/%d/maps", pid);
    FILE *maps = fopen(path, "re");
    assert_true(maps && pagemap >= 0);
    while (fgets(line, sizeof line, maps)) {
        uint64_t from, to, entry;
        char modes[5];
        assert_int_equal(sscanf(line, "%" SCNx64 "-%" SCNx64 " %4s", &from, &to, modes), 3);
        for (; !strcmp(modes, "rw-p") && from < to; from += PAGE)
            if (pread(pagemap, &entry, sizeof entry, (off_t)(from / PAGE * sizeof entry)) == sizeof entry)
                n += entry >> 63 && entry >> 56 & 1;
    }
    fclose(maps);
    return n;
}

static size_t pages_written_before_the_order(struct under_test *t)
{
    struct answer answer;
    take(t, &answer);
    wait_for_answer(t, &answer);
    size_t n = pages_written(pidfd_number(program_pidfd(answer.clone.program)));
    use(t, &answer);
    return n;
}

static void clones_have_written_what_the_rehearsal_wrote(void **state)
{
    (void)state;
    struct under_test t;
    prepare(&t, WRITES_ON_ORDER);
    t.options.pool_bytes = 0;
    open_templates(&t);
    until(&t, is_warm);
    assert_in_range(pages_written_before_the_order(&t), 1, WRITTEN - 1);
    end(&t);

    prepare(&t, WRITES_ON_ORDER);
    t.options.pool_bytes = 0;
    language.template.rehearsal = "/phial/rehearsal";
    open_templates(&t);
    until(&t, has_rehearsed);
    for (int i = 0; i < 3; i++)
        assert_in_range(pages_written_before_the_order(&t), WRITTEN, TOUCH_WRITTEN_MOST);
    assert_int_equal(facts_of(&t).faults, 0);
    end(&t);
}

/* Twice the pages that are touched at most. */
static void a_rehearsal_that_writes_very_much_costs_each_clone_no_more_than_the_bound(void **state)
{
    (void)state;
    struct under_test t;
    prepare(&t, IMPORT "memory = bytearray(b'x') * (2048 * 4096)\n"
                       "os.write(4, b'ready\\n')\n"
                       "order = os.read(3, 4096)\n"
                       "for at in range(0, len(memory), 4096): memory[at] = 1\n"
                       "os.write(1, b'got ' + order)\n"
                       "os._exit(7)\n");
    t.options.pool_bytes = 0;
    language.template.rehearsal = "/phial/rehearsal";
    open_templates(&t);
    until(&t, has_rehearsed);
    assert_in_range(pages_written_before_the_order(&t), WRITTEN, TOUCH_WRITTEN_MOST + WRITTEN);
    end(&t);
}

static void a_rehearsal_that_kills_itself_changes_nothing(void **state)
{
    (void)state;
    struct under_test t;
    prepare(&t, IMPORT "os.write(4, b'ready\\n')\n"
                       "order = os.read(3, 4096)\n"
                       "if b'rehearsal' in order: os.kill(os.getpid(), 9)\n"
                       "os.write(1, b'got ' + order)\n"
                       "os._exit(7)\n");
    t.options.pool_bytes = 0;
    language.template.rehearsal = "/phial/rehearsal";
    open_templates(&t);
    until(&t, has_rehearsed);
    take_and_use(&t);
    assert_int_equal(facts_of(&t).faults, 0);
    end(&t);
}

static void all_can_be_closed_in_the_midst_of_a_rehearsal(void **state)
{
    (void)state;
    struct under_test t;
    prepare(&t, IMPORT "os.write(4, b'ready\\n')\n"
                       "order = os.read(3, 4096)\n"
                       "if b'rehearsal' in order: time.sleep(1000)\n"
                       "os.write(1, b'got ' + order)\n"
                       "os._exit(7)\n");
    language.template.rehearsal = "/phial/rehearsal";
    open_templates(&t);
    until(&t, rehearses);
    take_and_use(&t); /* nobody waits for it */
    assert_true(rehearses(&t));
    end(&t);
}

static int all_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clones_have_written_what_the_rehearsal_wrote),
        cmocka_unit_test(a_rehearsal_that_writes_very_much_costs_each_clone_no_more_than_the_bound),
        cmocka_unit_test(a_rehearsal_that_kills_itself_changes_nothing),
        cmocka_unit_test(all_can_be_closed_in_the_midst_of_a_rehearsal),
    };
    return cmocka_run_group_tests(tests, house_set_up, house_tear_down);
}

int main(int argc, char **argv)
{
    return house_main(argc, argv, all_tests);
}

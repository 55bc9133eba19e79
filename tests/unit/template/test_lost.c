/* Templates that die in the midst of making a clone: at each system call that one makes for it, and at any
 * moment. A clone that nobody has heard of must not outlive its box, and its box must end. */
#include "house.h"

#include "sandbox/internal.h"

#include <dirent.h>
#include <poll.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>

enum { CALLS_MOST = 64, TRIES = 8 };

/* But those of the networks that are kept for boxes to come. */
static size_t open_descriptors(void)
{
    size_t n = 0;
    DIR *list = opendir("/proc/self/fd");
    assert_non_null(list);
    while (readdir(list))
        n++;
    closedir(list);
    return n - 2 * house_ground()->network_count;
}

static bool an_order_is_under_way(const struct under_test *t)
{
    const struct making *m = t->templates->items[0].makings;
    return m && m->from && m->from->orders == 1;
}

static pid_t warm_template(struct under_test *t)
{
    prepare(t, IMPORT "threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()\n" SERVE);
    t->options.pool_bytes = 0;
    open_templates(t);
    until(t, is_warm);
    return pidfd_number(template_pidfd(t->templates->items[0].serving->template));
}

static void await_stop(pid_t pid)
{
    int status = 0;
    assert_int_equal(waitpid(pid, &status, __WALL), pid);
    assert_true(WIFSTOPPED(status));
}

/* The call at which it has stopped, and whether it is done. */
static long call_at(pid_t pid, bool *done)
{
    struct user_regs_struct registers;
    assert_int_equal(ptrace(PTRACE_GETREGS, pid, NULL, &registers), 0);
    *done = (long)registers.rax != -ENOSYS; /* ptrace(2): what rax is at the begin of one */
    return (long)registers.orig_rax;
}

static void one_more_works(struct under_test *t, struct answer *answer)
{
    wait_for_answer(t, answer);
    if (!answer->none)
        use(t, answer);
    until(t, the_second_serves);
    until(t, nothing_is_made);
    until(t, nothing_ends);
    take_and_use(t);
    end(t);
}

/* Lets it go through `calls` ends and begins of system calls with an order, and kills it there. False when it
 * was through with the order before. */
static bool die_after(int calls, bool *was_lost)
{
    struct under_test t;
    struct answer answer;
    pid_t pid = warm_template(&t);
    assert_int_equal(ptrace(PTRACE_SEIZE, pid, NULL, PTRACE_O_TRACESYSGOOD), 0);
    assert_int_equal(ptrace(PTRACE_INTERRUPT, pid, NULL, NULL), 0);
    await_stop(pid);
    assert_int_equal(take(&t, &answer), 0);
    until(&t, an_order_is_under_way);
    bool done = false, cloned = false, again = false;
    long call = -1;
    for (int i = 0; i < calls && !again; i++) {
        assert_int_equal(ptrace(PTRACE_SYSCALL, pid, NULL, NULL), 0);
        await_stop(pid);
        call = call_at(pid, &done);
        cloned |= call == SYS_clone3;
        again = cloned && call == SYS_recvmsg;
    }
    *was_lost |= call == SYS_clone3 && done; /* it lives, and nobody knows of it */
    template_kill(t.templates->items[0].serving->template);
    one_more_works(&t, &answer);
    return !again;
}

static void a_template_may_die_at_each_of_its_system_calls(void **state)
{
    (void)state;
    size_t before = open_descriptors();
    bool was_lost = false;
    int calls = 0;
    while (die_after(calls, &was_lost)) {
        assert_int_equal(open_descriptors(), before);
        assert_true(++calls < CALLS_MOST);
    }
    assert_true(was_lost);
    assert_int_equal(open_descriptors(), before);
}

static void a_template_may_die_at_any_moment(void **state)
{
    (void)state;
    size_t before = open_descriptors();
    for (int i = 0; i < TRIES; i++) {
        struct under_test t;
        struct answer answer;
        (void)warm_template(&t);
        assert_int_equal(take(&t, &answer), 0);
        while (!an_order_is_under_way(&t) && !answer.came)
            event_base_loop(t.loop, EVLOOP_ONCE);
        nanosleep(&(struct timespec){0, i * 3000000 / TRIES}, NULL);
        template_kill(t.templates->items[0].serving->template);
        one_more_works(&t, &answer);
        assert_int_equal(open_descriptors(), before);
    }
}

static int all_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_template_may_die_at_each_of_its_system_calls),
        cmocka_unit_test(a_template_may_die_at_any_moment),
    };
    return cmocka_run_group_tests(tests, house_set_up, house_tear_down);
}

int main(int argc, char **argv)
{
    return house_main(argc, argv, all_tests);
}

#include "sandbox/internal.h"
#include "sandbox/seccomp_table.h"

#include "unit.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <linux/filter.h>

static void a_filter_is_compiled_once_and_kept(void **state)
{
    (void)state;
    struct filter f;
    struct error err = {0};
    assert_int_equal(filter_compile(&f, NULL, &err), 0);
    assert_true(f.count > 100 && f.count < BPF_MAXINSNS);
    assert_true(f.reachable > 150 && f.reachable < 230);
    assert_int_equal(memfd_check_sealed(f.bpf), 0);
    filter_close(&f);
    assert_int_equal(f.bpf, -1);
}

static void a_language_can_add_a_call_but_not_open_a_wall(void **state)
{
    (void)state;
    struct filter plain, more;
    struct error err = {0};
    static const char *const harmless[] = {"ioprio_get", NULL};
    assert_int_equal(filter_compile(&plain, NULL, &err), 0);
    assert_int_equal(filter_compile(&more, harmless, &err), 0);
    assert_int_equal(more.reachable, plain.reachable + 1);
    filter_close(&plain);
    filter_close(&more);
    static const char *const bad[] = {"ptrace", "mount",  "bpf",      "io_uring_setup", "socket",
                                      "clone",  "clone3", "sendfile", "setsockopt",     "no_such_call"};
    for (size_t i = 0; i < array_length(bad); i++) {
        const char *const extra[] = {bad[i], NULL};
        assert_int_equal(filter_compile(&more, extra, &err), -EINVAL);
        assert_non_null(strstr(err.text, bad[i]));
    }
}

/* Runs `act` in a child under the filter; gives its exit code, or 1000 and the signal that killed it. */
static int under_filter(int (*act)(void))
{
    pid_t pid = fork();
    if (pid == 0) {
        static struct sock_filter code[BPF_MAXINSNS];
        struct filter f;
        struct sock_fprog program = {.filter = code};
        if (filter_compile(&f, NULL, NULL) < 0 || pread_all(f.bpf, code, f.count * sizeof code[0], 0) < 0)
            _exit(99);
        program.len = (unsigned short)f.count;
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
        if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) < 0)
            _exit(98);
        _exit(act());
    }
    int status;
    waitpid(pid, &status, 0);
    return WIFSIGNALED(status) ? 1000 + WTERMSIG(status) : WEXITSTATUS(status);
}

static int refused_with(long result, int error)
{
    return result < 0 && errno == error ? 0 : 1;
}
static int old_calls(void)
{
    return refused_with(unshare(CLONE_NEWUTS), EPERM) +
           refused_with(mount("a", "/tmp", "tmpfs", 0, NULL), EPERM) +
           refused_with(syscall(SYS_ptrace, 0, 0, 0, 0), EPERM) +
           refused_with(syscall(SYS_keyctl, 0, 0, 0, 0), EPERM) +
           refused_with(socket(AF_INET, SOCK_DGRAM, 0), EPERM) +
           refused_with(socket(AF_UNIX, SOCK_DGRAM, 0), EPERM);
}
static int new_calls(void)
{
    return refused_with(syscall(SYS_clone3, NULL, 0), ENOSYS) + refused_with(syscall(457), ENOSYS) +
           refused_with(syscall(100000), ENOSYS);
}
static int ordinary_calls(void)
{
    int pair[2];
    return getpid() > 0 && socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0 ? 0 : 1;
}
/* The upper half of a register must not decide: the kernel looks at 32 bits of an int argument. */
static int upper_half(void)
{
    return refused_with(syscall(SYS_socket, AF_INET | 1l << 40, SOCK_STREAM, 0), EPERM) +
           refused_with(syscall(SYS_personality, 0x0040000l | 1l << 40), EPERM);
}
static int other_abi(void)
{
    return (int)syscall(SYS_getpid | 0x40000000);
}

static void old_calls_get_eperm_new_ones_enosys(void **state)
{
    (void)state;
    assert_int_equal(under_filter(old_calls), 0);
    assert_int_equal(under_filter(new_calls), 0);
    assert_int_equal(under_filter(ordinary_calls), 0);
    assert_int_equal(under_filter(upper_half), 0);
}

static void another_abi_kills(void **state)
{
    (void)state;
    assert_int_equal(under_filter(other_abi), 1000 + SIGSYS);
}

/* What the kernel would do with the tree: its verdict, or VERDICT_LOOK when it goes on behind it. */
static uint32_t play(const struct sock_filter *code, int count, uint32_t call)
{
    for (int at = 0; at < count; at++) {
        if (code[at].code == (BPF_RET | BPF_K))
            return code[at].k;
        assert_int_equal(code[at].code, BPF_JMP | BPF_JGE | BPF_K);
        at += call >= code[at].k ? code[at].jt : code[at].jf;
    }
    return VERDICT_LOOK;
}

static void the_tree_gives_every_call_its_verdict(void **state)
{
    (void)state;
    static const uint32_t verdicts[] = {SECCOMP_RET_ALLOW, SECCOMP_RET_ERRNO | EPERM, VERDICT_LOOK};
    struct sock_filter code[BPF_MAXINSNS];
    struct call_table table;
    srand(1);
    for (int round = 0; round < 300; round++) {
        int longest = 4 + round % 200;
        for (int call = 0, left = 0, which = 0; call < CALLS_KNOWN; call++, left--) {
            if (left <= 0) {
                which = rand() % 3;
                left = 4 + rand() % longest;
            }
            table.verdicts[call] = verdicts[which];
        }
        int count = call_table_compile(&table, code, BPF_MAXINSNS);
        if (count == -EINVAL) /* all the same */
            continue;
        assert_true(count > 0);
        for (uint32_t call = 0; call < CALLS_KNOWN; call++)
            assert_int_equal(play(code, count, call), table.verdicts[call]);
        assert_int_equal(call_table_compile(&table, code, (size_t)count - 1), -E2BIG);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_filter_is_compiled_once_and_kept),
        cmocka_unit_test(a_language_can_add_a_call_but_not_open_a_wall),
        cmocka_unit_test(old_calls_get_eperm_new_ones_enosys),
        cmocka_unit_test(another_abi_kills),
        cmocka_unit_test(the_tree_gives_every_call_its_verdict),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

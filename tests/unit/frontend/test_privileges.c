/* What the frontend can still do once it has given everything up. Each attempt is made in a child of its own.
 */
#include "frontend/privileges.h"
#include "unit.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

/* Each returns 0 when it could. */
static int cannot_write_a_file(void)
{
    return openat(AT_FDCWD, "/x", O_CREAT | O_WRONLY, 0600) < 0;
}
static int cannot_see_a_file(void)
{
    return access("/etc/passwd", F_OK) < 0;
}
static int cannot_make_a_socket(void)
{
    return socket(AF_INET, SOCK_STREAM, 0) < 0;
}
static int cannot_become_root(void)
{
    return setresuid(0, 0, 0) < 0;
}
static int cannot_make_code(void)
{
    return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED;
}
static int cannot_make_a_thread(void)
{
    return syscall(SYS_clone, CLONE_VM | SIGCHLD, NULL, NULL, NULL, 0) < 0;
}
static int cannot_signal_another(void)
{
    return kill(getppid(), 0) < 0;
}
static int cannot_leave_its_root(void)
{
    return chroot("/") < 0;
}
static int cannot_connect(void)
{
    return connect(0, NULL, 0) < 0 && errno == EPERM;
}
static int cannot_raise_a_limit(void)
{
    return prctl(PR_SET_DUMPABLE, 1) < 0;
}
static int tells_the_time(void) /* the one that it must be able to do */
{
    struct timespec t;
    return clock_gettime(CLOCK_MONOTONIC, &t) == 0;
}
static int cannot_run_a_program(void)
{
    execl("/bin/true", "true", NULL);
    return 1;
}
static int cannot_fork(void)
{
    return syscall(SYS_fork) < 0;
}
static int cannot_trace(void)
{
    return syscall(SYS_ptrace, 0, 0, 0, 0) < 0;
}
static int cannot_mount(void)
{
    return syscall(SYS_mount, "x", "/", "tmpfs", 0, NULL) < 0;
}

static const struct {
    const char *name;
    int (*attempt)(void);
    bool deadly; /* the filter ends the process */
} rows[] = {
    {"write a file", cannot_write_a_file, false},
    {"see a file", cannot_see_a_file, false},
    {"make a socket", cannot_make_a_socket, false},
    {"become root", cannot_become_root, false},
    {"make code", cannot_make_code, false},
    {"make a thread", cannot_make_a_thread, false},
    {"signal another", cannot_signal_another, false},
    {"leave its root", cannot_leave_its_root, false},
    {"connect", cannot_connect, false},
    {"be dumped", cannot_raise_a_limit, false},
    {"tell the time", tells_the_time, false},
    {"run a program", cannot_run_a_program, true},
    {"fork", cannot_fork, true},
    {"trace", cannot_trace, true},
    {"mount", cannot_mount, true},
};

/* 0 when the drop worked and the attempt failed; else the child's exit code, or 128 and the signal. */
static int in_child(int (*attempt)(void))
{
    pid_t pid = fork();
    if (pid == 0) {
        struct error err;
        struct privileges p = {.user = "nobody", .files_most = 64};
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (privileges_drop(&p, &err) < 0 || filter_install(&err) < 0) {
            fprintf(stderr, "%s\n", err.text);
            _exit(100);
        }
        _exit(attempt() ? 0 : 1);
    }
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static void nothing_is_left_but_sockets_and_the_clock(void **state)
{
    (void)state;
    if (geteuid() != 0)
        skip();
    for (size_t i = 0; i < array_length(rows); i++) {
        int got = in_child(rows[i].attempt), want = rows[i].deadly ? 128 + SIGSYS : 0;
        if (got != want)
            print_error("%s: %d, not %d\n", rows[i].name, got, want);
        assert_int_equal(got, want);
    }
}

static void descriptors_that_are_not_named_are_closed(void **state)
{
    (void)state;
    if (geteuid() != 0)
        skip();
    pid_t pid = fork();
    if (pid == 0) {
        int kept = fcntl(0, F_DUPFD, 20),
            others[] = {fcntl(0, F_DUPFD, 3), fcntl(0, F_DUPFD, 19), fcntl(0, F_DUPFD, 40)};
        struct error err;
        struct privileges p = {.user = "nobody", .files_most = 64, .keep = &kept, .keep_count = 1};
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        int bad =
            privileges_drop(&p, &err) < 0 || fcntl(kept, F_GETFD) != FD_CLOEXEC || fcntl(2, F_GETFD) < 0;
        for (size_t i = 0; i < array_length(others); i++)
            bad |= fcntl(others[i], F_GETFD) >= 0;
        _exit(bad);
    }
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

static void root_is_no_user_for_it(void **state)
{
    (void)state;
    struct error err;
    struct privileges p = {.user = "root", .files_most = 64};
    assert_int_equal(privileges_drop(&p, &err), -EINVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_left_but_sockets_and_the_clock),
        cmocka_unit_test(descriptors_that_are_not_named_are_closed),
        cmocka_unit_test(root_is_no_user_for_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

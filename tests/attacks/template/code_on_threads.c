// attack: has each thread of the process, by a signal, try what only a privileged or unfiltered thread could do
// expect: status=ok stdout=contained
// with: attack.h
// with: runtime.h
// host: unshared
#include "runtime.h"
#include <linux/capability.h>
#include <linux/seccomp.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>

enum { ATTEMPTS = 18 };
static const char *const names[ATTEMPTS] = {
    "setresuid 0",   "capset", "unshare user", "unshare mnt", "setns",       "mount",
    "clone newuser", "clone3", "ptrace",       "vm_readv",    "pidfd_getfd", "seccomp new",
    "socket inet",   "bpf",    "io_uring",     "keyctl",      "chroot",      "signal init"};
static volatile long results[ATTEMPTS];
static volatile int errors[ATTEMPTS], done;

/* In the thread that the signal came to; system calls only. */
static void attempt_all(int number)
{
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct all[2] = {{~0u, ~0u, ~0u}, {~0u, ~0u, ~0u}};
    char buffer[256];
    int at = 0;
    (void)number;
#define ATTEMPT(...) (results[at] = syscall(__VA_ARGS__), errors[at] = errno, at++)
    ATTEMPT(SYS_setresuid, 0, 0, 0);
    ATTEMPT(SYS_capset, &header, all);
    ATTEMPT(SYS_unshare, CLONE_NEWUSER);
    ATTEMPT(SYS_unshare, CLONE_NEWNS);
    ATTEMPT(SYS_setns, 0, 0);
    ATTEMPT(SYS_mount, "none", "/tmp", "tmpfs", 0, 0);
    ATTEMPT(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0);
    if (results[at - 1] == 0)
        syscall(SYS_exit_group, 0);
    ATTEMPT(SYS_clone3, buffer, 88);
    ATTEMPT(SYS_ptrace, PTRACE_TRACEME, 0, 0, 0);
    ATTEMPT(SYS_process_vm_readv, getpid(), NULL, 0, NULL, 0, 0);
    ATTEMPT(SYS_pidfd_getfd, 0, 0, 0);
    ATTEMPT(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, buffer);
    ATTEMPT(SYS_socket, AF_INET, SOCK_STREAM, 0);
    ATTEMPT(SYS_bpf, 0, buffer, sizeof buffer);
    ATTEMPT(SYS_io_uring_setup, 1, buffer);
    ATTEMPT(SYS_keyctl, 0, -3, 0, 0, 0);
    ATTEMPT(SYS_chroot, "/tmp");
    ATTEMPT(SYS_kill, 1, SIGCONT);
    done = 1;
}

static bool allowed(int at)
{
    if (results[at] >= 0)
        return at ==
               ATTEMPTS -
                   1; /* init takes signals from its run where Landlock has no scopes: it ignores them */
    return errors[at] == EPERM || errors[at] == ENOSYS || errors[at] == EACCES || errors[at] == ESRCH;
}

static bool attack(pid_t thread)
{
    done = 0;
    if (syscall(SYS_tgkill, getpid(), thread, SIGUSR2) < 0)
        return false;
    for (int i = 0; i < 200 && !done; i++)
        sleep_ms(5);
    if (!done)
        return false;
    for (int i = 0; i < ATTEMPTS; i++) {
        tried();
        if (!allowed(i) && results[i] >= 0)
            breach("thread %d: %s gave %ld", thread, names[i], results[i]);
        else if (!allowed(i))
            wrong("thread %d: %s: %s", thread, names[i], strerror(errors[i]));
    }
    return true;
}

int main(void)
{
    pid_t threads[NUMBERS_MOST];
    struct sigaction action = {.sa_handler = attempt_all, .sa_flags = SA_ONSTACK | SA_RESTART};
    size_t n = numbers_in("/proc/self/task", threads), reached = 0;
    sigaction(SIGUSR2, &action, NULL);
    for (size_t i = 0; i < n; i++) {
        bool was = attack(threads[i]);
        reached += was;
        if (!was)
            printf("thread %d takes no signal\n", threads[i]);
    }
    printf("%zu threads, %zu reached\n", n, reached);
    if (reached == 0 || reached + 2 < n)
        wrong("too few threads were reached");
    return finish();
}

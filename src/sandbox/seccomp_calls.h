/* The system calls of the house's filter, as data. A call that stands in no list is refused with EPERM when
 * Linux 5.17 or older had it, with ENOSYS when it is newer, so that libc's fallbacks work. */
#ifndef PHIAL_SANDBOX_SECCOMP_CALLS_H
#define PHIAL_SANDBOX_SECCOMP_CALLS_H

#include <errno.h>

/* Allowed with any arguments. What is not here and why: file locks, leases, inotify and fanotify work on
 * inodes of the shared image and so are channels between runs; mincore, readahead, preadv2, cachestat tell or
 * change what the shared page cache holds; splice, tee and vmsplice lend pages to a pipe that the executor
 * reads; io_uring, userfaultfd, bpf, perf, keyctl, System V IPC and message queues are large or shared parts
 * of the kernel that no lesson needs. */
static const char *const calls_allowed[] = {
    /* files and folders */
    "read",
    "write",
    "readv",
    "writev",
    "pread64",
    "pwrite64",
    "preadv",
    "pwritev",
    "lseek",
    "open",
    "openat",
    "openat2",
    "creat",
    "close",
    "close_range",
    "stat",
    "fstat",
    "lstat",
    "newfstatat",
    "statx",
    "access",
    "faccessat",
    "faccessat2",
    "getdents",
    "getdents64",
    "getcwd",
    "chdir",
    "fchdir",
    "rename",
    "renameat",
    "renameat2",
    "mkdir",
    "mkdirat",
    "rmdir",
    "link",
    "linkat",
    "unlink",
    "unlinkat",
    "symlink",
    "symlinkat",
    "readlink",
    "readlinkat",
    "chmod",
    "fchmod",
    "fchmodat",
    "chown",
    "fchown",
    "lchown",
    "fchownat",
    "umask",
    "truncate",
    "ftruncate",
    "fallocate",
    "fsync",
    "fdatasync",
    "sync_file_range",
    "utime",
    "utimes",
    "utimensat",
    "futimesat",
    "statfs",
    "fstatfs",
    "copy_file_range",

    "getxattr",
    "lgetxattr",
    "fgetxattr",
    "listxattr",
    "llistxattr",
    "flistxattr",
    "dup",
    "dup2",
    "dup3",
    "pipe",
    "pipe2",
    /* memory */
    "brk",
    "mprotect",
    "munmap",
    "mremap",
    "msync",
    "mlock",
    "mlock2",
    "munlock",
    /* waiting */
    "select",
    "pselect6",
    "poll",
    "ppoll",
    "epoll_create",
    "epoll_create1",
    "epoll_ctl",
    "epoll_wait",
    "epoll_pwait",
    "epoll_pwait2",
    "eventfd",
    "eventfd2",
    "signalfd",
    "signalfd4",
    "timerfd_create",
    "timerfd_settime",
    "timerfd_gettime",
    "nanosleep",
    "clock_nanosleep",
    "pause",
    "restart_syscall",
    /* time */
    "clock_gettime",
    "clock_getres",
    "gettimeofday",
    "time",
    "times",
    "getitimer",
    "setitimer",
    "alarm",
    "timer_create",
    "timer_settime",
    "timer_gettime",
    "timer_getoverrun",
    "timer_delete",
    /* signals */
    "rt_sigaction",
    "rt_sigprocmask",
    "rt_sigreturn",
    "rt_sigpending",
    "rt_sigsuspend",
    "rt_sigtimedwait",
    "rt_sigqueueinfo",
    "rt_tgsigqueueinfo",
    "sigaltstack",
    "kill",
    "tgkill",
    "tkill",
    "pidfd_open",
    "pidfd_send_signal",
    /* processes and threads */
    "fork",
    "vfork",
    "execve",
    "execveat",
    "exit",
    "exit_group",
    "wait4",
    "waitid",
    "getpid",
    "getppid",
    "gettid",
    "getpgid",
    "getpgrp",
    "setpgid",
    "getsid",
    "setsid",
    "getuid",
    "geteuid",
    "getgid",
    "getegid",
    "getresuid",
    "getresgid",
    "getgroups",
    "capget",
    "getrlimit",
    "getrusage",
    "getpriority",
    "setpriority",
    "sched_yield",
    "sched_getaffinity",
    "sched_setaffinity",
    "sched_getparam",
    "sched_getscheduler",
    "sched_getattr",
    "sched_get_priority_max",
    "sched_get_priority_min",
    "sched_rr_get_interval",
    "getcpu",
    "futex",
    "futex_waitv",
    "set_robust_list",
    "get_robust_list",
    "set_tid_address",
    "rseq",
    /* the system */
    "uname",
    "sysinfo",
    "getrandom",
    /* sockets of the run's own: which kinds, socket and socketpair say */
    "connect",
    "accept",
    "accept4",
    "bind",
    "listen",
    "getsockname",
    "getpeername",
    "shutdown",
    "getsockopt",
};

/* No language may add these, nor the calls whose arguments are checked: each would open a wall for all. */
static const char *const calls_forbidden[] = {
    "acct",
    "add_key",
    "adjtimex",
    "bpf",
    "chroot",
    "clock_adjtime",
    "clock_settime",

    "delete_module",
    "fanotify_init",
    "fanotify_mark",

    "finit_module",
    "flock",
    "fsconfig",
    "fsmount",
    "fsopen",
    "fspick",
    "init_module",
    "inotify_add_watch",
    "inotify_init",
    "inotify_init1",
    "io_setup",
    "io_uring_enter",
    "io_uring_register",
    "io_uring_setup",

    "ioperm",
    "iopl",
    "kcmp",
    "kexec_file_load",
    "kexec_load",
    "keyctl",
    "lookup_dcookie",
    "mincore",

    "modify_ldt",
    "mount",
    "mount_setattr",
    "move_mount",
    "move_pages",
    "mq_open",
    "msgget",
    "name_to_handle_at",
    "open_by_handle_at",
    "open_tree",
    "perf_event_open",

    "pidfd_getfd",
    "pivot_root",

    "preadv2",
    "process_madvise",
    "process_mrelease",
    "process_vm_readv",
    "process_vm_writev",
    "ptrace",
    "quotactl",
    "quotactl_fd",
    "readahead",
    "reboot",
    "request_key",
    "seccomp",
    "semget",
    "setdomainname",
    "setfsgid",
    "setfsuid",
    "setgid",
    "setgroups",
    "sethostname",
    "setns",
    "setregid",
    "setresgid",
    "setresuid",
    "setreuid",

    "settimeofday",
    "setuid",
    "shmget",

    "splice",
    "swapoff",
    "swapon",
    "sync",
    "syncfs",
    "syslog",
    "tee",
    "umount2",
    "unshare",
    "userfaultfd",
    "vhangup",
    "vmsplice",
};

/* Allowed when one argument has one of these values. */
struct call_values {
    const char *name;
    unsigned argument;
    const unsigned long *values;
    unsigned count;
};
#define VALUES(...)                                                                                          \
    (const unsigned long[]){__VA_ARGS__}, sizeof((const unsigned long[]){__VA_ARGS__}) / sizeof(long)

static const struct call_values calls_with_values[] = {
    /* isatty, size of a terminal, bytes waiting, non-blocking, close-on-exec */
    {"ioctl", 1, VALUES(0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)},
    /* F_DUPFD F_GETFD F_SETFD F_GETFL, F_DUPFD_CLOEXEC, F_GETPIPE_SZ, F_ADD_SEALS F_GET_SEALS: no
     * locks, no leases, no owner of signals, no larger pipe */
    {"fcntl", 1, VALUES(0, 1, 2, 3, 1030, 1032, 1033, 1034)},
    /* PR_SET_PDEATHSIG PR_GET_PDEATHSIG PR_GET_DUMPABLE PR_GET_KEEPCAPS PR_SET_NAME PR_GET_NAME
     * PR_GET_SECCOMP PR_CAPBSET_READ PR_GET_SECUREBITS PR_SET_TIMERSLACK PR_GET_TIMERSLACK
     * PR_SET_NO_NEW_PRIVS PR_GET_NO_NEW_PRIVS PR_SET_VMA */
    {"prctl", 0, VALUES(1, 2, 3, 7, 15, 16, 21, 23, 27, 29, 30, 38, 39, 0x53564d41)},
    /* only the question what it is */
    {"personality", 0, VALUES(0xffffffff)},
    /* not MERGEABLE (12): pages merged between runs can be timed; not COLD, PAGEOUT, COLLAPSE (20, 21, 25):
     * they reach pages of the shared image */
    {"madvise", 2, VALUES(0, 1, 2, 3, 4, 8, 9, 10, 11, 13, 14, 15, 16, 17, 18, 19, 22, 23)},
    /* not DONTNEED (4): it empties the shared page cache */
    {"fadvise64", 3, VALUES(0, 1, 2, 3, 5)},
    /* QUERY and what reaches the caller's own process */
    {"membarrier", 0, VALUES(0, 8, 16, 32, 64, 128, 256)},
    /* ARCH_SET_GS ARCH_SET_FS ARCH_GET_FS ARCH_GET_GS */
    {"arch_prctl", 0, VALUES(0x1001, 0x1002, 0x1003, 0x1004)},
};

/* Allowed when (argument & mask) == value, for each of up to two arguments. */
struct call_mask {
    const char *name;
    unsigned argument;
    unsigned long mask, value;
    unsigned argument2;
    unsigned long mask2, value2;
};
static const struct call_mask calls_with_masks[] = {
    /* no new namespace of any kind, no tracing, no brother (CLONE_PARENT: the executor would be its parent)
     */
    {"clone", 0, 0x7E020000 | 0x80 | 0x2000 | 0x800000 | 0x8000, 0, 0, 0, 0},
    {"mmap", 3, 0x40000, 0, 0, 0, 0},                      /* not MAP_HUGETLB: another pool of memory */
    {"memfd_create", 1, ~0x1bul & 0xffffffff, 0, 0, 0, 0}, /* not MFD_HUGETLB */
    {"prlimit64", 2, ~0ul, 0, 0, 0xffffffff, 0},           /* only to ask, only of itself */
    {"mknod", 1, 0170000, 0010000, 0, 0, 0},               /* only FIFOs */
    {"mknodat", 2, 0170000, 0010000, 0, 0, 0},
    /* AF_UNIX streams only: a datagram socket with SO_PASSCRED binds itself an abstract name */
    {"socket", 0, 0xffffffff, 1, 1, 0xf, 1},
    {"socketpair", 0, 0xffffffff, 1, 1, 0xf, 1},
    /* F_SETFL without O_DIRECT (a packet for each byte that the executor reads) and O_ASYNC */
    {"fcntl", 1, 0xffffffff, 4, 2, 040000 | 020000, 0},
    /* no MSG_OOB: out-of-band data of Unix sockets has been a way out of sandboxes (CVE-2025-38236) */
    {"sendto", 3, 1, 0, 0, 0, 0},
    {"sendmsg", 2, 1, 0, 0, 0, 0},
    {"sendmmsg", 3, 1, 0, 0, 0, 0},
    {"recvfrom", 3, 1, 0, 0, 0, 0},
    {"recvmsg", 2, 1, 0, 0, 0, 0},
    {"recvmmsg", 3, 1, 0, 0, 0, 0},
};
/* Refused with an errno of their own, at which libraries fall back. clone3's flags lie in memory, where a
 * filter cannot look: libc falls back to clone. sendfile into a pipe is a splice (fs/splice.c): libuv and
 * Python read and write instead. */
static const struct {
    const char *name;
    unsigned error;
} calls_with_errors[] = {{"clone3", ENOSYS}, {"sendfile", EINVAL}};

/* setsockopt: SOL_SOCKET with REUSEADDR, SNDBUF, RCVBUF, KEEPALIVE, LINGER, PASSCRED, RCVTIMEO, SNDTIMEO; no
 * socket filters. */
static const unsigned long socket_options[] = {2, 7, 8, 9, 13, 16, 20, 21, 66, 67};

#endif

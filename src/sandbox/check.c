/* The look from outside: before code is let in, the executor reads what the kernel says of the process, and
 * trusts nothing that the process says of itself. */
#include "sandbox/internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

/* Linux 6.13 tells it without a file: include/uapi/linux/pidfd.h, which older headers lack. */
struct pidfd_info_v0 {
    uint64_t mask, cgroupid;
    uint32_t pid, tgid, ppid, ids[9];
};
_Static_assert(sizeof(struct pidfd_info_v0) == 64, "PIDFD_INFO_SIZE_VER0");
#define GET_PIDFD_INFO _IOWR(0xFF, 11, struct pidfd_info_v0)

pid_t pidfd_number(int pidfd)
{
    struct pidfd_info_v0 info = {.mask = 1}; /* PIDFD_INFO_PID */
    if (ioctl(pidfd, GET_PIDFD_INFO, &info) == 0 && info.mask & 1 && info.pid > 0)
        return (pid_t)info.pid;
    char path[64], text[512];
    snprintf(path, sizeof path, "/proc/self/fdinfo/%d", pidfd);
    cleanup_fd int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t k = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
    if (k < 0)
        return -errno;
    text[k] = 0;
    char *line = strstr(text, "\nPid:");
    long pid = line ? strtol(line + 5, NULL, 10) : 0;
    return pid > 0 ? (pid_t)pid : -ESRCH;
}

static int check_status(pid_t pid, const struct expectation *want, struct error *err)
{
    char uid[128], text[4096];
    snprintf(uid, sizeof uid, "%u\t%u\t%u\t%u", want->uid, want->uid, want->uid, want->uid);
    const struct {
        const char *field, *value;
    } expected[] = {
        {"\nUid:\t", uid},
        {"\nGid:\t", uid},
        {"\nGroups:\t", " "},
        {"\nThreads:\t", "1"},
        {"\nCapInh:\t", "0000000000000000"},
        {"\nCapPrm:\t", "0000000000000000"},
        {"\nCapEff:\t", "0000000000000000"},
        {"\nCapBnd:\t", "0000000000000000"},
        {"\nCapAmb:\t", "0000000000000000"},
        {"\nNoNewPrivs:\t", "1"},
        {"\nSeccomp:\t", "2"}, /* SECCOMP_MODE_FILTER */
    };
    char path[32];
    snprintf(path, sizeof path, "/proc/%d/status", pid);
    cleanup_fd int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t k = fd < 0 ? -1 : read_all(fd, text, sizeof text - 1);
    if (k < 0)
        return error_set(err, fd < 0 ? errno : (int)-k, "check from outside: read status: %m");
    text[k] = 0;
    for (size_t i = 0; i < array_length(expected); i++) {
        const char *at = strstr(text, expected[i].field);
        size_t n = at ? strcspn(at + strlen(expected[i].field), "\n") : 0;
        const char *value = at ? at + strlen(expected[i].field) : "";
        if (n != strlen(expected[i].value) || strncmp(value, expected[i].value, n))
            return error_set(err, EPERM, "check from outside: %s is '%.*s', not '%s'", expected[i].field + 1,
                             (int)n, value, expected[i].value);
    }
    return 0;
}

/* Listing makes an entry and an inode in proc for each descriptor, which cost more than all else here and
 * must be flushed when the process is reaped. Since Linux 6.2 (commit f1f1f2569901) the folder's size is
 * their count: when it is the number allowed there is none too many, and the list is only read to say which
 * one is. */
static bool count_is_right(const char *path, const struct expectation *want)
{
    struct stat s;
    return stat(path, &s) == 0 && s.st_size > 0 && (size_t)s.st_size == want->fds + 1;
}

static int check_descriptors(pid_t pid, const struct expectation *want, struct error *err)
{
    char path[32];
    snprintf(path, sizeof path, "/proc/%d/fd", pid);
    if (count_is_right(path, want))
        return 0;
    DIR *list = opendir(path);
    if (!list)
        return error_set(err, errno, "check from outside: list descriptors: %m");
    int r = 0;
    for (struct dirent *e; r == 0 && (e = readdir(list));) {
        if (e->d_name[0] == '.')
            continue;
        long n = strtol(e->d_name, NULL, 10);
        if (n >= (long)want->fds && n != want->extra)
            r = error_set(err, EPERM, "check from outside: descriptor %ld is open", n);
    }
    closedir(list);
    return r;
}

int check_from_outside(int pidfd, const struct expectation *want, struct error *err)
{
    pid_t pid = pidfd_number(pidfd);
    if (pid < 0)
        return error_set(err, -pid, "check from outside: the process's number: %m");
    /* The number could be a later process's only if ours had been reaped, and it is we
     * who reap it. */
    int r = check_status(pid, want, err);
    return r < 0 ? r : check_descriptors(pid, want, err);
}

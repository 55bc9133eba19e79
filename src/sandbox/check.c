/* The look from outside: before code is let in, the executor reads what the kernel says of the process, and
 * trusts nothing that the process says of itself. Credentials, capabilities and filters belong to threads, so
 * every thread is looked at. */
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

static int compare(const char *text, const char *field, const char *value, struct error *err)
{
    const char *at = strstr(text, field);
    const char *found = at ? at + strlen(field) : "";
    size_t n = strcspn(found, "\n");
    if (n != strlen(value) || strncmp(found, value, n) != 0)
        return error_set(err, EPERM, "check from outside: %s is '%.*s', not '%s'", field + 1, (int)n, found,
                         value);
    return 0;
}

struct status { /* of one task, in text as proc(5) has it */
    char text[4096];
};

/* `task` is a process or a thread: proc has a folder for each, though it lists only the former. */
static int check_status(pid_t task, const struct expectation *want, struct status *status, struct error *err)
{
    char path[32], uid[128], caps[24], filters[16];
    unsigned filter_count = want->inherited_filters + want->filtered;
    snprintf(uid, sizeof uid, "%u\t%u\t%u\t%u", want->uid, want->uid, want->uid, want->uid);
    snprintf(caps, sizeof caps, "%016llx", (unsigned long long)want->capabilities);
    snprintf(filters, sizeof filters, "%u", filter_count);
    const struct {
        const char *field, *value;
    } expected[] = {
        {"\nUid:\t", uid},
        {"\nGid:\t", uid},
        {"\nGroups:\t", " "},
        {"\nCapInh:\t", caps},
        {"\nCapPrm:\t", caps},
        {"\nCapEff:\t", caps},
        {"\nCapBnd:\t", "0000000000000000"},
        {"\nCapAmb:\t", caps},
        {"\nNoNewPrivs:\t", "1"},
        {"\nSeccomp:\t", filter_count > 0 ? "2" : "0"}, /* SECCOMP_MODE_FILTER */
        {"\nSeccomp_filters:\t", filters},
    };
    snprintf(path, sizeof path, "/proc/%d/status", task);
    cleanup_fd int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t k = fd < 0 ? -1 : read_all(fd, status->text, sizeof status->text - 1);
    if (k < 0)
        return error_set(err, fd < 0 ? errno : (int)-k, "check from outside: read status: %m");
    status->text[k] = 0;
    int r = 0;
    for (size_t i = 0; r == 0 && i < array_length(expected); i++)
        r = compare(status->text, expected[i].field, expected[i].value, err);
    return r;
}

int check_own_filters(unsigned *count, struct error *err)
{
    char text[4096];
    cleanup_fd int fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
    ssize_t k = fd < 0 ? -1 : read_all(fd, text, sizeof text - 1);
    if (k < 0)
        return error_set(err, fd < 0 ? errno : (int)-k, "read /proc/self/status: %m");
    text[k] = 0;
    const char *line = strstr(text, "\nSeccomp_filters:\t");
    if (!line || sscanf(line, "\nSeccomp_filters: %u", count) != 1)
        return error_set(err, ENOTSUP, "/proc/self/status has no Seccomp_filters: Linux 5.9 is needed");
    return 0;
}

/* Listing makes an entry and an inode in proc for each descriptor, which cost more than all else here and
 * must be flushed when the process is reaped. Since Linux 6.2 (commit f1f1f2569901) the folder's size is
 * their count: when it is the number allowed there is none too many, and the list is only read to say which
 * one is. */
static bool count_is_right(const char *path, size_t count)
{
    struct stat s;
    return stat(path, &s) == 0 && s.st_size > 0 && (size_t)s.st_size == count;
}

static bool is_allowed(const struct expectation *want, long n)
{
    if (!want->among)
        return n < (long)want->fds || n == want->extra;
    return n < 1024 && want->among[n / 8] >> n % 8 & 1;
}

static int check_descriptors(pid_t pid, const struct expectation *want, struct error *err)
{
    char path[32];
    snprintf(path, sizeof path, "/proc/%d/fd", pid);
    if (!want->list && count_is_right(path, want->fds + 1))
        return 0;
    DIR *list = opendir(path);
    if (!list)
        return error_set(err, errno, "check from outside: list descriptors: %m");
    int r = 0;
    long strangers = 0;
    for (struct dirent *e; r == 0 && (e = readdir(list));) {
        long n = strtol(e->d_name, NULL, 10);
        if (e->d_name[0] == '.' || is_allowed(want, n))
            continue;
        if (++strangers > (want->among ? 1 : 0)) /* a clone's gate stands where there was room */
            r = error_set(err, EPERM, "check from outside: descriptor %ld is open", n);
    }
    closedir(list);
    return r;
}

int check_from_outside(int pidfd, const struct expectation *want, struct error *err)
{
    struct status status;
    pid_t pid = pidfd_number(pidfd);
    if (pid < 0)
        return error_set(err, -pid, "check from outside: the process's number: %m");
    /* The number could be a later process's only if ours had been reaped, and it is we who reap it. */
    int r = check_status(pid, want, &status, err);
    if (r == 0)
        r = compare(status.text, "\nThreads:\t", "1", err);
    return r < 0 ? r : check_descriptors(pid, want, err);
}

/* ---- a clone ---- */

static long number_of(const struct status *status, const char *field)
{
    const char *at = strstr(status->text, field);
    return at ? strtol(at + strlen(field), NULL, 10) : -1;
}

/* The holder (src/template/engine/holder.c): a child that holds no descriptor. */
static int check_holder(pid_t task, const struct status *status, pid_t clone, struct error *err)
{
    char path[32];
    if (number_of(status, "\nTgid:\t") != task || number_of(status, "\nPPid:\t") != clone)
        return error_set(err, EPERM, "check from outside: task %d is none of the clone's", task);
    snprintf(path, sizeof path, "/proc/%d/fd", task);
    DIR *list = opendir(path);
    if (!list)
        return error_set(err, errno, "check from outside: list descriptors: %m");
    int r = 0;
    for (struct dirent *e; r == 0 && (e = readdir(list));)
        if (e->d_name[0] != '.')
            r = error_set(err, EPERM, "check from outside: descriptor %s of its child is open", e->d_name);
    closedir(list);
    return r;
}

/* Every task in the run's group: the box's init, each thread of the clone, the holder, and no other. The
 * group's list is one file; a listing of /proc/PID/task would make an entry below the clone's folder for each
 * thread, and to flush one folder that several dying tasks have entries in is what makes reaping slow (they
 * wait for one another: fs/dcache.c, shrink_dcache_parent()). */
int check_clone(const struct box *b, int pidfd, const struct expectation *want, struct error *err)
{
    enum { TASKS_MOST = 256 };
    pid_t tasks[TASKS_MOST], clone = pidfd_number(pidfd), init = pidfd_number(b->init);
    ssize_t count = cgroup_tasks(b->cgroup, tasks, TASKS_MOST);
    if (clone < 0 || init < 0 || count < 0)
        return error_set(err, count < 0 ? (int)-count : ESRCH, "check from outside: list tasks: %m");
    size_t threads = 0, inits = 0, holders = 0;
    int r = 0;
    for (ssize_t i = 0; r == 0 && i < count; i++) {
        struct status status;
        r = check_status(tasks[i], want, &status, err);
        if (r < 0)
            break;
        if (number_of(&status, "\nTgid:\t") == clone)
            threads++;
        else if (tasks[i] == init)
            inits++;
        else if (++holders)
            r = check_holder(tasks[i], &status, clone, err);
    }
    if (r == 0 && (threads != want->threads || inits != 1 || holders != 1))
        r = error_set(err, EPERM,
                      "check from outside: %zu threads, %zu inits and %zu others, not %zu, 1 and 1", threads,
                      inits, holders, want->threads);
    const struct expectation of_init = {.extra = INIT_SOCKET};
    if (r == 0)
        r = check_descriptors(clone, want, err);
    return r < 0 ? r : check_descriptors(init, &of_init, err);
}

/* Programs that build an image: mmdebstrap and mkfs.erofs as they are, the setup commands inside the image.
 */
#include "language/image.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>

enum { LINE_MOST = 512, LAST_LINES = 6, PATIENCE_MS = 5000 };

/* ---- inside the child ---- */

__attribute__((noreturn)) static void child_fault(const char *step)
{
    dprintf(STDERR_FILENO, "E: %s: %s\n", step, strerror(errno));
    _exit(127);
}

static void must(int result, const char *step)
{
    if (result < 0)
        child_fault(step);
}

static void make_devices(void)
{
    static const struct {
        const char *path;
        unsigned minor;
    } devices[] = {{"dev/null", 3}, {"dev/zero", 5}, {"dev/full", 7}, {"dev/random", 8}, {"dev/urandom", 9}};
    umask(0);
    for (size_t i = 0; i < array_length(devices); i++)
        must(mknod(devices[i].path, S_IFCHR | 0666, makedev(1, devices[i].minor)), "make a device");
    umask(022);
}

/* The folder becomes the root; nothing of the host stays mounted. */
static void enter_folder(const char *folder)
{
    must(mount(NULL, "/", NULL, MS_PRIVATE | MS_REC, NULL), "make the mounts private");
    must(mount(folder, folder, NULL, MS_BIND, NULL), "bind the image's folder");
    must(chdir(folder), "enter the image's folder");
    must(mount("proc", "proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL), "mount proc");
    must(mount("tmpfs", "dev", "tmpfs", MS_NOSUID | MS_NOEXEC, "mode=755,size=64k"), "mount dev");
    must(mount("tmpfs", "tmp", "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777"), "mount tmp");
    make_devices();
    must((int)syscall(SYS_pivot_root, ".", "."), "pivot_root");
    must(umount2(".", MNT_DETACH), "unmount the host");
    must(chdir("/"), "enter the image");
}

/* Root without any capability: exec gives root what the bounding set holds, so that is emptied. */
static void drop_privileges(void)
{
    for (int cap = 0; prctl(PR_CAPBSET_READ, cap, 0, 0, 0) >= 0; cap++)
        must(prctl(PR_CAPBSET_DROP, cap, 0, 0, 0), "drop capabilities");
    must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "set no_new_privs");
}

__attribute__((noreturn)) static void child_chrooted(const struct process_options *o)
{
    char *const environment[] = {"PATH=/usr/bin:/usr/sbin", "HOME=/tmp", "LANG=C.UTF-8", NULL};
    must(unshare(CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS), "unshare");
    pid_t pid = fork(); /* the new pid namespace begins with this child */
    must(pid, "fork");
    if (pid > 0) {
        int status;
        while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
            ;
        _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
    }
    must(prctl(PR_SET_PDEATHSIG, SIGKILL), "prctl");
    enter_folder(o->chroot);
    drop_privileges();
    execve(o->argv[0], (char *const *)o->argv, environment);
    child_fault(o->argv[0]);
}

__attribute__((noreturn)) static void child_main(const struct process_options *o, int input, int output)
{
    sigset_t none;
    sigemptyset(&none);
    setpgid(0, 0);
    must(prctl(PR_SET_PDEATHSIG, SIGTERM), "prctl");
    must(dup2(input, STDIN_FILENO), "dup2");
    must(dup2(output, STDOUT_FILENO), "dup2");
    must(dup2(output, STDERR_FILENO), "dup2");
    must((int)syscall(SYS_close_range, 3, ~0U, 0), "close_range");
    must(sigprocmask(SIG_SETMASK, &none, NULL), "sigprocmask");
    if (o->chroot)
        child_chrooted(o);
    setenv("LC_ALL", "C.UTF-8", 1);
    execvp(o->argv[0], (char *const *)o->argv);
    child_fault(o->argv[0]);
}

/* ---- the parent's side ---- */

struct output {
    char line[LINE_MOST];
    size_t size;
    char last[LAST_LINES][LINE_MOST]; /* the last lines; those that begin with "E:" are preferred */
    size_t count;
    bool errors;
};

static void take_line(const struct process_options *o, struct output *out)
{
    out->line[out->size] = 0;
    out->size = 0;
    if (!out->line[0])
        return;
    bool error = !strncmp(out->line, "E: ", 3);
    if (error && !out->errors)
        out->count = 0;
    if (error || !out->errors)
        memcpy(out->last[out->count++ % LAST_LINES], out->line, LINE_MOST);
    out->errors |= error;
    if (o->progress)
        o->progress(o->context, o->image, out->line);
}

static void take_output(const struct process_options *o, struct output *out, const char *data, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (data[i] == '\n' || data[i] == '\r')
            take_line(o, out);
        else if (out->size < LINE_MOST - 1)
            out->line[out->size++] = data[i];
    }
}

static void describe(const struct output *out, char *text, size_t room)
{
    size_t first = out->count > LAST_LINES ? out->count - LAST_LINES : 0, used = 0;
    text[0] = 0;
    for (size_t i = first; i < out->count && used < room; i++)
        used += (size_t)snprintf(text + used, room - used, "%s%s", i > first ? "; " : "",
                                 out->last[i % LAST_LINES]);
}

/* Reads the output to its end. Returns true when a signal to stop came. */
static bool follow(const struct process_options *o, struct output *out, int fd, int signals, pid_t pid)
{
    struct pollfd watch[] = {{.fd = fd, .events = POLLIN}, {.fd = signals, .events = POLLIN}};
    bool stopped = false;
    for (;;) {
        int n = poll(watch, 2, stopped ? PATIENCE_MS : -1);
        if (n < 0 && errno == EINTR)
            continue;
        if (n == 0) {
            kill(-pid, SIGKILL);
            return true;
        }
        if (watch[1].revents && !stopped) {
            stopped = true;
            watch[1].fd = -1;
            kill(-pid, SIGTERM);
        }
        if (!watch[0].revents)
            continue;
        char data[4096];
        ssize_t k = read(fd, data, sizeof data);
        if (k < 0 && errno == EINTR)
            continue;
        if (k <= 0)
            return stopped;
        take_output(o, out, data, (size_t)k);
    }
}

static int input_of(const struct process_options *o)
{
    if (!o->input)
        return open("/dev/null", O_RDONLY | O_CLOEXEC);
    int fd = memfd_sealed("input", o->input, strlen(o->input));
    if (fd < 0) {
        errno = -fd;
        return -1;
    }
    lseek(fd, 0, SEEK_SET);
    return fd;
}

static int finish(const struct process_options *o, struct output *out, pid_t pid, bool stopped,
                  struct error *err)
{
    int status;
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return error_set(err, errno, "wait for %s: %m", o->argv[0]);
    take_line(o, out);
    if (stopped)
        return error_set(err, EINTR, "%s: stopped by a signal", o->argv[0]);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return 0;
    char why[768];
    describe(out, why, sizeof why);
    if (WIFSIGNALED(status))
        return error_set(err, EIO, "%s: killed by signal %d: %s", o->argv[0], WTERMSIG(status), why);
    return error_set(err, EIO, "%s: exit code %d: %s", o->argv[0], WEXITSTATUS(status), why);
}

int process_run(const struct process_options *o, struct error *err)
{
    sigset_t stops;
    sigemptyset(&stops);
    sigaddset(&stops, SIGINT);
    sigaddset(&stops, SIGTERM);
    sigaddset(&stops, SIGHUP);
    cleanup_fd int signals = signalfd(-1, &stops, SFD_CLOEXEC | SFD_NONBLOCK);
    cleanup_fd int input = input_of(o);
    int ends[2];
    if (signals < 0 || input < 0 || pipe2(ends, O_CLOEXEC) < 0)
        return error_set(err, errno, "start %s: %m", o->argv[0]);
    cleanup_fd int reader = ends[0], writer = ends[1];
    cleanup_free struct output *out = calloc(1, sizeof *out);
    if (!out)
        return error_set(err, ENOMEM, "start %s: %m", o->argv[0]);
    pid_t pid = fork();
    if (pid < 0)
        return error_set(err, errno, "start %s: %m", o->argv[0]);
    if (pid == 0)
        child_main(o, input, writer);
    setpgid(pid, pid);
    close_fd(&writer);
    bool stopped = follow(o, out, reader, signals, pid);
    return finish(o, out, pid, stopped, err);
}

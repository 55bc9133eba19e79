#include "bench.h"
#include "language/language.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>

static char own_group[128],
    machine_usage[PATH_MAX + 32]; /* of the program; set once by machine_enter(), _prepare() */

#define CPUACCT "/sys/fs/cgroup/cpuacct"

static int machine_ns(uint64_t *ns)
{
    if (read_number_at(AT_FDCWD, machine_usage, ns) >= 0)
        return 0;
    cleanup_free char *text = NULL;
    size_t size;
    int r = read_file_at(AT_FDCWD, "/sys/fs/cgroup/cpu.stat", 65536, &text, &size, NULL);
    if (r < 0)
        return r;
    unsigned long long microseconds;
    if (sscanf(text, "usage_usec %llu", &microseconds) != 1)
        return -EPROTO;
    *ns = microseconds * 1000;
    return 0;
}

int machine_cpu(struct cpu_time *t)
{
    int r = machine_ns(&t->machine_ns);
    t->has_own = read_number_at(AT_FDCWD, CPUACCT "/cpuacct.usage", &t->own_ns) >= 0 && own_group[0];
    return r;
}

const char *machine_model(void)
{
    static char line[512];
    struct utsname name;
    char model[128] = "unknown processor";
    cleanup_free char *text = NULL;
    size_t size;

    uname(&name);
    if (read_file_at(AT_FDCWD, "/proc/cpuinfo", 1 << 20, &text, &size, NULL) >= 0) {
        const char *found = strstr(text, "model name");
        if (found)
            sscanf(found, "model name : %127[^\n]", model);
    }
    snprintf(line, sizeof line, "Linux %s, %ld x %s", name.release, sysconf(_SC_NPROCESSORS_ONLN), model);
    return line;
}

static int mount_image(struct bench *b, const char *image, const char *name, char root[static PATH_MAX],
                       struct error *err)
{
    int n = snprintf(root, PATH_MAX, "%s/%s", b->work, name);
    if (n < 0 || n >= PATH_MAX)
        return error_set(err, ENAMETOOLONG, "%s/%s", b->work, name);
    if (mkdir(root, 0755) < 0)
        return error_set(err, errno, "mkdir: %s: %m", root);
    return image_mount(b->images, image, root, err);
}

/* A bare Erlang wants /dev/null. */
static int mount_system(const char *root, struct error *err)
{
    char at[PATH_MAX + 16];
    snprintf(at, sizeof at, "%s/proc", root);
    if (mount("proc", at, "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0)
        return error_set(err, errno, "mount proc: %s: %m", at);
    snprintf(at, sizeof at, "%s/dev", root);
    if (mount("/dev", at, NULL, MS_BIND, NULL) < 0)
        return error_set(err, errno, "bind /dev: %s: %m", at);
    return 0;
}

/* On a cgroup v1 host all that we start is counted in a group of our own: the group is mounted over the root
 * of its hierarchy, for us and our children alone, so that phial and crun make their groups in it. The whole
 * machine's count stays within reach elsewhere. */
static int count_own(const char *work, struct error *err)
{
    char at[PATH_MAX + 16], procs[PATH_MAX + 32];
    snprintf(at, sizeof at, "%s/cpuacct", work);
    snprintf(procs, sizeof procs, "%s/cgroup.procs", own_group);
    if (write_file_at(AT_FDCWD, procs, "0", err) < 0)
        return -err->code;
    if (mkdir(at, 0700) < 0 || mount(CPUACCT, at, NULL, MS_BIND, NULL) < 0 ||
        mount(own_group, CPUACCT, NULL, MS_BIND, NULL) < 0)
        return error_set(err, errno, "mount %s over " CPUACCT ": %m", own_group);
    snprintf(machine_usage, sizeof machine_usage, "%s/cpuacct.usage", at);
    return 0;
}

static void remove_own_group(void)
{
    static const char *const below[] = {"/phial/e0", "/phial/e63", "/phial", ""};
    char path[PATH_MAX];
    for (size_t i = 0; own_group[0] && i < array_length(below); i++) {
        snprintf(path, sizeof path, "%s%s", own_group, below[i]);
        rmdir(path);
    }
}

/* As an executor does it: a child that is init of a pid namespace goes on; the parent waits for it. */
int machine_enter(struct error *err)
{
    if (geteuid() != 0)
        return error_set(err, EPERM, "the bench makes sandboxes: run it as root");
    int r = cgroup_leave_root(err);
    if (r < 0)
        return r;
    snprintf(own_group, sizeof own_group, CPUACCT "/phial-bench-%d", (int)getpid());
    if (mkdir(own_group, 0755) < 0)
        own_group[0] = 0; /* a v2 host */
    if (unshare(CLONE_NEWPID) < 0)
        return error_set(err, errno, "unshare the pid namespace: %m");
    pid_t pid = fork();
    if (pid < 0)
        return error_set(err, errno, "fork: %m");
    if (pid > 0) {
        int status;
        while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
            ;
        remove_own_group();
        _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
    }
    if (unshare(CLONE_NEWNS) < 0)
        return error_set(err, errno, "unshare the mount namespace: %m");
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
        return error_set(err, errno, "make mounts private: %m");
    if (mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0)
        return error_set(err, errno, "mount /proc: %m");
    return 0;
}

int machine_prepare(struct bench *b, struct error *err)
{
    strcpy(b->work, "/tmp/phial-bench.XXXXXX");
    if (!mkdtemp(b->work))
        return error_set(err, errno, "mkdtemp: %s: %m", b->work);
    if (chmod(b->work, 0711) < 0)
        return error_set(err, errno, "chmod: %s: %m", b->work);
    if (mount("tmpfs", b->work, "tmpfs", 0, "mode=711") < 0)
        return error_set(err, errno, "mount tmpfs: %s: %m", b->work);
    int r = own_group[0] ? count_own(b->work, err) : 0;
    if (r >= 0)
        r = mount_image(b, "bash", "true", b->true_root, err);
    if (r >= 0)
        r = mount_image(b, "elixir", "elixir", b->elixir_root, err);
    if (r >= 0)
        r = mount_image(b, "elixir", "elixir-bare", b->elixir_bare_root, err);
    return r < 0 ? r : mount_system(b->elixir_bare_root, err);
}

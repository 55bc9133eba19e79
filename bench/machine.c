#include "bench.h"
#include "language/language.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/utsname.h>

int machine_cpu_ns(uint64_t *ns)
{
    static const char *const v1[] = {"/sys/fs/cgroup/cpuacct/cpuacct.usage",
                                     "/sys/fs/cgroup/cpu,cpuacct/cpuacct.usage"};
    for (size_t i = 0; i < array_length(v1); i++)
        if (read_number_at(AT_FDCWD, v1[i], ns) >= 0)
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

int machine_prepare(struct bench *b, struct error *err)
{
    if (geteuid() != 0)
        return error_set(err, EPERM, "the bench makes sandboxes: run it as root");
    if (unshare(CLONE_NEWNS) < 0)
        return error_set(err, errno, "unshare the mount namespace: %m");
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
        return error_set(err, errno, "make mounts private: %m");
    strcpy(b->work, "/tmp/phial-bench.XXXXXX");
    if (!mkdtemp(b->work))
        return error_set(err, errno, "mkdtemp: %s: %m", b->work);
    if (mount("tmpfs", b->work, "tmpfs", 0, "mode=755") < 0)
        return error_set(err, errno, "mount tmpfs: %s: %m", b->work);
    int r = mount_image(b, "bash", "true", b->true_root, err);
    if (r >= 0)
        r = mount_image(b, "elixir", "elixir", b->elixir_root, err);
    if (r >= 0)
        r = mount_image(b, "elixir", "elixir-bare", b->elixir_bare_root, err);
    return r < 0 ? r : mount_system(b->elixir_bare_root, err);
}

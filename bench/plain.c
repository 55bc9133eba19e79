/* The others: fork and exec, bubblewrap, crun; each as its own users call it. */
#include "bench.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>

/* What the scripts `elixir` and `erl` come to; phial's image has no use for the scripts themselves. */
static const char elixir_command[] =
    "ROOTDIR=/usr/lib/erlang EMU=beam PROGNAME=erl; BINDIR=$(echo /usr/lib/erlang/erts-*/bin);"
    "export ROOTDIR EMU PROGNAME BINDIR;"
    "exec $BINDIR/erlexec -noshell -elixir_root /usr/lib/elixir/lib -pa /usr/lib/elixir/lib/elixir/ebin "
    "-s elixir start_cli -extra -e 'IO.puts(1 + 1)'";

bool plain_has(const char *program)
{
    const char *path = getenv("PATH");
    while (path && *path) {
        size_t n = strcspn(path, ":");
        char file[PATH_MAX];
        snprintf(file, sizeof file, "%.*s/%s", (int)n, path, program);
        if (access(file, X_OK) == 0)
            return true;
        path += n + (path[n] == ':');
    }
    return false;
}

static const char *const run_env[] = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/tmp", "LANG=C.UTF-8",
                                      NULL};

/* In the child of a vfork: memory is the parent's, so nothing but system calls. */
static _Noreturn void become(const char *root, const char *const *argv, int null)
{
    if (dup2(null, 0) < 0 || dup2(null, 1) < 0)
        _exit(126);
    if (root && (chroot(root) < 0 || chdir("/") < 0))
        _exit(126);
    execvpe(argv[0], (char *const *)argv, (char *const *)run_env);
    _exit(127);
}

/* Forks, enters `root` if given, execs, and waits. What the program prints is dropped as in all other
 * subjects. vfork, so that the size of this program is not on the others' account. */
static int run(const char *root, const char *const *argv, struct error *err)
{
    cleanup_fd int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null < 0)
        return error_set(err, errno, "open /dev/null: %m");
    pid_t pid = vfork();
    if (pid == 0)
        become(root, argv, null);
    if (pid < 0)
        return error_set(err, errno, "fork: %m");
    int status;
    if (waitpid(pid, &status, 0) < 0)
        return error_set(err, errno, "wait for %s: %m", argv[0]);
    if (status != 0)
        return error_set(err, ECHILD, "%s ended with wait status 0x%x", argv[0], (unsigned)status);
    return 0;
}

int run_true_bare(struct bench *b, struct error *err)
{
    return run(b->true_root, (const char *[]){"/usr/bin/true", NULL}, err);
}

int run_elixir_bare(struct bench *b, struct error *err)
{
    return run(b->elixir_bare_root, (const char *[]){"/bin/sh", "-c", elixir_command, NULL}, err);
}

static int bubblewrap(const char *root, const char *const *command, size_t count, struct error *err)
{
    const char *argv[32] = {"bwrap", "--unshare-all", "--ro-bind", root,      "/",   "--proc",
                            "/proc", "--dev",         "/dev",      "--tmpfs", "/tmp"};
    memcpy(argv + 11, command, count * sizeof *command);
    return run(NULL, argv, err);
}

int run_true_bubblewrap(struct bench *b, struct error *err)
{
    return bubblewrap(b->true_root, (const char *[]){"/usr/bin/true"}, 1, err);
}

int run_elixir_bubblewrap(struct bench *b, struct error *err)
{
    return bubblewrap(b->elixir_root, (const char *[]){"/bin/sh", "-c", elixir_command}, 3, err);
}

/* crun refuses hosts where cgroup v1 and v2 both have controllers. In our own mount namespace v2 can be
 * hidden from it; it then does as on a v1 host. */
static void hide_hybrid_cgroup(void)
{
    if (access("/sys/fs/cgroup/unified/cgroup.controllers", R_OK) == 0)
        umount2("/sys/fs/cgroup/unified", MNT_DETACH);
}

/* Phial's images have no /sys to mount on. */
static void drop_sys_mounts(json_t *mounts)
{
    for (size_t i = json_array_size(mounts); i-- > 0;) {
        const char *at = json_string_value(json_object_get(json_array_get(mounts, i), "destination"));
        if (at && strncmp(at, "/sys", 4) == 0)
            json_array_remove(mounts, i);
    }
}

/* What `crun spec` proposes, with our image as root, our program, no terminal and no /sys. */
int plain_prepare_crun(struct bench *b, struct error *err)
{
    char file[PATH_MAX + 32];
    json_error_t fault;

    hide_hybrid_cgroup();
    if (asprintf(&b->bundle, "%s/bundle", b->work) < 0)
        return error_set(err, ENOMEM, "crun's bundle");
    if (mkdir(b->bundle, 0700) < 0)
        return error_set(err, errno, "mkdir: %s: %m", b->bundle);
    int here = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (here < 0 || chdir(b->bundle) < 0)
        return error_set(err, errno, "chdir: %s: %m", b->bundle);
    int r = run(NULL, (const char *[]){"crun", "spec", NULL}, err);
    if (fchdir(here) < 0)
        r = error_set(err, errno, "chdir back: %m");
    close(here);
    if (r < 0)
        return r;

    snprintf(file, sizeof file, "%s/config.json", b->bundle);
    json_t *spec = json_load_file(file, 0, &fault);
    if (!spec)
        return error_set(err, EINVAL, "crun's specification: %s", fault.text);
    json_t *process = json_object_get(spec, "process");
    drop_sys_mounts(json_object_get(spec, "mounts"));
    r = json_object_set_new(spec, "root", json_pack("{s:s, s:b}", "path", b->true_root, "readonly", 1)) |
        json_object_set_new(process, "args", json_pack("[s]", "/usr/bin/true")) |
        json_object_set_new(process, "terminal", json_false()) | json_dump_file(spec, file, JSON_INDENT(2));
    json_decref(spec);
    return r == 0 ? 0 : error_set(err, EIO, "write %s", file);
}

int run_true_crun(struct bench *b, struct error *err)
{
    char id[64];
    snprintf(id, sizeof id, "phial-bench-%d", (int)getpid());
    return run(NULL, (const char *[]){"crun", "run", "--bundle", b->bundle, id, NULL}, err);
}

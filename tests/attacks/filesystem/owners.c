// attack: gives files away, makes set-id programs and capabilities on files, runs them
// expect: status=ok stdout=contained
// with: attack.h
// host: unshared
#include "attack.h"
#include <sys/xattr.h>

static void copy_self(const char *to)
{
    static char block[1 << 20];
    int in = open("/proc/self/exe", O_RDONLY | O_CLOEXEC),
        out = open(to, O_CREAT | O_WRONLY | O_CLOEXEC, 0755);
    ssize_t n;
    while ((n = read(in, block, sizeof block)) > 0)
        if (write(out, block, (size_t)n) != n)
            wrong("copy: %s", strerror(errno));
    close(in);
    close(out);
}

int main(int count, char **arguments)
{
    (void)arguments;
    if (count > 1)
        return geteuid() != getuid() || getegid() != getgid();
    copy_self("/tmp/owned");
    static const unsigned users[] = {0, 1, 1000, 65534, 100000, 165536, 4294967294u};
    for (size_t i = 0; i < sizeof users / sizeof *users; i++) {
        STOPPED(chown("/tmp/owned", users[i], (gid_t)-1), EPERM, EINVAL);
        STOPPED(chown("/tmp/owned", (uid_t)-1, users[i]), EPERM, EINVAL);
    }
    static const unsigned char capabilities[20] = {1,    0,    0,    2,    0xff, 0xff,
                                                   0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    STOPPED(setxattr("/tmp/owned", "security.capability", capabilities, sizeof capabilities, 0), EPERM);
    STOPPED(setxattr("/tmp/owned", "trusted.x", "1", 1, 0), EPERM);
    chmod("/tmp/owned", 06755); /* allowed on one's own file, but no right may come of it */
    for (int i = 0; i < 2; i++) {
        pid_t child = fork();
        if (child == 0) {
            if (i == 0)
                execl("/tmp/owned", "owned", "again", (char *)NULL);
            int fd = (int)syscall(SYS_memfd_create, "owned", 0);
            char block[65536];
            int in = open("/tmp/owned", O_RDONLY);
            ssize_t n;
            while ((n = read(in, block, sizeof block)) > 0)
                if (write(fd, block, (size_t)n) != n)
                    _exit(3);
            fchmod(fd, 06755);
            char *const again[] = {"owned", "again", NULL}, *const none[] = {NULL};
            syscall(SYS_execveat, fd, "", again, none, AT_EMPTY_PATH);
            _exit(2);
        }
        int status = 0;
        waitpid(child, &status, 0);
        tried();
        if (WIFEXITED(status) && WEXITSTATUS(status) == 1)
            breach("a set-id program changed the user");
    }
    unlink("/tmp/owned");
    return finish();
}

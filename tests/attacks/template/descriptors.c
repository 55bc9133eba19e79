// attack: looks for a descriptor that leads out: to phial, a namespace, a group, a folder, another run
// expect: status=ok stdout=contained
// with: attack.h
// with: runtime.h
// host: never
#include "runtime.h"
#include <linux/magic.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/statfs.h>

/* What a runtime may hold besides the pipes of its run. */
static bool is_its_own(const char *what)
{
    static const char *const kinds[] = {"pipe:[", "anon_inode:[eventfd]", "anon_inode:[eventpoll]",
                                        "anon_inode:[timerfd]", "socket:["};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (!strncmp(what, kinds[i], strlen(kinds[i])))
            return true;
    return false;
}

/* The image's files, read-only, and the devices of no consequence. */
static void look_at_file(int fd, const char *what)
{
    struct stat s;
    struct statfs fs;
    int flags = fcntl(fd, F_GETFL);
    if (fstat(fd, &s) || fstatfs(fd, &fs))
        return;
    bool device = S_ISCHR(s.st_mode) && (!strcmp(what, "/dev/null") || !strcmp(what, "/dev/urandom"));
    if (!device && !S_ISREG(s.st_mode))
        breach("descriptor %d is %s, mode %o", fd, what, s.st_mode);
    else if (!device && ((flags & O_ACCMODE) != O_RDONLY || flags & O_PATH) && strncmp(what, "/work/", 6))
        breach("descriptor %d, %s, is open for more than reading: %o", fd, what, flags);
    else if (fs.f_type == PROC_SUPER_MAGIC || fs.f_type == CGROUP_SUPER_MAGIC ||
             fs.f_type == CGROUP2_SUPER_MAGIC || fs.f_type == 0x6e736673 /* nsfs */)
        breach("descriptor %d is %s on a file system of type %lx", fd, what, (long)fs.f_type);
}

static void use(int fd)
{
    char byte[64];
    STOPPED_NAMED("fchdir", fchdir(fd), ENOTDIR, EACCES);
    STOPPED_NAMED("setns", syscall(SYS_setns, fd, 0), EPERM);
    STOPPED_NAMED("openat beneath", openat(fd, "..", O_RDONLY | O_CLOEXEC), ENOTDIR);
    STOPPED_NAMED("openat itself", openat(fd, "", O_RDONLY | O_CLOEXEC), ENOENT);
    STOPPED_NAMED("NS_GET_PARENT", ioctl(fd, 0xb702), EPERM, ENOTTY, EINVAL);
    STOPPED_NAMED("pidfd signal", syscall(SYS_pidfd_send_signal, fd, 0, NULL, 0), EPERM, EBADF);
    STOPPED_NAMED("seccomp listener", ioctl(fd, 0xc0502100, byte), EPERM, ENOTTY, EINVAL);
    STOPPED_NAMED("more of a filter", syscall(SYS_pidfd_getfd, fd, 0, 0), EPERM, ENOSYS);
}

/* A socket may reach nothing but a process of this run, and bring no descriptor with it. */
static void look_at_socket(int fd)
{
    struct ucred peer;
    socklen_t size = sizeof peer;
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    tried();
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.uid != getuid())
        breach("descriptor %d leads to user %u, process %d", fd, peer.uid, peer.pid);
    if (getpeername(fd, (struct sockaddr *)&address, &length) == 0 && length > sizeof address.ss_family)
        breach("descriptor %d has a named peer", fd);
    char bytes[256], control[256];
    struct iovec part = {bytes, sizeof bytes};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    if (recvmsg(fd, &message, MSG_DONTWAIT | MSG_PEEK) >= 0 && message.msg_controllen)
        breach("descriptor %d has something waiting that is no bytes", fd);
}

/* What an epoll watches must be a descriptor that is here. */
static void look_at_epoll(int fd)
{
    char path[64], line[256];
    int watched;
    snprintf(path, sizeof path, "/proc/self/fdinfo/%d", fd);
    FILE *f = fopen(path, "re");
    while (f && fgets(line, sizeof line, f))
        if (sscanf(line, "tfd: %d", &watched) == 1 && fcntl(watched, F_GETFD) < 0)
            breach("descriptor %d watches %d, which is closed here", fd, watched);
    if (f)
        fclose(f);
}

int main(void)
{
    pid_t numbers[NUMBERS_MOST];
    size_t n = numbers_in("/proc/self/fd", numbers);
    for (size_t i = 0; i < n; i++) {
        char path[64], what[256] = "";
        snprintf(path, sizeof path, "/proc/self/fd/%d", numbers[i]);
        if (fcntl(numbers[i], F_GETFD) < 0 || readlink(path, what, sizeof what - 1) < 0)
            continue; /* the folder itself, while it was read */
        tried();
        printf("%d %s\n", numbers[i], what);
        if (!is_its_own(what))
            look_at_file(numbers[i], what);
        if (!strncmp(what, "socket:", 7))
            look_at_socket(numbers[i]);
        if (!strcmp(what, "anon_inode:[eventpoll]"))
            look_at_epoll(numbers[i]);
        use(numbers[i]);
    }
    for (int fd = 0; fd < 70000; fd++) {
        size_t i = 0;
        while (i < n && numbers[i] != fd)
            i++;
        if (i == n && fcntl(fd, F_GETFD) >= 0)
            breach("descriptor %d is open and not listed", fd);
    }
    return finish();
}

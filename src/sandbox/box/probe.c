/* A program that looks at the walls from inside, for the report of what stands on a host. The exit code is
 * the number of the first wall that it found open, 0 for none. */
#include "sandbox/box/box.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>

static bool refused(long result, int error)
{
    return result < 0 && errno == error;
}

static bool alone(void)
{
    /* pid 1 is the box's init, this is the first program */
    return getpid() == 2 && access("/proc/1", F_OK) < 0;
}

static bool files_closed(void)
{
    cleanup_fd int root = open("/probe", O_WRONLY);
    cleanup_fd int work = open("/work/probe", O_WRONLY | O_CREAT, 0600);
    cleanup_fd int sys = open("/sys", O_RDONLY), fuse = open("/dev/fuse", O_RDONLY);
    return root < 0 && work >= 0 && sys < 0 && fuse < 0;
}

static bool filtered(void)
{
    return refused(unshare(CLONE_NEWUSER), EPERM) && refused(mount("a", "/tmp", "tmpfs", 0, NULL), EPERM) &&
           refused(socket(AF_INET, SOCK_STREAM, 0), EPERM) && refused(syscall(SYS_clone3, NULL, 0), ENOSYS) &&
           refused(syscall(470), ENOSYS);
}

static bool limited(void)
{
    struct rlimit core, files;
    return getrlimit(RLIMIT_CORE, &core) == 0 && core.rlim_max == 1 &&
           getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_max == 1024;
}

static bool three_descriptors(void)
{
    for (int fd = 3; fd < 1024; fd++)
        if (fcntl(fd, F_GETFD) >= 0)
            return false;
    return true;
}

int box_probe(void)
{
    if (!alone())
        return 1;
    if (!files_closed())
        return 2;
    if (getuid() == 0 || geteuid() == 0 || !refused(setuid(0), EPERM))
        return 3;
    if (!filtered())
        return 4;
    if (!limited())
        return 7;
    return three_descriptors() ? 0 : 8;
}

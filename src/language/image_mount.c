/* Mounting an image: what was verified is what is mounted, through the same descriptor. */
#include "language/image.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/loop.h>
#include <linux/mount.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>

enum { LOOP_ATTEMPTS = 50 };

/* The C library's <sys/mount.h> has these calls since 2.36, with names that clash with the kernel's header in
 * older ones: so they are called by number. */
static int mount_source(const char *source, const char *at)
{
    cleanup_fd int context = (int)syscall(SYS_fsopen, "erofs", FSOPEN_CLOEXEC);
    if (context < 0)
        return -errno;
    if (syscall(SYS_fsconfig, context, FSCONFIG_SET_STRING, "source", source, 0) < 0 ||
        syscall(SYS_fsconfig, context, FSCONFIG_SET_FLAG, "ro", NULL, 0) < 0 ||
        syscall(SYS_fsconfig, context, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0)
        return -errno;
    unsigned attributes = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV;
    cleanup_fd int tree = (int)syscall(SYS_fsmount, context, FSMOUNT_CLOEXEC, attributes);
    if (tree < 0 || syscall(SYS_move_mount, tree, "", AT_FDCWD, at, MOVE_MOUNT_F_EMPTY_PATH) < 0)
        return -errno;
    return 0;
}

/* A loop device over `file` that goes away with its last user. */
static int loop_open(int file, char device[static 32])
{
    cleanup_fd int control = open("/dev/loop-control", O_RDWR | O_CLOEXEC);
    if (control < 0)
        return -errno;
    for (int i = 0; i < LOOP_ATTEMPTS; i++) {
        struct loop_config config = {.fd = (uint32_t)file,
                                     .info.lo_flags = LO_FLAGS_READ_ONLY | LO_FLAGS_AUTOCLEAR};
        int number = ioctl(control, LOOP_CTL_GET_FREE);
        if (number < 0)
            return -errno;
        snprintf(device, 32, "/dev/loop%d", number);
        cleanup_fd int loop = open(device, O_RDONLY | O_CLOEXEC);
        if (loop < 0)
            return -errno;
        if (ioctl(loop, LOOP_CONFIGURE, &config) == 0)
            return steal_fd(&loop);
        if (errno != EBUSY) /* else another process took it between the two calls */
            return -errno;
    }
    return -EBUSY;
}

static int mount_erofs(int file, const char *at, const char *name, struct error *err)
{
    char source[64], device[32];
    snprintf(source, sizeof source, "/proc/self/fd/%d", file);
    int direct = mount_source(source, at); /* Linux 6.12 and later mount a file without a loop device */
    if (direct == 0)
        return 0;
    cleanup_fd int loop = loop_open(file, device);
    int e = loop < 0 ? loop : mount_source(device, at);
    if (e < 0)
        return error_set(
            err, -e,
            "mount the image %s: neither as a file (%s) nor through a loop device: %m; the kernel "
            "needs CONFIG_EROFS_FS and CONFIG_BLK_DEV_LOOP (modprobe erofs loop)",
            name, strerror(-direct));
    return 0;
}

static int mount_folder(int folder, const char *at, const char *name, struct error *err)
{
    char source[64];
    snprintf(source, sizeof source, "/proc/self/fd/%d", folder);
    if (mount(source, at, NULL, MS_BIND, NULL) < 0 ||
        mount(NULL, at, NULL, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV, NULL) < 0) {
        int code = errno;
        umount2(at, MNT_DETACH);
        return error_set(err, code, "mount the image %s: %m", name);
    }
    return 0;
}

/* The step took: what is at `at` now is read-only and gives no rights. */
static int check_mounted(const char *at, const char *name, struct error *err)
{
    const unsigned long wanted = ST_RDONLY | ST_NOSUID | ST_NODEV;
    struct statvfs st;
    if (statvfs(at, &st) < 0)
        return error_set(err, errno, "look at the mounted image %s: %m", name);
    if ((st.f_flag & wanted) == wanted)
        return 0;
    umount2(at, MNT_DETACH);
    return error_set(
        err, EIO, "the image %s is mounted without ro, nosuid, nodev: the kernel did not do as told", name);
}

int image_mount(const char *images, const char *name, const char *at, struct error *err)
{
    struct image_info info;
    cleanup_fd int fd = image_open(images, name, &info, err);
    if (fd < 0)
        return fd;
    int e = (info.folder ? mount_folder : mount_erofs)(fd, at, name, err);
    image_info_free(&info);
    return e < 0 ? e : check_mounted(at, name, err);
}

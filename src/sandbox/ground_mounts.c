/* The file systems that the ground stands on: the images and a /dev, arranged by T's init below a tmpfs of
 * its own which becomes its root, so that nothing of the host can be reached from T by any path. */
#include "sandbox/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>

static int set_attributes(int dir, const char *path, uint64_t attributes)
{
    struct mount_attr a = {.attr_set = attributes};
    return syscall(SYS_mount_setattr, dir, path, AT_EMPTY_PATH, &a, sizeof a) < 0 ? -errno : 0;
}

static int attach(int mount, const char *at)
{
    return syscall(SYS_move_mount, mount, "", AT_FDCWD, at, MOVE_MOUNT_F_EMPTY_PATH) < 0 ? -errno : 0;
}

/* Devices work only on a file system that the host's root mounted: so the executor makes this one. */
int dev_make(struct error *err)
{
    static const struct {
        const char *name;
        unsigned minor;
    } nodes[] = {{"null", 3}, {"zero", 5}, {"full", 7}, {"random", 8}, {"urandom", 9}};
    cleanup_fd int fs = (int)syscall(SYS_fsopen, "tmpfs", FSOPEN_CLOEXEC);
    if (fs < 0 || syscall(SYS_fsconfig, fs, FSCONFIG_SET_STRING, "size", "4096", 0) < 0 ||
        syscall(SYS_fsconfig, fs, FSCONFIG_SET_STRING, "mode", "0755", 0) < 0 ||
        syscall(SYS_fsconfig, fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0)
        return error_set(err, errno, "make a file system for /dev: %m");
    cleanup_fd int dev =
        (int)syscall(SYS_fsmount, fs, FSMOUNT_CLOEXEC, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC);
    if (dev < 0)
        return error_set(err, errno, "mount a file system for /dev: %m");
    for (size_t i = 0; i < array_length(nodes); i++)
        if (mknodat(dev, nodes[i].name, S_IFCHR | 0666, makedev(1, nodes[i].minor)) < 0 ||
            fchmodat(dev, nodes[i].name, 0666, 0) < 0)
            return error_set(err, errno, "make /dev/%s: %m", nodes[i].name);
    int r = set_attributes(dev, "", MOUNT_ATTR_RDONLY);
    return r < 0 ? error_set(err, -r, "make /dev read-only: %m") : steal_fd(&dev);
}

/* A copy of the image's mount, its flags set whatever they were; taken before the host's tree is left. */
static int take_images(const struct ground_options *o, int *mounts, struct error *err)
{
    for (size_t i = 0; i < o->image_count; i++) {
        mounts[i] =
            (int)syscall(SYS_open_tree, AT_FDCWD, o->images[i].path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
        if (mounts[i] < 0)
            return error_set(err, errno, "take image %s at %s: %m", o->images[i].name, o->images[i].path);
        int r = set_attributes(mounts[i], "", MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV);
        if (r < 0)
            return error_set(err, -r, "make image %s read-only: %m", o->images[i].name);
    }
    return 0;
}

static int place_image(const char *name, int mount, struct error *err)
{
    char path[IMAGE_NAME_MOST + 32];
    snprintf(path, sizeof path, "images/%s", name);
    if (mkdir(path, 0755) < 0)
        return error_set(err, errno, "make a place for image %s: %m", name);
    int r = attach(mount, path);
    if (r < 0)
        return error_set(err, -r, "place image %s: %m", name);
    cleanup_fd int dev = (int)syscall(SYS_open_tree, AT_FDCWD, "dev", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
    if (dev < 0)
        return error_set(err, errno, "copy /dev for image %s: %m", name);
    snprintf(path, sizeof path, "images/%s/dev", name);
    r = attach(dev, path);
    return r < 0 ? error_set(err, -r, "place /dev in image %s (it must have an empty folder there): %m", name)
                 : 0;
}

static int leave_host(struct error *err)
{
    if (syscall(SYS_pivot_root, ".", ".") < 0 || umount2(".", MNT_DETACH) < 0 || chdir("/") < 0)
        return error_set(err, errno, "leave the host's root: %m");
    int r = set_attributes(AT_FDCWD, "/", MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV);
    return r < 0 ? error_set(err, -r, "make the ground's root read-only: %m") : 0;
}

int ground_mounts(const struct ground_options *options, int dev, struct error *err)
{
    cleanup_free int *mounts = calloc(options->image_count + 1, sizeof *mounts);
    if (!mounts)
        return error_set(err, ENOMEM, "ground: %m");
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
        return error_set(err, errno, "make mounts private: %m");
    int r = take_images(options, mounts, err);
    if (r < 0)
        return r;
    /* Any folder of the host serves: it is covered in T's own mount namespace only, and then left. */
    if (mount("phial", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, "size=64k,nr_inodes=1024,mode=755") < 0 ||
        chdir("/tmp") < 0 || mkdir("images", 0755) < 0 || mkdir("dev", 0755) < 0 || mkdir("proc", 0555) < 0)
        return error_set(err, errno, "make the ground's root: %m");
    if ((r = attach(dev, "dev")) < 0)
        return error_set(err, -r, "place /dev: %m");
    if (mount("proc", "proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0)
        return error_set(err, errno, "mount the ground's proc: %m");
    for (size_t i = 0; r == 0 && i < options->image_count; i++)
        r = place_image(options->images[i].name, mounts[i], err);
    return r < 0 ? r : leave_host(err);
}

/* Wall 2: the file system. The maker's mount namespace holds every image at /images/NAME, read-only, with a
 * /dev of five nodes mounted in it by the executor. A box takes a copy of that namespace, adds proc and one
 * tmpfs, makes the image its root and lets everything else go. */
#include "sandbox/box/box.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>

struct mount_option {
    const char *name, *value;
};

/* A new, unattached file system; the descriptor is its root. */
static int new_filesystem(const char *type, const struct mount_option *options, size_t count,
                          unsigned attributes)
{
    cleanup_fd int fs = (int)syscall(SYS_fsopen, type, FSOPEN_CLOEXEC);
    if (fs < 0)
        return -errno;
    for (size_t i = 0; i < count; i++)
        if (syscall(SYS_fsconfig, fs, FSCONFIG_SET_STRING, options[i].name, options[i].value, 0) < 0)
            return -errno;
    if (syscall(SYS_fsconfig, fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0)
        return -errno;
    int root = (int)syscall(SYS_fsmount, fs, FSMOUNT_CLOEXEC, attributes);
    return root < 0 ? -errno : root;
}

static int attach_at(int mount, const char *path)
{
    return syscall(SYS_move_mount, mount, "", AT_FDCWD, path, MOVE_MOUNT_F_EMPTY_PATH) < 0 ? -errno : 0;
}

static int attach(int mount, const char *image, const char *at)
{
    char path[IMAGE_NAME_MOST + 32];
    snprintf(path, sizeof path, "/images/%s/%s", image, at);
    return attach_at(mount, path);
}

int mount_proc(struct making *m)
{
    static const struct mount_option options[] = {{"hidepid", "invisible"}, {"subset", "pid"}};
    cleanup_fd int proc =
        new_filesystem("proc", options, array_length(options),
                       MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC);
    return proc < 0 ? proc : attach(proc, m->order.image, "proc");
}

/* One tmpfs for the work folder and /tmp, so that the disk limit bounds their sum. Both are folders in it,
 * owned by the run; its root, which the run never sees, is not. */
static int attach_folder(struct making *m, int tmpfs, const char *name)
{
    if (mkdirat(tmpfs, name, 0700) < 0 || fchownat(tmpfs, name, m->order.uid, m->order.uid, 0) < 0)
        return -errno;
    cleanup_fd int folder = (int)syscall(SYS_open_tree, tmpfs, name, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
    return folder < 0 ? -errno : attach(folder, m->order.image, name);
}

int mount_work(struct making *m)
{
    char size[24], inodes[24];
    snprintf(size, sizeof size, "%llu", (unsigned long long)m->order.disk_bytes);
    snprintf(inodes, sizeof inodes, "%llu",
             (unsigned long long)m->order.disk_files + 3); /* root, work, tmp */
    const struct mount_option options[] = {{"size", size}, {"nr_inodes", inodes}, {"mode", "0700"}};
    cleanup_fd int tmpfs =
        new_filesystem("tmpfs", options, array_length(options), MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV);
    if (tmpfs < 0)
        return tmpfs;
    /* Before Linux 6.15 a mount must be attached to be cloned (OPEN_TREE_CLONE of a detached one is EINVAL),
     * so it gets a place in the old root, which is let go. */
    int r = attach_at(tmpfs, "/dev");
    if (r == 0)
        r = attach_folder(m, tmpfs, "work");
    return r < 0 ? r : attach_folder(m, tmpfs, "tmp");
}

int change_root(struct making *m)
{
    char path[IMAGE_NAME_MOST + 16];
    snprintf(path, sizeof path, "/images/%s", m->order.image);
    /* pivot_root(2), "pivot_root(".", ".")": the old root then lies on top of the new one and is let go. */
    if (chdir(path) < 0 || syscall(SYS_pivot_root, ".", ".") < 0 || umount2(".", MNT_DETACH) < 0 ||
        chdir("/work") < 0)
        return -errno;
    return 0;
}

/* The frontend's own root: an empty read-only file system with two folders of the host in it, the state
 * folder to read and the store's to write. It is a mount namespace and not a change of root alone, since a
 * descriptor of a folder outside a changed root leads up from there to all of the host ("..", chroot(2)). */
#include "frontend/privileges.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>

/* Where it is put together; what stands there is not touched. */
static const char place[] = "/tmp";
static const unsigned long plain = MS_NOSUID | MS_NODEV | MS_NOEXEC;

/* ---- the store's folder ---- */

/* Made for the user, and for nobody else. One that is there must be the user's already: a folder that an
 * operator named by mistake is not given away. */
static int open_store_folder(const char *path, uid_t uid, gid_t gid, struct error *err)
{
    bool made = mkdir(path, 0700) == 0;
    if (!made && errno != EEXIST)
        return error_set(err, errno, "make the store's folder %s: %m", path);
    cleanup_fd int folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    struct stat st;
    if (folder < 0 || (made && fchown(folder, uid, gid) < 0) || fstat(folder, &st) < 0)
        return error_set(err, errno, "open the store's folder %s: %m", path);
    if (st.st_uid != uid)
        return error_set(
            err, EPERM,
            "the store's folder %s belongs to user %u, not to the frontend's, %u: 'chown -R %u:%u %s'", path,
            st.st_uid, uid, uid, gid, path);
    return steal_fd(&folder);
}

/* ---- folders of the host ---- */

static int bind(int folder, const char *name, unsigned long flags, struct error *err)
{
    char from[64], to[64];
    snprintf(from, sizeof from, "/proc/self/fd/%d", folder);
    snprintf(to, sizeof to, "%s/%s", place, name);
    if (mkdir(to, 0755) < 0 || mount(from, to, NULL, MS_BIND, NULL) < 0 ||
        mount(NULL, to, NULL, MS_REMOUNT | MS_BIND | plain | flags, NULL) < 0)
        return error_set(err, errno, "put a folder into the frontend's root as /%s: %m", name);
    return 0;
}

/* Only files of the state folder are its business: an empty folder covers each folder in it, the images' too.
 */
static int cover_folders(const char *name, int nothing, struct error *err)
{
    char path[64], from[64], to[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", place, name);
    snprintf(from, sizeof from, "/proc/self/fd/%d", nothing);
    DIR *folder = opendir(path);
    if (!folder)
        return error_set(err, errno, "look through the state folder: %m");
    int r = 0;
    for (struct dirent *entry; r == 0 && (entry = readdir(folder));) {
        struct stat st;
        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..") ||
            fstatat(dirfd(folder), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISDIR(st.st_mode))
            continue;
        snprintf(to, sizeof to, "%s/%s", path, entry->d_name);
        if (mount(from, to, NULL, MS_BIND, NULL) < 0)
            r = -errno;
    }
    closedir(folder);
    return r < 0 ? error_set(err, -r, "cover the folders of the state folder: %m") : 0;
}

/* ---- the root ---- */

static int become_root(struct error *err)
{
    if (mount(NULL, place, NULL, MS_REMOUNT | MS_RDONLY | plain, NULL) < 0 || chdir(place) < 0 ||
        syscall(SYS_pivot_root, ".", ".") < 0 || umount2(".", MNT_DETACH) < 0 || chdir("/") < 0)
        return error_set(err, errno, "change the root to the frontend's own: %m");
    if (access("/proc", F_OK) == 0 || access("/tmp", F_OK) == 0 || open("/x", O_CREAT | O_WRONLY, 0600) >= 0)
        return error_set(err, EEXIST, "change the root to the frontend's own: there is something else in it");
    return 0;
}

static int fill(int state, int store, struct error *err)
{
    int r = 0;
    if (state >= 0) {
        char path[64];
        snprintf(path, sizeof path, "%s/nothing", place);
        cleanup_fd int nothing = mkdir(path, 0755) < 0 ? -1 : open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
        if (nothing < 0)
            return error_set(err, errno, "make an empty folder: %m");
        r = bind(state, "state", MS_RDONLY, err);
        if (r == 0)
            r = cover_folders("state", nothing, err);
    }
    if (r == 0 && store >= 0)
        r = bind(store, "store", 0, err);
    return r;
}

int root_enter(const struct privileges *p, uid_t uid, gid_t gid, struct error *err)
{
    if (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
        return error_set(err, errno, "make the frontend's mount namespace: %m");
    /* Opened in the new namespace, whose mounts alone can be bound, and before something covers their paths.
     */
    cleanup_fd int state = p->state ? open(p->state, O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;
    if (p->state && state < 0)
        return error_set(err, errno, "open the state folder %s: %m", p->state);
    cleanup_fd int store = p->store ? open_store_folder(p->store, uid, gid, err) : -1;
    if (p->store && store < 0)
        return store;
    if (mount("phial", place, "tmpfs", plain, "mode=0755,size=64k,nr_inodes=16") < 0)
        return error_set(err, errno, "make the frontend's root: %m");
    int r = fill(state, store, err);
    return r < 0 ? r : become_root(err);
}

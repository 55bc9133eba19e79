/* The folder tree of an image: opened without leaving it, emptied, made uniform, hashed. No link is ever
 * followed out of it, whatever a package put there. */
#include "language/image.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>

enum { DEPTH_MOST = 64, AGAIN_MOST = 1000 };

static int open_in_root(int root, const char *path, int flags, mode_t mode)
{
    struct open_how how = {.flags = (uint64_t)(flags | O_CLOEXEC),
                           .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS};
    if (flags & O_CREAT)
        how.mode = mode;
    /* openat2(2): EAGAIN when "..", in a link, met a rename or a mount anywhere on the host; trying again is
     * the cure. */
    for (int turn = 0;; turn++) {
        int fd = (int)syscall(SYS_openat2, root, path, &how, sizeof how);
        if (fd >= 0 || errno != EAGAIN || turn == AGAIN_MOST)
            return fd < 0 ? -errno : fd;
    }
}

int tree_open(int root, const char *path, int flags, mode_t mode, bool make, struct error *err)
{
    cleanup_free char *head = strdup(path);
    if (!head)
        return error_set(err, ENOMEM, "open %s in the image: %m", path);
    for (char *slash = strchr(head + 1, '/'); make && slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        char *name = strrchr(head, '/');
        cleanup_fd int there = open_in_root(root, head, O_PATH | O_DIRECTORY, 0);
        if (there == -ENOENT) {
            *name = 0;
            cleanup_fd int parent = open_in_root(root, *head ? head : "/", O_PATH | O_DIRECTORY, 0);
            *name = '/';
            if (parent < 0 || mkdirat(parent, name + 1, 0755) < 0)
                return error_set(err, parent < 0 ? -parent : errno, "make the folder %s in the image: %m",
                                 head);
        } else if (there < 0) {
            return error_set(err, -there, "open the folder %s in the image: %m", head);
        }
        *slash = '/';
    }
    int fd = open_in_root(root, path, flags, mode);
    return fd < 0 ? error_set(err, -fd, "open %s in the image: %m", path) : fd;
}

/* The names in a folder, sorted; "." and ".." left out. */
static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name); /* alphasort depends on the locale */
}

static int names_of(int dir, struct dirent ***entries)
{
    int n = scandirat(dir, ".", entries, NULL, by_name);
    if (n < 0)
        return -errno;
    int kept = 0;
    for (int i = 0; i < n; i++) {
        if (!strcmp((*entries)[i]->d_name, ".") || !strcmp((*entries)[i]->d_name, ".."))
            free((*entries)[i]);
        else
            (*entries)[kept++] = (*entries)[i];
    }
    return kept;
}

static void free_names(struct dirent **entries, int n)
{
    for (int i = 0; i < n; i++)
        free(entries[i]);
    free(entries);
}

static int open_folder(int parent, const char *name)
{
    int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    return fd < 0 ? -errno : fd;
}

static int empty_at(int dir, unsigned depth)
{
    struct dirent **entries;
    int n = names_of(dir, &entries), e = 0;
    if (n < 0)
        return n;
    for (int i = 0; i < n && e == 0; i++) {
        const char *name = entries[i]->d_name;
        if (unlinkat(dir, name, 0) == 0)
            continue;
        if (errno != EISDIR) {
            e = -errno;
            break;
        }
        cleanup_fd int sub = depth < DEPTH_MOST ? open_folder(dir, name) : -ELOOP;
        e = sub < 0 ? sub : empty_at(sub, depth + 1);
        if (e == 0 && unlinkat(dir, name, AT_REMOVEDIR) < 0)
            e = -errno;
    }
    free_names(entries, n);
    return e;
}

int tree_empty(int dir, struct error *err)
{
    int e = empty_at(dir, 0);
    return e < 0 ? error_set(err, -e, "empty a folder: %m") : 0;
}

int tree_remove(int parent, const char *name, struct error *err)
{
    if (unlinkat(parent, name, 0) == 0 || errno == ENOENT)
        return 0;
    if (errno != EISDIR)
        return error_set(err, errno, "remove %s: %m", name);
    cleanup_fd int dir = open_folder(parent, name);
    int e = dir < 0 ? dir : empty_at(dir, 0);
    if (e == 0 && unlinkat(parent, name, AT_REMOVEDIR) < 0)
        e = -errno;
    return e < 0 ? error_set(err, -e, "remove %s: %m", name) : 0;
}

/* ---- made uniform ---- */

static int normalise_at(int dir, const struct timespec times[2], unsigned depth);

static int normalise_entry(int dir, const char *name, const struct timespec times[2], unsigned depth)
{
    struct stat st;
    if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
        return -errno;
    if (!S_ISDIR(st.st_mode) && !S_ISREG(st.st_mode) && !S_ISLNK(st.st_mode))
        return unlinkat(dir, name, 0) < 0 ? -errno : 0;
    if (fchownat(dir, name, 0, 0, AT_SYMLINK_NOFOLLOW) < 0)
        return -errno;
    if (!S_ISLNK(st.st_mode)) {
        cleanup_fd int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
        if (fd < 0)
            return -errno;
        if (fremovexattr(fd, "security.capability") < 0 && errno != ENODATA && errno != EOPNOTSUPP)
            return -errno;
        /* A run has a uid of its own: what its owner alone may read is of no use in an image. */
        if (fchmod(fd, S_ISDIR(st.st_mode) || (st.st_mode & 0111) ? 0755 : 0644) < 0)
            return -errno;
        int e = S_ISDIR(st.st_mode) ? normalise_at(fd, times, depth + 1) : 0;
        if (e < 0)
            return e;
    }
    return utimensat(dir, name, times, AT_SYMLINK_NOFOLLOW) < 0 ? -errno : 0;
}

static int normalise_at(int dir, const struct timespec times[2], unsigned depth)
{
    struct dirent **entries;
    int n = names_of(dir, &entries), e = depth > DEPTH_MOST ? -ELOOP : 0;
    if (n < 0)
        return n;
    for (int i = 0; i < n && e == 0; i++)
        e = normalise_entry(dir, entries[i]->d_name, times, depth);
    free_names(entries, n);
    return e;
}

int tree_normalise(int root, int64_t time, struct error *err)
{
    struct timespec times[2] = {{.tv_sec = time}, {.tv_sec = time}};
    int e = normalise_at(root, times, 0);
    if (e == 0 && (fchown(root, 0, 0) < 0 || fchmod(root, 0755) < 0 || futimens(root, times) < 0))
        e = -errno;
    return e < 0 ? error_set(err, -e, "make the image's files uniform: %m") : 0;
}

/* ---- hashed ---- */

struct hasher {
    struct packer lines;
    uint64_t size;
    struct error *err;
    char path[4096];
};

static int hash_at(struct hasher *h, int dir, size_t length, unsigned depth);

static int hash_entry(struct hasher *h, int dir, const char *name, size_t length, unsigned depth)
{
    struct stat st;
    int n = snprintf(h->path + length, sizeof h->path - length, "/%s", name);
    if (n < 0 || (size_t)n >= sizeof h->path - length)
        return error_set(h->err, ENAMETOOLONG, "hash %s: %m", h->path);
    if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
        return error_set(h->err, errno, "hash %s: %m", h->path);
    pack_string(&h->lines, h->path);
    pack_u32(&h->lines, st.st_mode);
    pack_u32(&h->lines, st.st_uid);
    if (S_ISLNK(st.st_mode)) {
        char target[4096];
        ssize_t k = readlinkat(dir, name, target, sizeof target);
        if (k < 0)
            return error_set(h->err, errno, "hash %s: %m", h->path);
        pack_bytes(&h->lines, target, (size_t)k);
        return 0;
    }
    if (!S_ISDIR(st.st_mode) && !S_ISREG(st.st_mode))
        return 0; /* its mode is in the hash; it must not be opened */
    cleanup_fd int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return error_set(h->err, errno, "hash %s: %m", h->path);
    if (S_ISDIR(st.st_mode))
        return hash_at(h, fd, length + (size_t)n, depth + 1);
    char hex[SHA256_HEX];
    int e = sha256_file(fd, hex, h->err);
    pack_u64(&h->lines, (uint64_t)st.st_size);
    pack_string(&h->lines, e < 0 ? "" : hex);
    h->size += (uint64_t)st.st_size;
    return e;
}

static int hash_at(struct hasher *h, int dir, size_t length, unsigned depth)
{
    struct dirent **entries;
    int n = names_of(dir, &entries), e = 0;
    if (n < 0 || depth > DEPTH_MOST)
        return error_set(h->err, n < 0 ? -n : ELOOP, "hash %s: %m", h->path);
    for (int i = 0; i < n && e == 0; i++)
        e = hash_entry(h, dir, entries[i]->d_name, length, depth);
    free_names(entries, n);
    return e;
}

int tree_hash(int root, char hex[static SHA256_HEX], uint64_t *size, struct error *err)
{
    cleanup_free struct hasher *h = calloc(1, sizeof *h);
    if (!h)
        return error_set(err, ENOMEM, "hash an image: %m");
    h->err = err;
    int e = hash_at(h, root, 0, 0);
    if (e == 0 && h->lines.failed)
        e = error_set(err, ENOMEM, "hash an image: %m");
    if (e == 0) {
        sha256_hex(h->lines.data, h->lines.size, hex);
        *size = h->size;
    }
    packer_free(&h->lines);
    return e;
}

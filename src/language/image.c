/* The images folder, and whether an image is what its manifest says. */
#include "language/image.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>

/* Who may write an image decides what every run executes: root alone. */
static int check_owner(int fd, const char *what, struct error *err)
{
    struct stat st;
    if (fstat(fd, &st) < 0)
        return error_set(err, errno, "look at %s: %m", what);
    if (st.st_uid != 0)
        return error_set(err, EPERM,
                         "%s belongs to uid %u, not to root; chown root it if its content is yours", what,
                         st.st_uid);
    if (st.st_mode & 022)
        return error_set(
            err, EPERM, "%s may be written by others than root; chmod go-w it if its content is yours", what);
    return 0;
}

static int make_path(const char *path)
{
    cleanup_free char *copy = strdup(path);
    if (!copy)
        return -ENOMEM;
    for (char *slash = strchr(copy + 1, '/');; slash = strchr(slash + 1, '/')) {
        if (slash)
            *slash = 0;
        if (mkdir(copy, 0755) < 0 && errno != EEXIST)
            return -errno;
        if (!slash)
            return 0;
        *slash = '/';
    }
}

int images_open(const char *images, bool make, struct error *err)
{
    int e = make && *images ? make_path(images) : 0;
    if (e < 0)
        return error_set(err, -e, "make the images folder %s: %m", images);
    cleanup_fd int dir = open(images, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (dir < 0)
        return error_set(err, errno, "open the images folder %s: %m", images);
    e = check_owner(dir, images, err);
    return e < 0 ? e : steal_fd(&dir);
}

static int differs(const struct image_info *info, const char *what, struct error *err)
{
    return error_set(err, EBADMSG,
                     "the image %s is not what its manifest says: %s; build it anew: phial image build %s "
                     "--force",
                     info->name, what, info->name);
}

static int image_open_verified(int dir, const struct image_info *info, struct error *err)
{
    char hex[SHA256_HEX];
    struct stat st;
    uint64_t size;
    int kind = info->folder ? O_DIRECTORY : O_NONBLOCK;
    cleanup_fd int fd = openat(dir, info->file, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | kind);
    if (fd < 0)
        return error_set(err, errno, "open the image %s: %m", info->file);
    int e = check_owner(fd, info->file, err);
    if (e < 0)
        return e;
    if (fstat(fd, &st) < 0)
        return error_set(err, errno, "open the image %s: %m", info->file);
    if (!info->folder && (!S_ISREG(st.st_mode) || (uint64_t)st.st_size != info->size))
        return differs(info, "its size is another", err);
    size = (uint64_t)st.st_size;
    e = info->folder ? tree_hash(fd, hex, &size, err) : sha256_file(fd, hex, err);
    if (e < 0)
        return error_context(err, "verify the image %s", info->name);
    if (size != info->size || strcmp(hex, info->sha256) != 0)
        return differs(info, "its SHA-256 is another", err);
    return steal_fd(&fd);
}

int image_open(const char *images, const char *name, struct image_info *info, struct error *err)
{
    cleanup_fd int dir = images_open(images, false, err);
    if (dir < 0)
        return dir;
    int e = image_info_read(info, images, name, err);
    if (e == 0)
        e = image_open_verified(dir, info, err);
    if (e < 0)
        image_info_free(info);
    return e;
}

int image_verify(const char *images, const char *name, struct error *err)
{
    struct image_info info;
    cleanup_fd int fd = image_open(images, name, &info, err);
    if (fd < 0)
        return fd;
    image_info_free(&info);
    return 0;
}

static bool listed(void)
{
    cleanup_free char *text = NULL;
    size_t size;
    return read_file_at(AT_FDCWD, "/proc/filesystems", 1 << 16, &text, &size, NULL) == 0 &&
           strstr(text, "\terofs\n");
}

bool kernel_has_erofs(void)
{
    if (listed())
        return true;
    static const char *const argv[] = {"modprobe", "-q", "erofs", NULL};
    struct process_options load = {.argv = argv};
    return process_run(&load, NULL) == 0 && listed();
}

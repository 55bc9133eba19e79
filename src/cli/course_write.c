/* Writes the files of a new course, and overwrites none. */
#include "cli/course.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

static int folder_is_empty(const char *dir)
{
    DIR *d = opendir(dir);
    if (!d)
        return -errno;
    int count = 0;
    while (readdir(d))
        count++;
    closedir(d);
    return count == 2; /* "." and ".." */
}

int course_make_folder(const char *dir, struct error *err)
{
    if (mkdir(dir, 0755) == 0)
        return 0;
    if (errno != EEXIST)
        return error_set(err, errno, "make the folder %s: %m", dir);
    int empty = folder_is_empty(dir);
    if (empty < 0)
        return error_set(err, -empty, "read the folder %s: %m", dir);
    return empty ? 0 : error_set(err, EEXIST, "%s is not empty; name a folder that is not there yet", dir);
}

static int make_parents(char *path, size_t from, struct error *err)
{
    for (char *slash = strchr(path + from, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        int r = mkdir(path, 0755) < 0 && errno != EEXIST
                    ? error_set(err, errno, "make the folder %s: %m", path)
                    : 0;
        *slash = '/';
        if (r < 0)
            return r;
    }
    return 0;
}

int course_write(const char *dir, const char *name, const void *data, size_t size, struct error *err)
{
    cleanup_free char *path = NULL;
    if (asprintf(&path, "%s/%s", dir, name) < 0) {
        path = NULL;
        return error_set(err, ENOMEM, "write %s: %m", name);
    }
    int r = make_parents(path, strlen(dir) + 1, err);
    if (r < 0)
        return r;
    cleanup_fd int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (fd < 0)
        return error_set(err, errno, "make %s: %m", path);
    r = write_all(fd, data, size);
    return r < 0 ? error_set(err, -r, "write %s: %m", path) : 0;
}

#include "folder.h"

#include "language/image.h"

#include <fcntl.h>
#include <sys/stat.h>

int folder_make(void **state)
{
    struct folder *f = calloc(1, sizeof *f);
    assert_non_null(f);
    strcpy(f->path, "/tmp/phial-test-language.XXXXXX");
    assert_non_null(mkdtemp(f->path));
    assert_int_equal(chmod(f->path, 0755), 0);
    f->fd = open(f->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_true(f->fd >= 0);
    *state = f;
    return 0;
}

int folder_remove(void **state)
{
    struct folder *f = *state;
    assert_int_equal(tree_empty(f->fd, NULL), 0);
    close(f->fd);
    assert_int_equal(rmdir(f->path), 0);
    free(f);
    return 0;
}

void folder_put(const struct folder *f, const char *name, const char *text)
{
    char *path = strdup(name);
    for (char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        mkdirat(f->fd, path, 0755);
        *slash = '/';
    }
    int fd = openat(f->fd, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    assert_true(fd >= 0);
    assert_int_equal(write_all(fd, text, strlen(text)), 0);
    close(fd);
    free(path);
}

const char *folder_path(const struct folder *f, const char *name)
{
    static char buffers[4][512];
    static unsigned next;
    char *buffer = buffers[next++ % 4];
    snprintf(buffer, sizeof buffers[0], "%s/%s", f->path, name);
    return buffer;
}

bool folder_has(const struct folder *f, const char *name)
{
    struct stat st;
    return fstatat(f->fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

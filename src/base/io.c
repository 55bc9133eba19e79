#include "base/base.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>

int write_all(int fd, const void *data, size_t n)
{
    const char *at = data;
    while (n > 0) {
        ssize_t k = write(fd, at, n);
        if (k < 0 && errno == EINTR)
            continue;
        if (k < 0)
            return -errno;
        at += k;
        n -= (size_t)k;
    }
    return 0;
}

ssize_t read_all(int fd, void *data, size_t n)
{
    size_t have = 0;
    while (have < n) {
        ssize_t k = read(fd, (char *)data + have, n - have);
        if (k < 0 && errno == EINTR)
            continue;
        if (k < 0)
            return -errno;
        if (k == 0)
            break;
        have += (size_t)k;
    }
    return (ssize_t)have;
}

int pread_all(int fd, void *data, size_t n, off_t offset)
{
    size_t have = 0;
    while (have < n) {
        ssize_t k = pread(fd, (char *)data + have, n - have, offset + (off_t)have);
        if (k < 0 && errno == EINTR)
            continue;
        if (k < 0)
            return -errno;
        if (k == 0)
            return -ENODATA;
        have += (size_t)k;
    }
    return 0;
}

int read_file_at(int dir, const char *path, size_t most, char **data, size_t *size, struct error *err)
{
    cleanup_fd int fd = openat(dir, path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return error_set(err, errno, "open %s: %m", path);
    size_t room = 4096, have = 0;
    cleanup_free char *bytes = malloc(room + 1);
    for (;;) {
        if (!bytes)
            return error_set(err, ENOMEM, "read %s: %m", path);
        ssize_t k = read_all(fd, bytes + have, room - have);
        if (k < 0)
            return error_set(err, (int)-k, "read %s: %m", path);
        have += (size_t)k;
        if (have < room)
            break;
        if (have > most)
            break;
        room *= 2;
        char *more = realloc(bytes, room + 1);
        if (!more)
            return error_set(err, ENOMEM, "read %s: %m", path);
        bytes = more;
    }
    if (have > most)
        return error_set(err, EFBIG, "read %s: more than %zu bytes", path, most);
    bytes[have] = 0;
    *data = steal_pointer(&bytes);
    if (size)
        *size = have;
    return 0;
}

int write_file_at(int dir, const char *path, const char *text, struct error *err)
{
    cleanup_fd int fd = openat(dir, path, O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return error_set(err, errno, "open %s: %m", path);
    if (write(fd, text, strlen(text)) < 0)
        return error_set(err, errno, "write '%s' to %s: %m", text, path);
    return 0;
}

int read_number_at(int dir, const char *path, uint64_t *value)
{
    cleanup_fd int fd = openat(dir, path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    char text[64];
    ssize_t k = read(fd, text, sizeof text - 1);
    if (k < 0)
        return -errno;
    text[k] = 0;
    if (!strncmp(text, "max", 3))
        return -ERANGE;
    char *end;
    errno = 0;
    *value = strtoull(text, &end, 10);
    return errno ? -errno : end == text ? -EINVAL : 0;
}

int message_send(int sock, const void *data, size_t size, const int *fds, size_t fd_count)
{
    if (fd_count > MESSAGE_FDS_MOST)
        return -EINVAL;
    union {
        char space[CMSG_SPACE(MESSAGE_FDS_MOST * sizeof(int))];
        struct cmsghdr align;
    } control;
    struct iovec bytes = {(void *)data, size};
    struct msghdr header = {.msg_iov = &bytes, .msg_iovlen = 1};
    if (fd_count > 0) {
        memset(&control, 0, sizeof control);
        header.msg_control = control.space;
        header.msg_controllen = CMSG_SPACE(fd_count * sizeof(int));
        struct cmsghdr *c = CMSG_FIRSTHDR(&header);
        c->cmsg_level = SOL_SOCKET;
        c->cmsg_type = SCM_RIGHTS;
        c->cmsg_len = CMSG_LEN(fd_count * sizeof(int));
        memcpy(CMSG_DATA(c), fds, fd_count * sizeof(int));
    }
    ssize_t k;
    do
        k = sendmsg(sock, &header, MSG_NOSIGNAL);
    while (k < 0 && errno == EINTR);
    if (k < 0)
        return -errno;
    return (size_t)k == size ? 0 : -EMSGSIZE;
}

ssize_t message_receive(int sock, void *data, size_t size, int *fds, size_t fd_most, size_t *fd_count)
{
    union {
        char space[CMSG_SPACE(MESSAGE_FDS_MOST * sizeof(int))];
        struct cmsghdr align;
    } control;
    struct iovec bytes = {data, size};
    struct msghdr header = {.msg_iov = &bytes,
                            .msg_iovlen = 1,
                            .msg_control = control.space,
                            .msg_controllen = sizeof control.space};
    if (fd_count)
        *fd_count = 0;
    ssize_t k;
    do
        k = recvmsg(sock, &header, MSG_CMSG_CLOEXEC);
    while (k < 0 && errno == EINTR);
    if (k < 0)
        return -errno;
    bool cut = header.msg_flags & (MSG_TRUNC | MSG_CTRUNC);
    size_t kept = 0;
    for (struct cmsghdr *c = CMSG_FIRSTHDR(&header); c; c = CMSG_NXTHDR(&header, c)) {
        if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
            continue;
        size_t n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (size_t i = 0; i < n; i++) {
            int fd;
            memcpy(&fd, CMSG_DATA(c) + i * sizeof(int), sizeof fd);
            if (!cut && fds && kept < fd_most)
                fds[kept++] = fd;
            else
                close(fd);
        }
    }
    if (cut) {
        for (size_t i = 0; i < kept; i++)
            close(fds[i]);
        return -EMSGSIZE;
    }
    if (fd_count)
        *fd_count = kept;
    return k;
}

enum { ALL_SEALS = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE };

int memfd_sealed(const char *name, const void *data, size_t size)
{
    cleanup_fd int fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (fd < 0)
        return -errno;
    int r = write_all(fd, data, size);
    if (r < 0)
        return r;
    if (fcntl(fd, F_ADD_SEALS, ALL_SEALS) < 0)
        return -errno;
    return steal_fd(&fd);
}

int memfd_check_sealed(int fd)
{
    int seals = fcntl(fd, F_GET_SEALS); /* EINVAL on anything that is no memfd */
    return seals >= 0 && (seals & ALL_SEALS) == ALL_SEALS ? 0 : -EPERM;
}

int pipe_open(bool we_read, int *ours, int *theirs, struct error *err)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0)
        return error_set(err, errno, "make a pipe: %m");
    *ours = ends[we_read ? 0 : 1];
    *theirs = ends[we_read ? 1 : 0];
    if (fcntl(*ours, F_SETFL, O_NONBLOCK) < 0) {
        int code = errno;
        close_fd(ours);
        close_fd(theirs);
        return error_set(err, code, "make a pipe non-blocking: %m");
    }
    return 0;
}

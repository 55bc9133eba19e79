#include "cli/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <netdb.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

enum { BACKLOG = 1024 };

static int in_use(const char *what, struct error *err)
{
    return error_set(err, EADDRINUSE,
                     "listen on %s: another server has it already; stop that one, or choose another address "
                     "(--listen ADDRESS)",
                     what);
}

/* ---- Unix sockets ---- */

/* Removes a socket that a dead server left; a living one's is an error, and what is no socket is left alone.
 */
static int clear_path(const char *path, struct error *err)
{
    struct stat st;
    if (lstat(path, &st) < 0)
        return 0;
    if (!S_ISSOCK(st.st_mode))
        return error_set(err, EEXIST, "listen on unix:%s: there is something else; remove it", path);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    memcpy(address.sun_path, path, strlen(path) + 1);
    cleanup_fd int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (probe >= 0 && (connect(probe, (struct sockaddr *)&address, sizeof address) == 0 || errno == EAGAIN))
        return in_use(path, err);
    return unlink(path) < 0 ? error_set(err, errno, "remove %s: %m", path) : 0;
}

/* The file's mode is who may use it: root and the group. */
static int set_owner(const char *path, const char *group, struct error *err)
{
    if (!*group)
        return 0;
    const struct group *entry = getgrnam(group);
    if (!entry) {
        log_warning("serve",
                    "there is no group '%s': only root may use %s; make it with 'groupadd --system %s'",
                    group, path, group);
        return 0;
    }
    if (chown(path, (uid_t)-1, entry->gr_gid) < 0 || chmod(path, 0660) < 0)
        return error_set(err, errno, "give %s to group %s: %m", path, group);
    return 0;
}

static void make_parent(const char *path)
{
    char folder[108];
    snprintf(folder, sizeof folder, "%s", path);
    char *slash = strrchr(folder, '/');
    if (slash && slash != folder) {
        *slash = 0;
        mkdir(folder, 0755); /* one level: /run/phial is gone after each boot */
    }
}

static int open_unix(struct listener *l, const char *path, const struct settings *settings, struct error *err)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (*path != '/' || strlen(path) >= sizeof address.sun_path)
        return error_set(err, EINVAL, "listen on unix:%s: not an absolute path of at most %zu bytes", path,
                         sizeof address.sun_path - 1);
    make_parent(path);
    int r = clear_path(path, err);
    if (r < 0)
        return r;
    memcpy(address.sun_path, path, strlen(path) + 1);
    cleanup_fd int sock = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    mode_t mask = umask(0177); /* nobody else in, not even for a moment */
    r = sock < 0 || bind(sock, (struct sockaddr *)&address, sizeof address) < 0 ? -errno : 0;
    umask(mask);
    if (r < 0)
        return error_set(err, -r, "listen on unix:%s: %m", path);
    struct stat st;
    if (lstat(path, &st) < 0 || listen(sock, BACKLOG) < 0)
        return error_set(err, errno, "listen on unix:%s: %m", path);
    memcpy(l->path, path, strlen(path) + 1);
    l->device = st.st_dev;
    l->inode = st.st_ino;
    l->loopback = true;
    l->fd = steal_fd(&sock);
    snprintf(l->name, sizeof l->name, "unix:%s", path);
    return set_owner(path, settings->group, err);
}

/* ---- TCP ---- */

static bool is_loopback(const struct sockaddr_storage *address)
{
    struct sockaddr_in in = {0};
    struct sockaddr_in6 in6 = {0};
    if (address->ss_family == AF_INET) {
        memcpy(&in, address, sizeof in);
        return ntohl(in.sin_addr.s_addr) >> 24 == 127;
    }
    memcpy(&in6, address, sizeof in6);
    const uint8_t *bytes = in6.sin6_addr.s6_addr;
    static const uint8_t loopback[16] = {[15] = 1}, mapped[13] = {[10] = 0xff, [11] = 0xff, [12] = 127};
    return address->ss_family == AF_INET6 &&
           (!memcmp(bytes, loopback, sizeof loopback) || !memcmp(bytes, mapped, sizeof mapped));
}

/* "host:port" or "[v6]:port" into its two parts. */
static int split_address(const char *text, char host[static 128], char port[static 16], struct error *err)
{
    const char *colon = strrchr(text, ':');
    size_t length = colon ? (size_t)(colon - text) : 0;
    if (length > 2 && text[0] == '[' && text[length - 1] == ']') {
        text++;
        length -= 2;
    } else if (colon && memchr(text, ':', length)) {
        length = 0; /* a bare IPv6 address: its last part is no port */
    }
    if (length == 0 || length >= 128 || strlen(colon + 1) >= 16 || !colon[1])
        return error_set(err, EINVAL, "listen on '%s': not HOST:PORT, [IPV6]:PORT or unix:/PATH", text);
    snprintf(host, 128, "%.*s", (int)length, text);
    snprintf(port, 16, "%s", colon + 1);
    return 0;
}

static void name_tcp(struct listener *l)
{
    struct sockaddr_storage address = {0};
    socklen_t size = sizeof address;
    char host[64] = "?", port[16] = "?";
    getsockname(l->fd, (struct sockaddr *)&address, &size);
    getnameinfo((struct sockaddr *)&address, size, host, sizeof host, port, sizeof port,
                NI_NUMERICHOST | NI_NUMERICSERV);
    l->loopback = is_loopback(&address);
    snprintf(l->name, sizeof l->name, strchr(host, ':') ? "http://[%s]:%s" : "http://%s:%s", host, port);
}

static int open_tcp(struct listener *l, const char *text, struct error *err)
{
    char host[128], port[16];
    int r = split_address(text, host, port, err);
    if (r < 0)
        return r;
    struct addrinfo hints = {.ai_flags = AI_PASSIVE | AI_NUMERICSERV, .ai_socktype = SOCK_STREAM}, *found;
    r = getaddrinfo(host, port, &hints, &found);
    if (r != 0)
        return error_set(err, EINVAL, "listen on %s: %s", text, gai_strerror(r));
    cleanup_fd int sock = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    const int one = 1;
    r = sock < 0 || setsockopt(sock, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) < 0 ||
                (found->ai_family == AF_INET6 &&
                 setsockopt(sock, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof one) < 0) ||
                bind(sock, found->ai_addr, found->ai_addrlen) < 0 || listen(sock, BACKLOG) < 0
            ? -errno
            : 0;
    freeaddrinfo(found);
    if (r == -EADDRINUSE)
        return in_use(text, err);
    if (r < 0)
        return error_set(err, -r, "listen on %s: %m", text);
    l->fd = steal_fd(&sock);
    name_tcp(l);
    return 0;
}

/* ---- all of them ---- */

static int open_one(struct listeners *ls, const char *text, const struct settings *settings,
                    struct error *err)
{
    if (ls->count == LISTENERS_MOST)
        return error_set(err, E2BIG, "listen: more than %d addresses", LISTENERS_MOST);
    struct listener *l = &ls->items[ls->count];
    *l = (struct listener){.fd = -1};
    int r = !strncmp(text, "unix:", 5) ? open_unix(l, text + 5, settings, err) : open_tcp(l, text, err);
    if (l->fd >= 0)
        ls->count++;
    return r;
}

int listeners_open(struct listeners *ls, const struct settings *settings, struct error *err)
{
    ls->count = 0;
    cleanup_free char *list = strdup(settings->listen);
    if (!list)
        return error_set(err, ENOMEM, "listen: %m");
    int r = 0;
    char *rest = list;
    for (char *word; r == 0 && (word = strsep(&rest, ", "));)
        if (*word)
            r = open_one(ls, word, settings, err);
    if (r == 0 && *settings->socket) {
        char text[256];
        snprintf(text, sizeof text, "unix:%s", settings->socket);
        r = open_one(ls, text, settings, err);
    }
    if (r == 0 && ls->count == 0)
        r = error_set(err, EINVAL, "listen: no address; set 'listen' or 'socket'");
    if (r < 0)
        listeners_close(ls);
    return r;
}

void listeners_close(struct listeners *ls)
{
    for (size_t i = 0; i < ls->count; i++) {
        const struct listener *l = &ls->items[i];
        struct stat st;
        if (*l->path && lstat(l->path, &st) == 0 && st.st_dev == l->device && st.st_ino == l->inode)
            unlink(l->path);
        close(l->fd);
    }
    ls->count = 0;
}

/* An HTTP client that adds little to what is measured: one connection, kept open, one write and as few reads
 * as the answer comes in. */
#include "bench.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/uio.h>

enum { ANSWER_MOST = 1 << 20, HEAD_MOST = 512, PATIENCE_S = 120 };

struct client {
    int sock, port;
    size_t size;
    char answer[ANSWER_MOST];
};

static int dial(struct client *c, struct error *err)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)c->port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct timeval patience = {.tv_sec = PATIENCE_S};
    close_fd(&c->sock);
    c->sock = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (c->sock < 0 || connect(c->sock, (struct sockaddr *)&at, sizeof at) < 0 ||
        setsockopt(c->sock, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int)) < 0 ||
        setsockopt(c->sock, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) < 0)
        return error_set(err, errno, "connect to port %d: %m", c->port);
    return 0;
}

int client_open(struct client **client, int port, struct error *err)
{
    struct client *c = calloc(1, sizeof *c);
    if (!c)
        return error_set(err, ENOMEM, "HTTP client");
    c->port = port;
    c->sock = -1;
    *client = c;
    return dial(c, err);
}

void client_close(struct client **client)
{
    if (!*client)
        return;
    close_fd(&(*client)->sock);
    free(*client);
    *client = NULL;
}

/* The length of the answer with its head, 0 while the head is not complete. */
static size_t whole_size(const struct client *c)
{
    const char *end = memmem(c->answer, c->size, "\r\n\r\n", 4);
    if (!end)
        return 0;
    const char *length = strcasestr(c->answer, "\r\nContent-Length:");
    size_t head = (size_t)(end - c->answer) + 4;
    return head + (length && length < end ? strtoul(length + 17, NULL, 10) : 0);
}

/* 1: the answer is there; 0: the server had closed the connection before it read anything. */
static int receive(struct client *c, struct error *err)
{
    size_t whole = 0;
    c->size = 0;
    while (whole == 0 || c->size < whole) {
        ssize_t n = recv(c->sock, c->answer + c->size, sizeof c->answer - 1 - c->size, 0);
        if (n < 0 && errno == EINTR)
            continue;
        if ((n == 0 || (n < 0 && errno == ECONNRESET)) && c->size == 0)
            return 0;
        if (n <= 0)
            return error_set(err, n == 0 ? EPIPE : errno, "read an answer: %m");
        c->size += (size_t)n;
        c->answer[c->size] = 0;
        whole = whole_size(c);
        if (whole >= sizeof c->answer)
            return error_set(err, EMSGSIZE, "an answer of %zu bytes", whole);
    }
    return 1;
}

int client_call(struct client *c, const char *method, const char *path, const char *headers, const char *body,
                const char **answer, struct error *err)
{
    char head[HEAD_MOST];
    size_t size = body ? strlen(body) : 0;
    int n = snprintf(head, sizeof head,
                     "%s %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: application/json\r\n"
                     "Content-Length: %zu\r\n%s\r\n",
                     method, path, c->port, size, headers);
    struct iovec parts[] = {{head, (size_t)n}, {(void *)(uintptr_t)body, size}};
    /* A connection that was silent for long has been closed by the server. */
    for (int try = 0; try < 2; try++) {
        struct msghdr message = {.msg_iov = parts, .msg_iovlen = body ? 2 : 1};
        ssize_t sent = sendmsg(c->sock, &message, MSG_NOSIGNAL);
        int r = sent == n + (ssize_t)size ? receive(c, err) : 0;
        if (r < 0)
            return r;
        if (r > 0) {
            *answer = strstr(c->answer, "\r\n\r\n") + 4;
            return (int)strtol(c->answer + strlen("HTTP/1.1 "), NULL, 10);
        }
        if ((r = dial(c, err)) < 0)
            return r;
    }
    return error_set(err, EPIPE, "%s %s: the server closes the connection", method, path);
}

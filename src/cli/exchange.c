#include "cli/exchange.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>

enum { ANSWER_MOST = 1 << 20 };

int server_reachable(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (!*path)
        return -ENOENT;
    if (strlen(path) >= sizeof address.sun_path)
        return -ENAMETOOLONG;
    memcpy(address.sun_path, path, strlen(path) + 1);
    cleanup_fd int sock = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (sock < 0 || (connect(sock, (struct sockaddr *)&address, sizeof address) < 0 && errno != EAGAIN))
        return -errno;
    return 0;
}

size_t exchange_take(char *data, size_t size, size_t count, void *context)
{
    struct exchange *x = context;
    size_t n = size * count;
    if (x->body.size + n > x->body_most)
        return 0;
    pack_raw(&x->body, data, n);
    return x->body.failed ? 0 : n;
}

static size_t take_header(char *data, size_t size, size_t count, void *context)
{
    struct exchange *x = context;
    size_t n = size * count;
    if (n > 10 && !strncasecmp(data, "location: ", 10))
        snprintf(x->location, sizeof x->location, "%.*s", (int)strcspn(data + 10, "\r\n"), data + 10);
    return n;
}

void exchange_close(struct exchange *x)
{
    curl_easy_cleanup(x->curl);
    curl_slist_free_all(x->headers);
    packer_free(&x->body);
    *x = (struct exchange){0};
}

int exchange_open(struct exchange *x, const char *socket, const char *method, const char *path)
{
    exchange_close(x);
    char url[512];
    snprintf(url, sizeof url, "http://localhost%s", path);
    x->body_most = ANSWER_MOST;
    x->curl = curl_easy_init();
    if (!x->curl)
        return -ENOMEM;
    curl_easy_setopt(x->curl, CURLOPT_UNIX_SOCKET_PATH, socket);
    curl_easy_setopt(x->curl, CURLOPT_URL, url);
    curl_easy_setopt(x->curl, CURLOPT_CUSTOMREQUEST, method);
    curl_easy_setopt(x->curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(x->curl, CURLOPT_PROXY, "");
    curl_easy_setopt(x->curl, CURLOPT_USERAGENT, "phial/" PHIAL_VERSION);
    curl_easy_setopt(x->curl, CURLOPT_WRITEFUNCTION, exchange_take);
    curl_easy_setopt(x->curl, CURLOPT_WRITEDATA, x);
    curl_easy_setopt(x->curl, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(x->curl, CURLOPT_HEADERDATA, x);
    curl_easy_setopt(x->curl, CURLOPT_PRIVATE, x);
    return 0;
}

void exchange_header(struct exchange *x, const char *line)
{
    x->headers = curl_slist_append(x->headers, line);
    curl_easy_setopt(x->curl, CURLOPT_HTTPHEADER, x->headers);
}

void exchange_send(struct exchange *x, const void *data, size_t size)
{
    curl_easy_setopt(x->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)size);
    curl_easy_setopt(x->curl, CURLOPT_COPYPOSTFIELDS, data);
}

void exchange_problem(const struct exchange *x, struct error *err)
{
    json_t *problem = json_loadb((const char *)x->body.data, x->body.size, 0, NULL);
    const char *title = json_string_value(json_object_get(problem, "title"));
    const char *detail = json_string_value(json_object_get(problem, "detail"));
    const char *pointer = json_string_value(json_object_get(problem, "pointer"));
    if (title)
        error_set(err, EREMOTEIO, "the server says: %s%s%s%s%s%s", title, detail ? ": " : "",
                  detail ? detail : "", pointer ? " (" : "", pointer ? pointer : "", pointer ? ")" : "");
    else
        error_set(err, EREMOTEIO, "the server answers with HTTP status %ld", x->status);
    json_decref(problem);
}

/* Phial servers of our own, each with settings of its own, as a user starts them. */
#include "bench.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

enum { READY_S = 120, POLL_US = 5000, ARGS_MOST = 64 };

struct server {
    pid_t pid;
    int port;
    struct client *client;
    char name[16];
    double ready_ns; /* from its start */
};

/* A port that was free a moment ago. */
static int free_port(void)
{
    cleanup_fd int sock = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof at;
    if (sock < 0 || bind(sock, (struct sockaddr *)&at, sizeof at) < 0 ||
        getsockname(sock, (struct sockaddr *)&at, &size) < 0)
        return -errno;
    return ntohs(at.sin_port);
}

static void log_path(const struct bench *b, const struct server *s, char path[static PATH_MAX + 32])
{
    snprintf(path, PATH_MAX + 32, "%s/%s.log", b->work, s->name);
}

struct arguments {
    const char *items[ARGS_MOST];
    size_t count;
};

static void add_setting(struct arguments *a, const char *setting)
{
    if (a->count + 3 > ARGS_MOST)
        return;
    a->items[a->count++] = "--set";
    a->items[a->count++] = setting;
}

static _Noreturn void become_server(struct bench *b, const struct server *s, const char *const *settings)
{
    char listen[64], languages[PATH_MAX + 32], state[PATH_MAX + 64], images[PATH_MAX + 32],
        log[PATH_MAX + 32];
    struct arguments a = {{"phial", "serve"}, 2};
    snprintf(listen, sizeof listen, "listen=127.0.0.1:%d", s->port);
    snprintf(state, sizeof state, "state_dir=%s/%s", b->work, s->name);
    snprintf(images, sizeof images, "images_dir=%s", b->images);
    snprintf(languages, sizeof languages, "languages_dir=%s", b->languages);
    const char *own[] = {listen,
                         state,
                         images,
                         "socket=",
                         "audit_log=/dev/null",
                         "allow_missing_landlock=true",
                         "allow_missing_core_scheduling=true"};
    for (size_t i = 0; i < array_length(own); i++)
        add_setting(&a, own[i]);
    if (b->languages)
        add_setting(&a, languages);
    for (; *settings; settings++)
        add_setting(&a, *settings);
    log_path(b, s, log);
    int out = open(log, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (out >= 0) {
        dup2(out, 1);
        dup2(out, 2);
    }
    execv(b->phial, (char *const *)(uintptr_t)a.items);
    _exit(127);
}

static const char *last_words(const struct bench *b, const struct server *s)
{
    static char text[512];
    char path[PATH_MAX + 32];
    log_path(b, s, path);
    cleanup_fd int fd = open(path, O_RDONLY | O_CLOEXEC);
    off_t size = fd < 0 ? 0 : lseek(fd, 0, SEEK_END);
    ssize_t n = fd < 0 ? 0 : pread(fd, text, sizeof text - 1, size > 500 ? size - 500 : 0);
    text[n > 0 ? n : 0] = 0;
    return text;
}

/* Until all templates are warm. */
static int wait_ready(const struct bench *b, struct server *s, struct error *err)
{
    uint64_t start = clock_now_ns();
    while (clock_now_ns() - start < READY_S * UINT64_C(1000000000)) {
        const char *answer;
        int status;
        if (waitpid(s->pid, &status, WNOHANG) == s->pid) {
            s->pid = 0;
            return error_set(err, ECHILD, "phial serve ended: %s", last_words(b, s));
        }
        int r = s->client ? client_call(s->client, "GET", "/readyz", "", NULL, &answer, err)
                          : client_open(&s->client, s->port, err);
        if (r == 200) {
            s->ready_ns = (double)(clock_now_ns() - start);
            return 0;
        }
        if (r < 0) /* it does not listen yet */
            client_close(&s->client);
        usleep(POLL_US);
    }
    return error_set(err, ETIMEDOUT, "phial serve is not ready after %d s", READY_S);
}

int server_start(struct bench *b, struct server **server, const char *name, const char *const *settings,
                 struct error *err)
{
    char path[PATH_MAX + 32];
    struct server *s = calloc(1, sizeof *s);
    if (!s)
        return error_set(err, ENOMEM, "a server");
    *server = s;
    snprintf(s->name, sizeof s->name, "%s", name);
    snprintf(path, sizeof path, "%s/%s", b->work, name);
    mkdir(path, 0700);
    s->port = free_port();
    if (s->port < 0)
        return error_set(err, -s->port, "find a free port: %m");
    s->pid = fork();
    if (s->pid < 0)
        return error_set(err, errno, "fork: %m");
    if (s->pid == 0)
        become_server(b, s, settings);
    return wait_ready(b, s, err);
}

void server_stop(struct server **server)
{
    struct server *s = *server;
    if (!s)
        return;
    if (s->pid > 0) {
        kill(s->pid, SIGTERM);
        waitpid(s->pid, NULL, 0);
    }
    client_close(&s->client);
    free(s);
    *server = NULL;
}

int server_port(const struct server *s)
{
    return s->port;
}

double server_ready_ns(const struct server *s)
{
    return s->ready_ns;
}

int ask(struct client *client, const struct question *q, bool warm, struct error *err)
{
    const char *answer;
    int code = client_call(client, "POST", "/api/v1/runs", "", q->body, &answer, err);
    if (code < 0)
        return code;
    json_t *got = json_loads(answer, 0, NULL);
    const char *status = json_string_value(json_object_get(got, "status"));
    const char *out = json_string_value(json_object_get(got, "stdout"));
    const char *start = json_string_value(json_object_get(got, "start"));
    bool right = code == 200 && status && out && start && strcmp(status, "ok") == 0 &&
                 strstr(out, q->wanted) && strcmp(start, warm ? "warm" : "cold") == 0;
    json_decref(got);
    return right ? 0 : error_set(err, EPROTO, "the answer is wrong: %d %.300s", code, answer);
}

int server_ask(struct server *s, const struct question *q, bool warm, struct error *err)
{
    return ask(s->client, q, warm, err);
}

int server_grade(struct server *s, const char *body, bool warm, struct error *err)
{
    const char *answer;
    int code = client_call(s->client, "POST", "/api/v1/grade", "", body, &answer, err);
    if (code < 0)
        return code;
    json_t *got = json_loads(answer, 0, NULL);
    const char *verdict = json_string_value(json_object_get(got, "verdict"));
    const char *judged = json_string_value(json_object_get(got, "judged"));
    const char *start = json_string_value(json_object_get(json_object_get(got, "run"), "start"));
    bool right = code == 200 && verdict && judged && start && strcmp(verdict, "pass") == 0 &&
                 strcmp(judged, "apart") == 0 && strcmp(start, warm ? "warm" : "cold") == 0;
    json_decref(got);
    return right ? 0 : error_set(err, EPROTO, "the answer is wrong: %d %.300s", code, answer);
}

int server_metric(struct server *s, const char *line, double *value, struct error *err)
{
    const char *text;
    size_t size = strlen(line);
    int code = client_call(s->client, "GET", "/metrics", "", NULL, &text, err);
    if (code < 0)
        return code;
    while (text && (strncmp(text, line, size) != 0 || text[size] != ' '))
        text = (text = strchr(text, '\n')) ? text + 1 : NULL;
    if (!text)
        return error_set(err, ENOENT, "there is no metric %s", line);
    *value = strtod(text + size, NULL);
    return 0;
}

struct client *server_client(struct server *s)
{
    return s->client;
}

/* A phial server of our own and one HTTP client, for what a user waits for. */
#include "bench.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

enum { ANSWER_MOST = 1 << 20, READY_S = 60 };

struct server {
    pid_t pid;
    CURL *curl;
    struct curl_slist *headers;
    char url[128], ready_url[128];
    char answer[ANSWER_MOST];
    size_t size;
};

static size_t take(char *data, size_t one, size_t n, void *context)
{
    struct server *s = context;
    if (one * n >= sizeof s->answer - s->size)
        return 0;
    memcpy(s->answer + s->size, data, one * n);
    s->size += one * n;
    s->answer[s->size] = 0;
    return one * n;
}

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

static _Noreturn void become_server(struct bench *b, int port)
{
    char listen[64], languages[PATH_MAX + 32], state_dir[PATH_MAX + 32], images[PATH_MAX + 32],
        socket[PATH_MAX + 32];
    char log[PATH_MAX + 32];
    snprintf(listen, sizeof listen, "listen=127.0.0.1:%d", port);
    snprintf(socket, sizeof socket, "socket=");
    snprintf(state_dir, sizeof state_dir, "state_dir=%s/state", b->work);
    snprintf(images, sizeof images, "images_dir=%s", b->images);
    snprintf(languages, sizeof languages, "languages_dir=%s", b->languages);
    snprintf(log, sizeof log, "%s/server.log", b->work);
    int out = open(log, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (out >= 0) {
        dup2(out, 1);
        dup2(out, 2);
    }
    execl(b->phial, "phial", "serve", "--set", listen, "--set", socket, "--set", state_dir, "--set", images,
          "--set", "allow_missing_landlock=true", "--set", "allow_missing_core_scheduling=true", "--set",
          "audit_log=/dev/null", b->languages ? "--set" : NULL, languages, NULL);
    _exit(127);
}

static const char *last_words(struct bench *b)
{
    static char text[512];
    char path[PATH_MAX + 32];
    snprintf(path, sizeof path, "%s/server.log", b->work);
    cleanup_fd int fd = open(path, O_RDONLY | O_CLOEXEC);
    off_t size = fd < 0 ? 0 : lseek(fd, 0, SEEK_END);
    ssize_t n = fd < 0 ? 0 : pread(fd, text, sizeof text - 1, size > 500 ? size - 500 : 0);
    text[n > 0 ? n : 0] = 0;
    return text;
}

static int wait_ready(struct bench *b, struct error *err)
{
    struct server *s = b->server;
    for (int i = 0; i < READY_S * 10; i++) {
        long code = 0;
        int status;
        if (waitpid(s->pid, &status, WNOHANG) == s->pid) {
            s->pid = 0;
            return error_set(err, ECHILD, "phial serve ended: %s", last_words(b));
        }
        curl_easy_setopt(s->curl, CURLOPT_URL, s->ready_url);
        s->size = 0;
        if (curl_easy_perform(s->curl) == CURLE_OK &&
            curl_easy_getinfo(s->curl, CURLINFO_RESPONSE_CODE, &code) == CURLE_OK && code == 200)
            return 0;
        usleep(100000);
    }
    return error_set(err, ETIMEDOUT, "phial serve is not ready after %d s", READY_S);
}

int server_start(struct bench *b, struct error *err)
{
    char path[PATH_MAX + 16];
    struct server *s = calloc(1, sizeof *s);
    if (!s || !(s->curl = curl_easy_init())) {
        free(s);
        return error_set(err, ENOMEM, "HTTP client");
    }
    b->server = s;
    s->headers = curl_slist_append(NULL, "Content-Type: application/json");
    curl_easy_setopt(s->curl, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(s->curl, CURLOPT_WRITEDATA, s);

    snprintf(path, sizeof path, "%s/state", b->work);
    mkdir(path, 0700);
    int port = free_port();
    if (port < 0)
        return error_set(err, -port, "find a free port: %m");
    snprintf(s->url, sizeof s->url, "http://127.0.0.1:%d/api/v1/runs", port);
    snprintf(s->ready_url, sizeof s->ready_url, "http://127.0.0.1:%d/readyz", port);
    s->pid = fork();
    if (s->pid < 0)
        return error_set(err, errno, "fork: %m");
    if (s->pid == 0)
        become_server(b, port);
    return wait_ready(b, err);
}

void server_stop(struct bench *b)
{
    struct server *s = b->server;
    if (!s)
        return;
    if (s->pid > 0) {
        kill(s->pid, SIGTERM);
        waitpid(s->pid, NULL, 0);
    }
    curl_slist_free_all(s->headers);
    curl_easy_cleanup(s->curl);
    free(s);
    b->server = NULL;
}

static int ask(struct bench *b, const char *body, const char *wanted, struct error *err)
{
    struct server *s = b->server;
    s->size = 0;
    curl_easy_setopt(s->curl, CURLOPT_URL, s->url);
    curl_easy_setopt(s->curl, CURLOPT_HTTPHEADER, s->headers);
    curl_easy_setopt(s->curl, CURLOPT_POSTFIELDS, body);
    CURLcode code = curl_easy_perform(s->curl);
    if (code != CURLE_OK)
        return error_set(err, EIO, "POST %s: %s", s->url, curl_easy_strerror(code));
    json_t *answer = json_loadb(s->answer, s->size, 0, NULL);
    const char *status = json_string_value(json_object_get(answer, "status"));
    const char *out = json_string_value(json_object_get(answer, "stdout"));
    bool right = status && out && strcmp(status, "ok") == 0 && strcmp(out, wanted) == 0;
    json_decref(answer);
    return right ? 0 : error_set(err, EPROTO, "the answer is wrong: %.300s", s->answer);
}

int run_elixir_phial(struct bench *b, struct error *err)
{
    return ask(b,
               "{\"language\":\"elixir\",\"files\":[{\"name\":\"main.exs\",\"content\":\"IO.puts(1 + 1)\"}]}",
               "2\n", err);
}

int run_bash_phial(struct bench *b, struct error *err)
{
    return ask(b, "{\"language\":\"bash\",\"files\":[{\"name\":\"main.sh\",\"content\":\"true\"}]}", "", err);
}

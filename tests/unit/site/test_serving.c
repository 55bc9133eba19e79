/* The site in one process, behind its real server and over its real store: pages, what forms become where no
 * sandbox is, what is kept. Under the sanitizers this is where its memory is looked at. */
#include "../language/folder.h"
#include "../store/house.h"

#include "site/site.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>

struct fixture {
    struct folder *folder;
    struct house *house;
    struct settings settings;
    struct languages languages;
    struct executor_client *executor;
    struct http_server *server;
    struct api *api;
    struct site *site;
    int port;
    char answer[1 << 18];
    size_t size;
};

static void put_course(const struct folder *f)
{
    static const char *const files[][2] = {
        {"courses/demo/course.yaml", "title: Demo\nlanguage: bash\nsummary: S\nauthor: A\nlicense: CC0\n"},
        {"courses/demo/01-one.md",
         "---\ntitle: One\nsummary: First\n---\nText\n\n```bash run\necho 1\n```\n\n## Part\n\n"
         "Penguins.\n\n```bash exercise=sum\n```\n"},
        {"courses/demo/02-two.md", "---\ntitle: Two\nsummary: Second\n---\nText\n"},
        {"courses/demo/exercises/sum/exercise.yaml",
         "title: Sum\ndifficulty: 2\nhints: [A, B, C]\nexpect: [{stdout: \"3\"}]\n"},
        {"courses/demo/exercises/sum/stub.sh", "# stub\n"},
        {"courses/demo/exercises/sum/solution.sh", "echo 3\n"},
    };
    for (size_t i = 0; i < array_length(files); i++)
        folder_put(f, files[i][0], files[i][1]);
}

static void set(struct settings *settings, const char *name, const char *value)
{
    char text[256];
    struct error err;
    snprintf(text, sizeof text, "%s=%s", name, value);
    if (settings_set(settings, text, &err) < 0)
        fail_msg("%s", err.text);
}

static void no_word(void *context)
{
    (void)context;
}

static void listen_on(struct fixture *f)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof at;
    struct error err;
    int sock = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(sock, (struct sockaddr *)&at, size), 0);
    assert_int_equal(listen(sock, 10), 0);
    assert_int_equal(getsockname(sock, (struct sockaddr *)&at, &size), 0);
    f->port = ntohs(at.sin_port);
    assert_int_equal(http_server_listen(f->server, sock, &err), 0);
}

static void build(struct fixture *f)
{
    struct error err = {0};
    struct key_ring *keys;
    assert_int_equal(site_load(&f->site, &f->settings, &f->languages, &err), 0);
    const struct executor_client_options client = {.loop = f->house->loop,
                                                   .running_most = 2,
                                                   .queue_most = 2,
                                                   .client_most = 2,
                                                   .client_queue_most = 2,
                                                   .lost = no_word};
    assert_int_equal(executor_client_new(&f->executor, &client), 0);
    assert_int_equal(key_ring_open(&keys, -1), 0);
    const struct http_options http = {.loop = f->house->loop, .settings = &f->settings, .keys = keys};
    assert_int_equal(http_server_new(&f->server, &http), 0);
    const struct api_options api = {.loop = f->house->loop,
                                    .settings = &f->settings,
                                    .languages = &f->languages,
                                    .executor = f->executor,
                                    .server = f->server,
                                    .store = f->house->store,
                                    .audit = open("/dev/null", O_WRONLY | O_CLOEXEC),
                                    .memory = -1};
    assert_int_equal(api_new(&f->api, &api), 0);
    const struct site_parts parts = {.api = f->api, .store = f->house->store};
    if (site_open(f->site, &parts, &err) < 0)
        fail_msg("%s", err.text);
    assert_int_equal(site_routes(f->site, f->server), 0);
    listen_on(f);
}

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    struct error err;
    const char *languages = getenv("PHIAL_LANGUAGES");
    assert_non_null(languages);
    assert_int_equal(folder_make((void **)&f->folder), 0);
    assert_int_equal(house_build((void **)&f->house), 0);
    assert_int_equal(languages_load(&f->languages, languages, NULL, &err), 0);
    assert_int_equal(settings_init(&f->settings), 0);
    put_course(f->folder);
    set(&f->settings, "course_dirs", folder_path(f->folder, "courses"));
    set(&f->settings, "languages_dir", languages);
    build(f);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    http_server_free(f->server);
    api_free(f->api);
    site_free(f->site);
    executor_client_free(f->executor);
    house_leave((void **)&f->house);
    languages_free(&f->languages);
    settings_free(&f->settings);
    int r = folder_remove((void **)&f->folder);
    free(f);
    return r;
}

/* Sends a request and lets the loop run until the server has closed; the status. `headers` end their lines.
 */
static int call(struct fixture *f, const char *line, const char *headers, const char *body)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)f->port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    char text[2048];
    cleanup_fd int sock = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(sock, (struct sockaddr *)&at, sizeof at), 0);
    int n = snprintf(text, sizeof text,
                     "%s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: %zu\r\n%s\r\n%s",
                     line, strlen(body), headers, body);
    assert_int_equal(write_all(sock, text, (size_t)n), 0);
    assert_int_equal(fcntl(sock, F_SETFL, O_NONBLOCK), 0);
    f->size = 0;
    for (ssize_t got = -1; got != 0;) {
        event_base_loop(f->house->loop, EVLOOP_NONBLOCK);
        got = recv(sock, f->answer + f->size, sizeof f->answer - 1 - f->size, 0);
        assert_true(got >= 0 || errno == EAGAIN);
        f->size += got > 0 ? (size_t)got : 0;
    }
    f->answer[f->size] = 0;
    return (int)strtol(f->answer + strlen("HTTP/1.1 "), NULL, 10);
}

static int get(struct fixture *f, const char *path)
{
    char line[256];
    snprintf(line, sizeof line, "GET %s", path);
    return call(f, line, "", "");
}

static int post(struct fixture *f, const char *path, const char *headers, const char *body)
{
    char line[256], all[512];
    snprintf(line, sizeof line, "POST %s", path);
    snprintf(all, sizeof all, "Content-Type: %s\r\n%s",
             *body == '{' ? "application/json" : "application/x-www-form-urlencoded", headers);
    return call(f, line, all, body);
}

static void assert_shows(const struct fixture *f, const char *text)
{
    if (!strstr(f->answer, text))
        fail_msg("'%s' is not in: %.2000s", text, f->answer);
}

static void pages_are_served(void **state)
{
    struct fixture *f = *state;
    static const char *const paths[][2] = {
        {"/", "href=\"/learn/demo/one\""},
        {"/learn/demo/one", "data-exercise=\"demo/one/sum\""},
        {"/learn/demo/two", "<a rel=\"prev\" href=\"/learn/demo/one\">"},
        {"/play", "<select name=\"language\">"},
        {"/search?q=pengu", "<mark>Penguins</mark>"},
        {"/account", "action=\"/account/sign-up\""},
    };
    for (size_t i = 0; i < array_length(paths); i++) {
        assert_int_equal(get(f, paths[i][0]), 200);
        assert_shows(f, paths[i][1]);
    }
    assert_int_equal(get(f, "/learn/demo"), 303);
    assert_int_equal(get(f, "/learn/demo/three"), 404);
    assert_int_equal(get(f, "/learn/none"), 404);
    assert_int_equal(get(f, "/play/none"), 404);
    assert_int_equal(get(f, "/teach"), 403);
}

static void a_form_shows_its_page_though_nothing_can_run(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(post(f, "/run", "", "language=bash&at=demo%2Fone%23run.1&code=%3Cmine%3E"), 503);
    assert_shows(f, "<h1>One</h1>");
    assert_shows(f, "&lt;mine&gt;</textarea>");
    assert_shows(f, "class=\"verdict bad\"");
    assert_int_equal(post(f, "/run", "", "language=none&code=x"), 400);
    assert_shows(f, "<h1>Playground</h1>");
    assert_int_equal(post(f, "/check", "", "exercise=demo/one/sum&code=mine"), 503);
    assert_shows(f, "mine</textarea>");
    assert_int_equal(post(f, "/site/check", "", "{\"exercise\":\"demo/one/sum\",\"code\":\"x\"}"), 503);
    assert_int_equal(post(f, "/site/live", "", "{\"language\":\"bash\",\"code\":\"x\"}"), 503);
    assert_int_equal(post(f, "/run", "Origin: https://evil.example\r\n", "language=bash&code=x"), 403);
}

static void what_is_kept_is_shown_again(void **state)
{
    struct fixture *f = *state;
    static const char cookie[] = "Cookie: phial_learner=00112233445566778899aabbccddeeff\r\n";
    assert_int_equal(post(f, "/hint", cookie, "exercise=demo/one/sum&code=mine"), 200);
    assert_shows(f, "<li><p>A</p>");
    assert_int_equal(post(f, "/reset", cookie, "exercise=demo/one/sum&code=mine"), 200);
    assert_shows(f, "# stub\n</textarea>");
    assert_shows(f, "<li><p>A</p>");
    assert_int_equal(post(f, "/share", "", "language=bash&code=echo+shared"), 303);
    char path[64] = "";
    assert_int_equal(sscanf(strstr(f->answer, "Location: "), "Location: %63s", path), 1);
    assert_int_equal(get(f, path), 200);
    assert_shows(f, "echo shared</textarea>");
}

static void a_reader_may_leave_while_something_is_kept(void **state)
{
    struct fixture *f = *state;
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)f->port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    static const char request[] =
        "POST /share HTTP/1.1\r\nHost: localhost\r\nContent-Length: 20\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n\r\nlanguage=bash&code=x";
    for (int i = 0; i < 20; i++) {
        int sock = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        assert_int_equal(connect(sock, (struct sockaddr *)&at, sizeof at), 0);
        assert_int_equal(write_all(sock, request, sizeof request - 1), 0);
        for (int turn = 0; turn < i; turn++)
            event_base_loop(f->house->loop, EVLOOP_NONBLOCK);
        close(sock);
    }
    assert_int_equal(get(f, "/"), 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(pages_are_served, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_form_shows_its_page_though_nothing_can_run, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_kept_is_shown_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_reader_may_leave_while_something_is_kept, set_up, tear_down),
    };
    return unit_run(tests);
}

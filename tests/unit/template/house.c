#include "house.h"

#include "sandbox/internal.h"

#include <fcntl.h>
#include <linux/sched.h>
#include <poll.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

/* Slots and uids that no executor takes; several of these tests may run at once. */
enum { SLOT_FIRST = 1100, UIDS_FIRST = 2080374784, WAIT_MS = 30000 };

static unsigned slot;
static struct ground *ground;
static struct filter filter;
static const bool available[1] = {true};

static char *nothing[] = {NULL};
static char code[4096];
static char *runtime[] = {"/usr/bin/python3", "-I", "-S", "-c", code, NULL};

struct language language;
static struct languages languages = {&language, 1};

void prepare(struct under_test *t, const char *source)
{
    snprintf(code, sizeof code, "%s", source);
    language = (struct language){
        .name = "python",
        .image = "python",
        .run = runtime,
        .env = nothing,
        .harness = true,
        .limits = {.wall_ms = 10000,
                   .cpu_ms = 5000,
                   .memory_bytes = 64 << 20,
                   .processes = 16,
                   .output_bytes = 65536,
                   .disk_bytes = 1 << 20},
        .boot = {.wall_ms = 10000, .memory_bytes = 64 << 20, .processes = 16},
        .template = {.warm_up = "/phial/warm_up",
                     .reseed = "/phial/reseed",
                     .run = nothing,
                     .env = nothing,
                     .boot = {.wall_ms = 20000, .memory_bytes = 128 << 20, .processes = 32}},
    };
    *t = (struct under_test){.loop = event_base_new()};
    t->options = (struct templates_options){.loop = t->loop,
                                            .ground = ground,
                                            .languages = &languages,
                                            .filters = &filter,
                                            .available = available,
                                            .ceiling = limits_ceiling,
                                            .cpu_percent = 100,
                                            .clones_most = 1000,
                                            .age_most_ms = 600000,
                                            .pool_bytes = 256 << 20};
}

void open_templates(struct under_test *t)
{
    struct error err;
    if (templates_open(&t->templates, &t->options, &err) < 0)
        fail_msg("%s", err.text);
}

void begin(struct under_test *t, const char *source)
{
    prepare(t, source);
    open_templates(t);
}

struct warm_facts facts_of(const struct under_test *t)
{
    struct warm_facts facts;
    templates_facts(t->templates, 0, &facts);
    return facts;
}

struct ground *house_ground(void)
{
    return ground;
}
const struct filter *house_filter(void)
{
    return &filter;
}

void house_is_empty(void)
{
    siginfo_t info = {0};
    long init = pidfd_number(ground->init_pidfd), maker = pidfd_number(ground->maker_pidfd);
    char path[64];
    cleanup_free char *text = NULL;
    assert_null(ground_cgroups(ground)->live);
    assert_null(ground->boxes);
    assert_null(ground->templates);
    for (uint32_t uid = 0; uid < UIDS; uid++)
        assert_int_equal(ground->uids[uid], 0);
    assert_int_equal(waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT | __WALL), 0);
    assert_int_equal(info.si_pid, 0);
    snprintf(path, sizeof path, "/proc/self/task/%d/children", gettid());
    assert_int_equal(read_file_at(AT_FDCWD, path, 4096, &text, NULL, NULL), 0);
    for (char *at = text, *next; *at && *at != '\n'; at = next + 1) {
        long pid = strtol(at, &next, 10);
        if (next == at)
            break;
        assert_true(pid == init || pid == maker);
    }
}

void end(struct under_test *t)
{
    templates_close(t->templates);
    event_base_free(t->loop);
    house_is_empty();
}

static void stop_loop(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    event_base_loopbreak(context);
}

void until(struct under_test *t, bool (*done)(const struct under_test *t))
{
    uint64_t most = clock_now_ns() + WAIT_MS * UINT64_C(1000000);
    struct event look = {0};
    struct timeval often = {.tv_usec = 2000};
    event_assign(&look, t->loop, -1, EV_PERSIST, stop_loop, t->loop);
    event_add(&look, &often);
    while (!done(t)) {
        if (clock_now_ns() > most) {
            struct warm_facts facts = facts_of(t);
            fail_msg("it did not come to that; the last fault: %s", facts.why);
        }
        event_base_dispatch(t->loop);
    }
    event_del(&look);
}

bool is_warm(const struct under_test *t)
{
    return facts_of(t).state == WARM_READY;
}
bool one_waits(const struct under_test *t)
{
    return facts_of(t).ready == 1;
}
bool had_a_fault(const struct under_test *t)
{
    return facts_of(t).faults > 0;
}
bool the_second_serves(const struct under_test *t)
{
    const struct warm *warm = &t->templates->items[0];
    return warm->serving && warm->serving->number == 2;
}
bool nothing_ends(const struct under_test *t)
{
    return !t->templates->endings;
}
bool nothing_is_made(const struct under_test *t)
{
    return !t->templates->items[0].makings;
}

/* ---- clones ---- */

static void on_answer(void *context, const struct clone *clone)
{
    struct answer *answer = context;
    assert_false(answer->came);
    answer->came = true;
    answer->none = !clone;
    if (clone)
        answer->clone = *clone;
}

int take_with(struct under_test *t, uint64_t disk_bytes, struct answer *answer, struct clone_ask **ask)
{
    *answer = (struct answer){0};
    int r = templates_take(t->templates, &language, disk_bytes, language_disk_files(disk_bytes),
                           &answer->clone, on_answer, answer, ask);
    answer->came = r == 1;
    return r;
}

int take(struct under_test *t, struct answer *answer)
{
    struct clone_ask *ask;
    return take_with(t, language.limits.disk_bytes, answer, &ask);
}

void wait_for_answer(struct under_test *t, struct answer *answer)
{
    for (int i = 0; i < WAIT_MS && !answer->came; i++) {
        event_base_loop(t->loop, EVLOOP_NONBLOCK);
        poll(NULL, 0, 1);
    }
    assert_true(answer->came);
}

static bool readable(int fd)
{
    struct pollfd p = {fd, POLLIN, 0};
    return poll(&p, 1, WAIT_MS) == 1;
}

void use(struct under_test *t, struct answer *answer)
{
    struct clone *c = &answer->clone;
    struct program_end program_end;
    char text[64] = "";
    assert_true(answer->came && !answer->none);
    assert_int_equal(program_state(c->program), PROGRAM_RUNNING);
    assert_int_equal(write(c->order, "hello", 5), 5);
    close_fd(&c->order);
    assert_true(readable(c->output));
    assert_int_equal(read(c->output, text, sizeof text - 1), 9);
    assert_string_equal(text, "got hello");
    assert_true(readable(program_pidfd(c->program)));
    assert_int_equal(program_reap(c->program, &program_end), 0);
    assert_true(!program_end.signaled && program_end.code == 7);
    clone_discard(t->templates, c);
}

void take_and_use(struct under_test *t)
{
    struct answer answer;
    assert_true(take(t, &answer) >= 0);
    wait_for_answer(t, &answer);
    use(t, &answer);
}

/* ---- the house ---- */

int house_set_up(void **state)
{
    (void)state;
    const char *images = getenv("PHIAL_IMAGES") ? getenv("PHIAL_IMAGES") : "/var/lib/phial/images";
    struct ground_image image = {"python", "/mnt"};
    struct ground_options options = {&image, 1, slot, UIDS_FIRST + (slot - SLOT_FIRST) * UIDS, true, true};
    struct error err = {0};
    assert_int_equal(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), 0);
    assert_int_equal(mount("proc", "/proc", "proc", 0, NULL), 0);
    if (image_mount(images, "python", "/mnt", &err) < 0 || filter_compile(&filter, NULL, &err) < 0 ||
        ground_start(&ground, &options, &err) < 0) {
        fprintf(stderr, "%s\n", err.text);
        return -1;
    }
    return 0;
}

int house_tear_down(void **state)
{
    (void)state;
    filter_close(&filter);
    ground_stop(ground);
    return 0;
}

int house_main(int argc, char **argv, int (*all_tests)(void))
{
    if (geteuid() != 0) {
        fprintf(stderr, "usage, as root: %s [PATTERN]\n", argv[0]);
        return 77; /* meson: skipped */
    }
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    signal(SIGPIPE, SIG_IGN);
    slot = SLOT_FIRST + (unsigned)getpid() % 900;
    struct clone_args args = {.flags = CLONE_NEWPID | CLONE_NEWNS, .exit_signal = SIGCHLD};
    long pid = syscall(SYS_clone3, &args, sizeof args);
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        exit(all_tests());
    }
    int status = 1;
    waitpid((pid_t)pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

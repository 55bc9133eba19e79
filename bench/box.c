/* Phial's own sandbox, called as the executor calls it, without server, queue and messages. */
#include "bench.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

enum { STEPS_MOST = 20 };
/* The last slot of the house's block of uids: a server on this machine begins with the first. */
enum { BENCH_SLOT = 63, UID_BASE = 1879048192 };

struct box_bench {
    struct ground *ground;
    struct filter filter;
    int null;
};

int box_bench_start(struct bench *b, struct error *err)
{
    struct box_bench *bb = calloc(1, sizeof *bb);
    if (!bb)
        return error_set(err, ENOMEM, "box bench");
    b->box = bb;
    bb->null = open("/dev/null", O_RDWR | O_CLOEXEC);
    int r = filter_compile(&bb->filter, NULL, err);
    if (r < 0)
        return r;
    struct ground_image images[] = {{"bash", b->true_root}, {"elixir", b->elixir_root}};
    struct ground_options options = {.images = images,
                                     .image_count = array_length(images),
                                     .slot = BENCH_SLOT,
                                     .uid_base = UID_BASE + BENCH_SLOT * 65536,
                                     .without_landlock = true,
                                     .without_core_scheduling = true};
    return ground_start(&bb->ground, &options, err);
}

void box_bench_stop(struct bench *b)
{
    struct box_bench *bb = b->box;
    if (!bb)
        return;
    if (bb->ground)
        ground_stop(bb->ground);
    filter_close(&bb->filter);
    close_fd(&bb->null);
    free(bb);
    b->box = NULL;
}

struct ground *box_bench_ground(struct bench *b)
{
    return b->box->ground;
}

static int wait_readable(int fd, const char *what, struct error *err)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    int r;
    do
        r = poll(&p, 1, 10000);
    while (r < 0 && errno == EINTR);
    if (r == 1)
        return 0;
    return error_set(err, r == 0 ? ETIMEDOUT : errno, "wait for %s: %m", what);
}

static int make_ready(struct box_bench *bb, struct box **box, struct error *err)
{
    struct box_spec spec = {
        .image = "bash",
        .cgroup = {.memory_bytes = 256 << 20, .processes = 64, .cpu_percent = 100},
        .disk_bytes = 64 << 20,
        .disk_files = 10000,
    };
    int r = box_make(bb->ground, &spec, box, err);
    while (r >= 0 && box_state(*box) == BOX_MAKING) {
        r = wait_readable(box_fd(*box), "the box", err);
        if (r >= 0)
            r = box_step(*box, err);
    }
    return r < 0 ? r : box_state(*box) == BOX_READY ? 0 : error_set(err, EIO, "the box died");
}

static int start_true(struct box_bench *bb, struct box *box, struct program **program, struct error *err)
{
    static const char *const argv[] = {"/usr/bin/true", NULL}, *const env[] = {"PATH=/usr/bin:/bin", NULL};
    int fds[] = {bb->null, bb->null, bb->null};
    struct program_spec spec = {.argv = argv, .env = env, .fds = fds, .fd_count = 3, .filter = &bb->filter};
    int r = program_start(box, &spec, program, err);
    while (r >= 0 && program_state(*program) == PROGRAM_STARTING) {
        r = wait_readable(program_fd(*program), "the program", err);
        if (r >= 0)
            r = program_step(*program, err);
    }
    return r < 0                                        ? r
           : program_state(*program) == PROGRAM_RUNNING ? 0
                                                        : error_set(err, EIO, "it did not start");
}

static int reap_true(struct program *program, struct error *err)
{
    struct program_end end;
    int r = wait_readable(program_pidfd(program), "the program's end", err);
    if (r >= 0 && (r = program_reap(program, &end)) < 0)
        return error_set(err, -r, "reap the program: %m");
    if (r >= 0 && (end.signaled || end.code != 0))
        return error_set(err, ECHILD, "true ended with %s %d", end.signaled ? "signal" : "code", end.code);
    return r;
}

static int bury(struct bench *b, struct box *box, struct error *err)
{
    uint64_t start = clock_now_ns();
    box_kill(box);
    int r = wait_readable(box_init_fd(box), "the end of the box", err);
    uint64_t dead = clock_now_ns();
    while (r >= 0 && (r = box_reap(box, err)) == -EBUSY) {
        usleep(1000);
        r = 0;
    }
    note(&b->phases, "end", "kill, until init is dead", (double)(dead - start));
    note(&b->phases, "end", "reap, remove the cgroup", (double)(clock_now_ns() - dead));
    return r;
}

int run_true_phial(struct bench *b, struct error *err)
{
    struct box_bench *bb = b->box;
    struct box *box = NULL;
    struct program *program = NULL;
    struct step_time steps[STEPS_MOST];

    uint64_t start = clock_now_ns();
    int r = make_ready(bb, &box, err);
    uint64_t ready = clock_now_ns();
    if (r >= 0) {
        note_steps(&b->phases, "box", steps, box_step_times(box, steps, STEPS_MOST), (double)(ready - start));
        r = start_true(bb, box, &program, err);
    }
    uint64_t running = clock_now_ns();
    if (r >= 0) {
        note_steps(&b->phases, "program", steps, program_step_times(program, steps, STEPS_MOST),
                   (double)(running - ready));
        r = reap_true(program, err);
    }
    if (r >= 0) {
        note(&b->phases, "program", "exec, true itself, its end", (double)(clock_now_ns() - running));
        r = bury(b, box, err);
    }
    if (program)
        program_free(program);
    if (box)
        box_free(box);
    return r;
}

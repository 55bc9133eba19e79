#include "bare.h"

#include <poll.h>

extern const uint8_t template_engine[], template_engine_end[];

enum { WAIT_MS = 20000, TEXT_MOST = 65536 };

/* serve() carries out orders until one comes to its end without "stay". */
static const char head[] =
    "import ctypes, fcntl, mmap, os, select, signal, socket, sys, threading, time, traceback\n"
    "libc = ctypes.CDLL(None, use_errno=True)\n"
    "libc.mmap.restype = ctypes.c_void_p\n"
    "for name in ('mmap', 'munmap', 'madvise', 'mprotect'):\n"
    "  getattr(libc, name).argtypes = [ctypes.c_void_p, ctypes.c_size_t] + [ctypes.c_long] * 4\n"
    "libc.syscall.restype = ctypes.c_long\n"
    "libc.syscall.argtypes = [ctypes.c_long] * 7\n"
    "stay = False\n"
    "def fails(error, f, *args):\n"
    "  try: f(*args)\n"
    "  except OSError as e: assert e.errno == error, e\n"
    "  else: raise AssertionError('it does not fail')\n"
    "def serve():\n"
    "  global stay\n"
    "  os.write(4, b'ready\\n')\n"
    "  try:\n"
    "    while True:\n"
    "      stay = False\n"
    "      exec(os.read(3, 65536).decode(), globals())\n"
    "      os.write(1, b'fine')\n"
    "      if not stay: os._exit(0)\n"
    "  except BaseException:\n"
    "    os.write(1, traceback.format_exc().encode())\n"
    "    os._exit(1)\n";
static const char tail[] = "\nserve()\n";

static bool readable(int fd)
{
    struct pollfd p = {fd, POLLIN, 0};
    return poll(&p, 1, WAIT_MS) == 1;
}

static void fail_with_what_it_said(struct runtime *r)
{
    char text[4096];
    struct pollfd p = {r->pipes.ours[2], POLLIN, 0};
    ssize_t k = poll(&p, 1, 1000) > 0 ? read(r->pipes.ours[2], text, sizeof text - 1) : 0;
    text[k > 0 ? k : 0] = 0;
    fail_msg("it is not ready; it said: %s", text);
}

void boot(struct runtime *r, const char *source, const char *helper)
{
    static char code[65536];
    struct error err = {0};
    char *argv[] = {"/usr/bin/python3", "-I", "-S", "-c", code, NULL};
    char text[8] = "";
    cleanup_fd int engine = sealed_program("phial-engine", template_engine,
                                           (size_t)(template_engine_end - template_engine), &err);
    snprintf(code, sizeof code, "%s%s%s", head, source, tail);
    if (engine < 0 || pipes_open(&r->pipes, &err) < 0)
        fail_msg("%s", err.text);
    struct template_spec spec = {
        .image = "python",
        .argv = (const char *const *)argv,
        .fds = r->pipes.theirs,
        .fd_count = RUNTIME_FDS,
        .filter = house_filter(),
        .engine = engine,
        .helper = helper,
        .cgroup = {.memory_bytes = 256 << 20, .processes = 300},
    };
    if (template_start(house_ground(), &spec, &r->template, &err) < 0)
        fail_msg("%s", err.text);
    while (template_state(r->template) == TEMPLATE_STARTING)
        if (template_step(r->template, &err) < 0)
            fail_msg("%s", err.text);
    struct pollfd p[] = {{r->pipes.ours[4], POLLIN, 0}, {template_pidfd(r->template), POLLIN, 0}};
    if (poll(p, 2, WAIT_MS) < 1 || !p[0].revents || read(r->pipes.ours[4], text, sizeof text) != 6)
        fail_with_what_it_said(r);
}

int freeze(struct runtime *r, struct error *err)
{
    int result = template_freeze(r->template, err);
    while (result == 0 && template_state(r->template) == TEMPLATE_FREEZING)
        result = template_step(r->template, err);
    return result;
}

void freeze_well(struct runtime *r)
{
    struct error err = {0};
    if (freeze(r, &err) < 0)
        fail_msg("%s", err.text);
}

void end_runtime(struct runtime *r)
{
    struct error err = {0};
    int result;
    template_kill(r->template);
    assert_true(readable(template_pidfd(r->template)));
    for (int i = 0; (result = template_reap(r->template, &err)) == -EBUSY && i < WAIT_MS; i++)
        poll(NULL, 0, 1);
    if (result < 0)
        fail_msg("%s", err.text);
    template_free(r->template);
    pipes_close(r->pipes.ours);
    pipes_close(r->pipes.theirs);
}

/* ---- clones ---- */

void copy(struct runtime *r, struct copy *c)
{
    struct box_spec spec = {"python", {256 << 20, 300, 0}, 96 << 20, 1000};
    struct error err = {0};
    if (pipes_open(&c->pipes, &err) < 0 || box_make(house_ground(), &spec, &c->box, &err) < 0)
        fail_msg("%s", err.text);
    while (box_state(c->box) == BOX_MAKING)
        if (box_step(c->box, &err) < 0)
            fail_msg("%s", err.text);
    if (program_clone(c->box, r->template, c->pipes.theirs, RUNTIME_FDS, &c->program, &err) < 0)
        fail_msg("%s", err.text);
    while (program_state(c->program) == PROGRAM_STARTING)
        if (program_step(c->program, &err) < 0)
            fail_msg("%s", err.text);
    pipes_close(c->pipes.theirs);
}

static void expect_fine(struct copy *c)
{
    char text[TEXT_MOST] = "";
    assert_true(readable(c->pipes.ours[1]));
    ssize_t k = read(c->pipes.ours[1], text, sizeof text - 1);
    text[k > 0 ? k : 0] = 0;
    if (strcmp(text, "fine") != 0)
        fail_msg("the clone says: %s", text);
}

static void send_order(struct copy *c, const char *order)
{
    assert_int_equal(write(c->pipes.ours[3], order, strlen(order)), strlen(order));
}

void obey(struct copy *c, const char *order)
{
    struct program_end end;
    send_order(c, order);
    expect_fine(c);
    assert_true(readable(program_pidfd(c->program)));
    assert_int_equal(program_reap(c->program, &end), 0);
    assert_true(!end.signaled && end.code == 0);
}

void obey_and_stay(struct copy *c, const char *order)
{
    char text[4096];
    snprintf(text, sizeof text, "stay = True\n%s", order);
    send_order(c, text);
    expect_fine(c);
}

void end_copy(struct copy *c)
{
    struct error err = {0};
    struct program_end end;
    int result;
    box_kill(c->box);
    assert_true(readable(program_pidfd(c->program)));
    assert_int_equal(program_reap(c->program, &end), 0);
    program_free(c->program);
    assert_true(readable(box_init_fd(c->box)));
    while ((result = box_reap(c->box, &err)) == -EBUSY)
        poll(NULL, 0, 1);
    if (result < 0)
        fail_msg("%s", err.text);
    box_free(c->box);
    pipes_close(c->pipes.ours);
}

/* The executor against clients that misbehave, over a raw socket; and what its supervisor can ask of it.
 * Needs root and the image of bash. */
#include "unit.h"

#include "executor/wire.h"
#include "real.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>

static struct real real;

static int group_start(void **state)
{
    (void)state;
    return real_start(&real, (const char *const[]){"templates=false", NULL});
}

static int group_stop(void **state)
{
    (void)state;
    real_stop(&real);
    return 0;
}

/* A new client in place of the old one. */
static int connect_raw(void)
{
    int pair[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), 0);
    assert_int_equal(message_send(real.process.control, "c", 1, &pair[1], 1), 0);
    close(pair[1]);
    return pair[0];
}

static int send_raw(int sock, uint8_t kind, uint32_t run, const void *body, size_t size, int fd)
{
    struct packer p = {0};
    pack_u8(&p, kind);
    pack_u32(&p, run);
    pack_bytes(&p, body, size);
    int r = message_send(sock, p.data, p.size, &fd, fd >= 0);
    packer_free(&p);
    return r;
}

static int packed(const char *source)
{
    struct run_request r = request_of("bash", "main.sh", source);
    struct packer p = {0};
    r.limits.output_bytes = 16 << 20;
    run_request_pack(&p, &r);
    int fd = memfd_sealed("request", p.data, p.size);
    assert_true(fd >= 0);
    packer_free(&p);
    run_request_free(&r);
    return fd;
}

static int send_run(int sock, uint32_t run, const char *source)
{
    cleanup_fd int fd = packed(source);
    return send_raw(sock, WIRE_RUN, run, NULL, 0, fd);
}

/* Waits for the next message of a kind that counts; OUTPUT bytes are added up. 0 at the end of the
 * connection. */
static enum wire_kind receive(int sock, struct wire_message *m, size_t *output)
{
    static uint8_t packet[WIRE_PACKET_MOST];
    for (;;) {
        ssize_t n = message_receive(sock, packet, sizeof packet, NULL, 0, NULL);
        if (n <= 0)
            return WIRE_NONE;
        assert_int_equal(wire_read(m, WIRE_TO_CLIENT, WIRE_OPEN, packet, (size_t)n, 0), 0);
        struct wire_chunk chunk;
        if (m->kind == WIRE_OUTPUT && wire_read_chunk(m, RUN_REPORT, &chunk) == 0 && output)
            *output += chunk.size;
        else if (m->kind != WIRE_STATS && m->kind != WIRE_OUTPUT)
            return m->kind;
    }
}

/* Boxes of the test before may still be dying; then there is no room for a moment. */
static void begin(int sock, const char *source, size_t *output)
{
    struct wire_message m;
    enum wire_kind kind = WIRE_REFUSED;
    for (uint32_t run = 100; kind == WIRE_REFUSED; run++) {
        usleep(1000);
        assert_int_equal(send_run(sock, run, source), 0);
        kind = receive(sock, &m, output);
    }
    assert_int_equal(kind, WIRE_STARTED);
}

static void expect_alive(void)
{
    struct wire_message m;
    size_t output = 0;
    cleanup_fd int sock = connect_raw();
    begin(sock, "echo fine", &output);
    assert_int_equal(receive(sock, &m, &output), WIRE_RESULT);
    assert_int_equal(output, 5);
}

static void expect_closed(int sock)
{
    struct wire_message m;
    enum wire_kind kind;
    while ((kind = receive(sock, &m, NULL)) != WIRE_NONE)
        assert_int_not_equal(kind, WIRE_RESULT);
}

static void a_malformed_message_ends_the_connection_only(void **state)
{
    (void)state;
    static const struct {
        uint8_t kind;
        uint32_t run;
        const char *body;
        size_t size;
        bool with_fd;
    } bad[] = {
        {0, 0, "", 0, false},
        {200, 1, "", 0, false},
        {WIRE_RUN, 2, "", 0, false},             /* no memfd */
        {WIRE_RUN, 0, "", 0, true},              /* no number */
        {WIRE_RUN, 1, "", 0, true},              /* a number that is taken */
        {WIRE_RUN, 2, "x", 1, true},             /* a body */
        {WIRE_CANCEL, 1, "", 0, true},           /* a descriptor */
        {WIRE_PAUSE, 1, "\2", 1, false},         /* neither on nor off */
        {WIRE_STDIN, 1, "\0\1\0\0\0", 5, false}, /* a length that lies */
        {WIRE_RESULT, 1, "x", 1, false},         /* the wrong direction */
    };
    for (size_t i = 0; i < array_length(bad); i++) {
        cleanup_fd int sock = connect_raw();
        assert_int_equal(send_run(sock, 1, "sleep 1000"), 0);
        cleanup_fd int fd = bad[i].with_fd ? packed("echo") : -1;
        assert_int_equal(send_raw(sock, bad[i].kind, bad[i].run, bad[i].body, bad[i].size, fd), 0);
        expect_closed(sock);
    }
    expect_alive();
}

static void only_a_sealed_memfd_is_taken(void **state)
{
    (void)state;
    int open_memfd = memfd_create("open", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    int null = open("/dev/null", O_RDWR | O_CLOEXEC), empty = memfd_sealed("empty", "", 0);
    int garbage = memfd_sealed("garbage", "\377\377\377\377\377\377", 6);
    const int fds[] = {open_memfd, null, empty, garbage};
    for (size_t i = 0; i < array_length(fds); i++) {
        cleanup_fd int sock = connect_raw();
        assert_int_equal(send_raw(sock, WIRE_RUN, 1, NULL, 0, fds[i]), 0);
        expect_closed(sock);
        close(fds[i]);
    }
    expect_alive();
}

static void more_runs_than_may_run_are_refused(void **state)
{
    (void)state;
    struct wire_message m;
    cleanup_fd int sock = connect_raw();
    bool refused = false;
    /* The standard is four for each CPU. */
    for (uint32_t run = 1; run <= 4 * (uint32_t)sysconf(_SC_NPROCESSORS_CONF) + 1; run++)
        assert_int_equal(send_run(sock, run, "sleep 1000"), 0);
    while (!refused) {
        struct error err;
        enum wire_kind kind = receive(sock, &m, NULL);
        assert_int_not_equal(kind, WIRE_NONE);
        refused = kind == WIRE_REFUSED && wire_read_error(&m, &err) == 0 && err.code == EAGAIN;
    }
    assert_true(refused);
}

static uint64_t executor_memory(void)
{
    char path[64];
    cleanup_free char *text = NULL;
    unsigned long pages = 0;
    snprintf(path, sizeof path, "/proc/%d/statm", real.process.pid);
    assert_int_equal(read_file_at(AT_FDCWD, path, 4096, &text, NULL, NULL), 0);
    assert_int_equal(sscanf(text, "%*u %lu", &pages), 1);
    return (uint64_t)pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

static void a_client_that_does_not_read_costs_bounded_memory_and_loses_nothing(void **state)
{
    (void)state;
    struct wire_message m;
    size_t output = 0;
    cleanup_fd int sock = connect_raw();
    uint64_t before = executor_memory();
    begin(sock, "head -c 16000000 /dev/zero", &output);
    for (int i = 0; i < 50; i++) {
        usleep(10000);
        assert_true(executor_memory() < before + (8 << 20));
    }
    assert_int_equal(receive(sock, &m, &output), WIRE_RESULT);
    assert_int_equal(output, 16000000);
}

static void a_new_client_ends_the_old_ones_runs(void **state)
{
    (void)state;
    cleanup_fd int old = connect_raw();
    begin(old, "sleep 1000", NULL);
    expect_alive();
    expect_closed(old);
}

static void a_drained_connection_takes_no_more_runs(void **state)
{
    (void)state;
    struct wire_message m;
    struct error err;
    cleanup_fd int sock = connect_raw();
    assert_int_equal(send_raw(sock, WIRE_DRAIN, 0, NULL, 0, -1), 0);
    assert_int_equal(send_run(sock, 1, "echo"), 0);
    assert_int_equal(receive(sock, &m, NULL), WIRE_REFUSED);
    assert_int_equal(wire_read_error(&m, &err), 0);
    assert_int_equal(err.code, ESHUTDOWN);
    assert_int_equal(send_raw(sock, WIRE_DRAIN, 0, NULL, 0, -1), 0); /* not allowed twice */
    expect_closed(sock);
}

/* Last: the executor is gone afterwards. */
static void drained_by_its_supervisor_it_exits_with_the_last_run(void **state)
{
    (void)state;
    struct wire_message m;
    siginfo_t info = {0};
    size_t output = 0;
    cleanup_fd int sock = connect_raw();
    begin(sock, "sleep 0.3; echo done", &output);
    assert_int_equal(message_send(real.process.control, "d", 1, NULL, 0), 0);
    assert_int_equal(receive(sock, &m, &output), WIRE_RESULT);
    assert_int_equal(output, 5);
    assert_int_equal(waitid(P_PIDFD, (id_t)real.process.pidfd, &info, WEXITED | WNOWAIT), 0);
    assert_int_equal(info.si_code, CLD_EXITED);
    assert_int_equal(info.si_status, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_malformed_message_ends_the_connection_only),
        cmocka_unit_test(only_a_sealed_memfd_is_taken),
        cmocka_unit_test(more_runs_than_may_run_are_refused),
        cmocka_unit_test(a_client_that_does_not_read_costs_bounded_memory_and_loses_nothing),
        cmocka_unit_test(a_new_client_ends_the_old_ones_runs),
        cmocka_unit_test(a_drained_connection_takes_no_more_runs),
        cmocka_unit_test(drained_by_its_supervisor_it_exits_with_the_last_run),
    };
    return cmocka_run_group_tests(tests, group_start, group_stop);
}

/* The messages' table, and the client's side against an executor that lies. */
#include "unit.h"

#include "executor/executor.h"
#include "executor/wire.h"

#include <fcntl.h>
#include <sys/socket.h>

/* A packet as it goes over the socket. */
static struct packer packet(uint8_t kind, uint32_t run, const void *body, size_t size)
{
    struct packer p = {0};
    pack_u8(&p, kind);
    pack_u32(&p, run);
    pack_bytes(&p, body, size);
    return p;
}

static int reads(enum wire_direction direction, enum wire_state state, uint8_t kind, uint32_t run,
                 size_t size, size_t fds)
{
    static uint8_t body[WIRE_PACKET_MOST];
    struct packer p = packet(kind, run, body, size);
    struct wire_message m;
    int r = wire_read(&m, direction, state, p.data, p.size, fds);
    if (r == 0)
        assert_int_equal(m.size, size);
    packer_free(&p);
    return r;
}

static void each_kind_is_taken_within_its_bounds_only(void **state)
{
    (void)state;
#define X(name, direction, states, concerns, least, most, fds)                                               \
    assert_int_equal(reads(direction, WIRE_OPEN, WIRE_##name, concerns, least, fds), 0);                     \
    assert_int_equal(reads(direction, WIRE_OPEN, WIRE_##name, concerns, most, fds), 0);                      \
    assert_int_equal(reads(direction, WIRE_OPEN, WIRE_##name, concerns, (most) + 1, fds), -EBADMSG);         \
    assert_int_equal(reads(direction, WIRE_OPEN, WIRE_##name, !concerns, least, fds), -EBADMSG);             \
    assert_int_equal(reads(direction, WIRE_OPEN, WIRE_##name, concerns, least, 1 - fds), -EBADMSG);          \
    assert_int_equal(                                                                                        \
        reads((enum wire_direction)(3 - direction), WIRE_OPEN, WIRE_##name, concerns, least, fds),           \
        -EBADMSG);                                                                                           \
    if (least > 0)                                                                                           \
        assert_int_equal(reads(direction, WIRE_OPEN, WIRE_##name, concerns, (least)-1, fds), -EBADMSG);
    WIRE_KINDS(X)
#undef X
    assert_int_equal(reads(WIRE_TO_EXECUTOR, WIRE_DRAINING, WIRE_DRAIN, 0, 0, 0), -EBADMSG);
    assert_int_equal(reads(WIRE_TO_EXECUTOR, WIRE_OPEN, 0, 0, 0, 0), -EBADMSG);
    assert_int_equal(reads(WIRE_TO_EXECUTOR, WIRE_OPEN, 255, 0, 0, 0), -EBADMSG);
}

static void a_length_that_lies_is_refused(void **state)
{
    (void)state;
    struct wire_message m;
    struct packer p = packet(WIRE_CANCEL, 1, NULL, 0);
    for (size_t cut = 0; cut < p.size; cut++)
        assert_int_equal(wire_read(&m, WIRE_TO_EXECUTOR, WIRE_OPEN, p.data, cut, 0), -EBADMSG);
    p.data[5] = 1;
    assert_int_equal(wire_read(&m, WIRE_TO_EXECUTOR, WIRE_OPEN, p.data, p.size, 0), -EBADMSG);
    p.data[5] = 0;
    pack_u8(&p, 0);
    assert_int_equal(wire_read(&m, WIRE_TO_EXECUTOR, WIRE_OPEN, p.data, p.size, 0), -EBADMSG);
    packer_free(&p);
}

static void the_parts_of_a_body_are_checked(void **state)
{
    (void)state;
    struct wire_chunk chunk;
    struct error err;
    static const uint8_t good[] = {1, 2, 0, 0, 0, 'h', 'i'}, bad_flag[] = {2, 0, 0, 0, 0},
                         too_long[] = {0, 3, 0, 0, 0, 'h', 'i'}, trailing[] = {0, 0, 0, 0, 0, 'x'};
    struct wire_message m = {.body = good, .size = sizeof good};
    assert_int_equal(wire_read_chunk(&m, 1, &chunk), 0);
    assert_int_equal(chunk.size, 2);
    m = (struct wire_message){.body = bad_flag, .size = sizeof bad_flag};
    assert_int_equal(wire_read_chunk(&m, 1, &chunk), -EBADMSG);
    m = (struct wire_message){.body = too_long, .size = sizeof too_long};
    assert_int_equal(wire_read_chunk(&m, 1, &chunk), -EBADMSG);
    m = (struct wire_message){.body = trailing, .size = sizeof trailing};
    assert_int_equal(wire_read_chunk(&m, 1, &chunk), -EBADMSG);
    static const uint8_t no_code[] = {0, 0, 0, 0, 1, 0, 0, 0, 'x'}, zero[] = {1, 0, 0, 0, 1, 0, 0, 0, 0};
    m = (struct wire_message){.body = no_code, .size = sizeof no_code};
    assert_int_equal(wire_read_error(&m, &err), -EBADMSG);
    m = (struct wire_message){.body = zero, .size = sizeof zero};
    assert_int_equal(wire_read_error(&m, &err), -EBADMSG);
}

static struct wire_stats full_stats(void)
{
    struct wire_stats stats = {1, 2, 3, EXECUTOR_TEMPLATES_MOST, {{{0}}}};
    for (uint32_t i = 0; i < stats.template_count; i++) {
        struct executor_template *t = &stats.templates[i];
        memset(t->language, 'x', EXECUTOR_LANGUAGE_MOST);
        memset(t->facts.why, 'y', sizeof t->facts.why - 1);
        t->facts.state = WARM_REFUSED;
        t->facts.age_ms = i;
        t->facts.check_us = UINT64_MAX;
    }
    return stats;
}

static int read_stats_packet(const struct packer *body, struct wire_stats *stats)
{
    struct packer p = packet(WIRE_STATS, 0, body->data, body->size);
    struct wire_message m;
    int r = wire_read(&m, WIRE_TO_CLIENT, WIRE_OPEN, p.data, p.size, 0);
    if (r == 0)
        r = wire_read_stats(&m, stats);
    packer_free(&p);
    return r;
}

static void what_is_told_of_templates_arrives_whole_or_not_at_all(void **state)
{
    (void)state;
    static struct wire_stats sent, heard;
    struct packer body = {0};
    sent = full_stats();
    wire_pack_stats(&body, &sent);
    assert_int_equal(read_stats_packet(&body, &heard), 0);
    assert_memory_equal(&heard, &sent, sizeof sent);
    body.size--;
    assert_int_equal(read_stats_packet(&body, &heard), -EBADMSG);
    body.size++;
    body.data[24]++; /* more languages than there may be */
    assert_int_equal(read_stats_packet(&body, &heard), -EBADMSG);
    body.data[24]--;
    uint8_t *name = body.data + 28 + 4, *warm_state = name + EXECUTOR_LANGUAGE_MOST;
    *name = 0xff;
    assert_int_equal(read_stats_packet(&body, &heard), -EBADMSG);
    *name = 'x';
    *warm_state = WARM_REFUSED + 1;
    assert_int_equal(read_stats_packet(&body, &heard), -EBADMSG);
    *warm_state = WARM_REFUSED;
    assert_int_equal(read_stats_packet(&body, &heard), 0);
    packer_free(&body);
}

/* ---- the outbox ---- */

static void count_change(void *context)
{
    ++*(int *)context;
}

static void packets_wait_for_room_and_keep_their_order(void **state)
{
    (void)state;
    enum { COUNT = 200 };
    static uint8_t data[WIRE_CHUNK], buffer[WIRE_PACKET_MOST];
    struct event_base *loop = event_base_new();
    struct outbox out;
    int pair[2], changes = 0;
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair), 0);
    outbox_open(&out, loop, pair[0], count_change, &changes);
    for (uint32_t i = 1; i <= COUNT; i++)
        outbox_send_chunk(&out, WIRE_OUTPUT, i, 0, data, sizeof data);
    assert_false(out.broken);
    assert_true(out.bytes > OUTBOX_HIGH);
    for (uint32_t i = 1; i <= COUNT; i++) {
        ssize_t n;
        while ((n = message_receive(pair[1], buffer, sizeof buffer, NULL, 0, NULL)) == -EAGAIN)
            event_base_loop(loop, EVLOOP_ONCE);
        struct wire_message m;
        assert_int_equal(wire_read(&m, WIRE_TO_CLIENT, WIRE_OPEN, buffer, (size_t)n, 0), 0);
        assert_int_equal(m.run, i);
    }
    assert_int_equal(out.bytes, 0);
    assert_true(changes > 0);
    outbox_close(&out);
    close(pair[0]);
    close(pair[1]);
    event_base_free(loop);
}

static void a_reader_that_never_reads_breaks_the_outbox_at_its_bound(void **state)
{
    (void)state;
    static uint8_t data[WIRE_CHUNK];
    struct event_base *loop = event_base_new();
    struct outbox out;
    int pair[2], changes = 0;
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair), 0);
    outbox_open(&out, loop, pair[0], count_change, &changes);
    for (int i = 0; i < OUTBOX_MOST / WIRE_CHUNK + 100 && !out.broken; i++)
        outbox_send_chunk(&out, WIRE_OUTPUT, 1, 0, data, sizeof data);
    assert_true(out.broken);
    assert_true(out.bytes <= OUTBOX_MOST);
    event_base_loop(loop, EVLOOP_ONCE);
    assert_int_equal(changes, 1);
    outbox_close(&out);
    close(pair[0]);
    close(pair[1]);
    event_base_free(loop);
}

/* ---- the client against a lying executor ---- */

struct scene {
    struct event_base *loop;
    struct executor_client *client;
    int executor; /* what plays the executor */
    int lost, ended, last_code;
    uint32_t place;
};

static void on_lost(void *context)
{
    ((struct scene *)context)->lost++;
}
static void on_queued(void *context, uint32_t place)
{
    ((struct scene *)context)->place = place;
}
static void on_ended(void *context, const struct run_result *result, const struct error *err)
{
    struct scene *s = context;
    s->ended++;
    s->last_code = result ? 0 : err->code;
}
static const struct ticket_callbacks callbacks = {.queued = on_queued, .ended = on_ended};

static void scene_connect(struct scene *s)
{
    int pair[2];
    struct error err;
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair), 0);
    assert_int_equal(executor_client_connect(s->client, pair[0], &err), 0);
    s->executor = pair[1];
}

static void scene_open(struct scene *s, uint32_t running_most)
{
    *s = (struct scene){.loop = event_base_new()};
    struct executor_client_options options = {.loop = s->loop,
                                              .running_most = running_most,
                                              .queue_most = 4,
                                              .client_most = 4,
                                              .client_queue_most = 4,
                                              .lost = on_lost,
                                              .context = s};
    assert_int_equal(executor_client_new(&s->client, &options), 0);
    scene_connect(s);
}

static struct ticket *scene_run(struct scene *s)
{
    struct run_file file = {.name = (char *)"a", .data = (uint8_t *)"b", .size = 1};
    struct run_request r = {
        .language = (char *)"c", .files = &file, .file_count = 1, .limits = limits_unset()};
    struct ticket *t = NULL;
    struct error err;
    int e = executor_client_run(s->client, "me", &r, &callbacks, s, &t, &err);
    return e == 0 ? t : NULL;
}

static void scene_close(struct scene *s)
{
    executor_client_free(s->client);
    close_fd(&s->executor);
    event_base_free(s->loop);
}

/* Takes the next message that the client sent; its descriptor is closed. Returns the run. */
static uint32_t scene_take(struct scene *s, enum wire_kind kind)
{
    uint8_t buffer[WIRE_PACKET_MOST];
    struct wire_message m;
    int fd = -1;
    size_t fds = 0;
    ssize_t n;
    while ((n = message_receive(s->executor, buffer, sizeof buffer, &fd, 1, &fds)) == -EAGAIN)
        event_base_loop(s->loop, EVLOOP_ONCE);
    if (fds)
        close(fd);
    assert_int_equal(wire_read(&m, WIRE_TO_EXECUTOR, WIRE_OPEN, buffer, (size_t)n, fds), 0);
    assert_int_equal(m.kind, kind);
    return m.run;
}

static void scene_say(struct scene *s, uint8_t kind, uint32_t run, const void *body, size_t size)
{
    struct packer p = packet(kind, run, body, size);
    assert_int_equal(message_send(s->executor, p.data, p.size, NULL, 0), 0);
    packer_free(&p);
}

static void a_message_that_lies_ends_the_connection_and_its_runs(void **state)
{
    (void)state;
    static const struct {
        uint8_t kind;
        int32_t run; /* added to the real one */
        const char *body;
        size_t size;
    } lies[] = {
        {WIRE_STARTED, 1, "", 0},                /* a run that is not there */
        {WIRE_OUTPUT, 0, "\3\0\0\0\0", 5},       /* no such stream */
        {WIRE_OUTPUT, 0, "\0\xff\0\0\0", 5},     /* a length beyond the end */
        {WIRE_RESULT, 0, "\0", 1},               /* cut */
        {WIRE_FAILED, 0, "\0\0\0\0\0\0\0\0", 8}, /* no code */
        {WIRE_TAKEN, 0, "\1\0\0\0", 4},          /* more than was sent */
        {WIRE_CANCEL, 0, "", 0},                 /* the wrong direction */
        {99, 0, "", 0},
    };
    for (size_t i = 0; i < array_length(lies); i++) {
        struct scene s;
        scene_open(&s, 4);
        assert_non_null(scene_run(&s));
        uint32_t run = scene_take(&s, WIRE_RUN);
        scene_say(&s, lies[i].kind, run + (uint32_t)lies[i].run, lies[i].body, lies[i].size);
        while (!s.ended)
            event_base_loop(s.loop, EVLOOP_ONCE);
        assert_int_equal(s.last_code, ECONNRESET);
        assert_false(executor_client_connected(s.client));
        scene_close(&s);
    }
}

static void a_run_refused_for_want_of_room_is_tried_again(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, 4);
    assert_non_null(scene_run(&s));
    uint32_t run = scene_take(&s, WIRE_RUN);
    scene_say(&s, WIRE_REFUSED, run, "\13\0\0\0\4\0\0\0full", 12); /* EAGAIN is 11 */
    uint32_t again = scene_take(&s, WIRE_RUN);
    assert_int_not_equal(again, run);
    assert_int_equal(s.ended, 0);
    scene_say(&s, WIRE_REFUSED, again, "\2\0\0\0\4\0\0\0none", 12);
    while (!s.ended)
        event_base_loop(s.loop, EVLOOP_ONCE);
    assert_int_equal(s.last_code, ENOENT);
    scene_close(&s);
}

static void a_run_that_was_cancelled_is_not_tried_again(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, 4);
    struct ticket *ticket = scene_run(&s);
    assert_non_null(ticket);
    uint32_t run = scene_take(&s, WIRE_RUN);
    ticket_cancel(ticket);
    scene_take(&s, WIRE_CANCEL);
    scene_say(&s, WIRE_REFUSED, run, "\13\0\0\0\4\0\0\0full", 12);
    while (!s.ended)
        event_base_loop(s.loop, EVLOOP_ONCE);
    assert_int_equal(s.last_code, 0);
    assert_int_equal(executor_client_stats(s.client).queued, 0);
    scene_close(&s);
}

static void a_run_refused_by_a_draining_executor_waits_for_the_next(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, 4);
    assert_non_null(scene_run(&s));
    uint32_t run = scene_take(&s, WIRE_RUN);
    scene_say(&s, WIRE_REFUSED, run, "\x6c\0\0\0\4\0\0\0late", 12); /* ESHUTDOWN is 108 */
    while (executor_client_stats(s.client).queued == 0)
        event_base_loop(s.loop, EVLOOP_ONCE);
    close_fd(&s.executor);
    while (executor_client_connected(s.client))
        event_base_loop(s.loop, EVLOOP_ONCE);
    assert_null(scene_run(&s));
    scene_connect(&s);
    scene_take(&s, WIRE_RUN);
    assert_int_equal(s.ended, 0);
    scene_close(&s);
}

static void a_new_socket_takes_the_place_of_one_whose_end_was_not_read_yet(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, 1);
    scene_run(&s);
    scene_run(&s);
    scene_take(&s, WIRE_RUN);
    close_fd(&s.executor);
    scene_connect(&s);
    assert_int_equal(s.ended, 1);
    assert_int_equal(s.last_code, ECONNRESET);
    scene_take(&s, WIRE_RUN); /* the one that was queued */
    scene_close(&s);
}

static void a_queued_run_hears_its_place_and_can_be_cancelled(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, 1);
    assert_non_null(scene_run(&s));
    scene_take(&s, WIRE_RUN);
    struct ticket *second = scene_run(&s), *third = scene_run(&s);
    assert_true(second && third);
    while (s.place != 2)
        event_base_loop(s.loop, EVLOOP_ONCE);
    ticket_cancel(second);
    assert_int_equal(s.ended, 0); /* never from within the call */
    while (!s.ended)
        event_base_loop(s.loop, EVLOOP_ONCE);
    assert_int_equal(s.last_code, 0);
    ticket_abandon(third);
    for (int i = 0; i < 5; i++)
        event_base_loop(s.loop, EVLOOP_NONBLOCK);
    assert_int_equal(s.ended, 1);
    scene_close(&s);
}

static void the_queues_bound_is_told_at_once(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, 1);
    for (int i = 0; i < 5; i++)
        assert_non_null(scene_run(&s));
    assert_null(scene_run(&s));
    scene_close(&s);
}

static void queued_runs_end_when_no_executor_comes(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, 1);
    scene_run(&s);
    scene_run(&s);
    close_fd(&s.executor);
    while (s.ended < 2)
        event_base_loop(s.loop, EVLOOP_ONCE);
    assert_int_equal(s.last_code, ENOTCONN);
    scene_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_is_taken_within_its_bounds_only),
        cmocka_unit_test(a_length_that_lies_is_refused),
        cmocka_unit_test(the_parts_of_a_body_are_checked),
        cmocka_unit_test(what_is_told_of_templates_arrives_whole_or_not_at_all),
        cmocka_unit_test(packets_wait_for_room_and_keep_their_order),
        cmocka_unit_test(a_reader_that_never_reads_breaks_the_outbox_at_its_bound),
        cmocka_unit_test(a_message_that_lies_ends_the_connection_and_its_runs),
        cmocka_unit_test(a_run_refused_for_want_of_room_is_tried_again),
        cmocka_unit_test(a_run_that_was_cancelled_is_not_tried_again),
        cmocka_unit_test(a_run_refused_by_a_draining_executor_waits_for_the_next),
        cmocka_unit_test(a_new_socket_takes_the_place_of_one_whose_end_was_not_read_yet),
        cmocka_unit_test(a_queued_run_hears_its_place_and_can_be_cancelled),
        cmocka_unit_test(the_queues_bound_is_told_at_once),
        cmocka_unit_test(queued_runs_end_when_no_executor_comes),
    };
    return unit_run(tests);
}

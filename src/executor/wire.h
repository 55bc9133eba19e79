/* The messages between client and executor: kinds, bounds, in which state each may come. Inside the executor
 * room.
 *
 * A message is one packet: u8 kind, u32 run (0 for what concerns no run), u32 length of the body, body. */
#ifndef PHIAL_EXECUTOR_WIRE_H
#define PHIAL_EXECUTOR_WIRE_H

#include "executor/executor.h"

#include <assert.h>
#include <event2/event_struct.h>

enum {
    WIRE_HEADER = 9,
    WIRE_CHUNK = 32 << 10, /* bytes of output or standard input in one message */
    WIRE_BODY_MOST = WIRE_CHUNK + 64,
    WIRE_PACKET_MOST = WIRE_HEADER + WIRE_BODY_MOST,
    WIRE_TEMPLATE_MOST = 416,     /* bytes of what STATS says of one language */
    WIRE_STDIN_AHEAD = 256 << 10, /* standard input sent but not yet taken by the run */
    /* The packed request: files and input, and generously their names and lists. */
    WIRE_REQUEST_MOST = RUN_FILES_BYTES_MOST + RUN_STDIN_BYTES_MOST + 6 * RUN_ARGS_BYTES_MOST + (64 << 10),
};
static_assert(28 + EXECUTOR_TEMPLATES_MOST * WIRE_TEMPLATE_MOST <= WIRE_BODY_MOST, "STATS fits a packet");

enum wire_direction { WIRE_TO_EXECUTOR = 1, WIRE_TO_CLIENT = 2 };
enum wire_state { WIRE_OPEN = 1, WIRE_DRAINING = 2, WIRE_ANY = WIRE_OPEN | WIRE_DRAINING };

/*    kind          direction         states         run?   body: least and most         fds */
#define WIRE_KINDS(X)                                                                                        \
    X(RUN, WIRE_TO_EXECUTOR, WIRE_ANY, true, 0, 0, 1)                                                        \
    X(PAIR, WIRE_TO_EXECUTOR, WIRE_ANY, true, 8, 8, 1)                                                       \
    X(STDIN, WIRE_TO_EXECUTOR, WIRE_ANY, true, 5, 5 + WIRE_CHUNK, 0)                                         \
    X(CANCEL, WIRE_TO_EXECUTOR, WIRE_ANY, true, 0, 0, 0)                                                     \
    X(PAUSE, WIRE_TO_EXECUTOR, WIRE_ANY, true, 1, 1, 0)                                                      \
    X(DRAIN, WIRE_TO_EXECUTOR, WIRE_OPEN, false, 0, 0, 0)                                                    \
    X(STARTED, WIRE_TO_CLIENT, WIRE_ANY, true, 0, 0, 0)                                                      \
    X(OUTPUT, WIRE_TO_CLIENT, WIRE_ANY, true, 5, 5 + WIRE_CHUNK, 0)                                          \
    X(TAKEN, WIRE_TO_CLIENT, WIRE_ANY, true, 4, 4, 0)                                                        \
    X(RESULT, WIRE_TO_CLIENT, WIRE_ANY, true, 1, 512, 0)                                                     \
    X(FAILED, WIRE_TO_CLIENT, WIRE_ANY, true, 8, 8 + 1024, 0)                                                \
    X(REFUSED, WIRE_TO_CLIENT, WIRE_ANY, true, 8, 8 + 1024, 0)                                               \
    X(STATS, WIRE_TO_CLIENT, WIRE_ANY, false, 28, 28 + EXECUTOR_TEMPLATES_MOST * WIRE_TEMPLATE_MOST, 0)

enum wire_kind {
    WIRE_NONE,
#define X(name, direction, states, run, least, most, fds) WIRE_##name,
    WIRE_KINDS(X)
#undef X
};

struct wire_message {
    enum wire_kind kind;
    uint32_t run;
    const uint8_t *body; /* a view into the packet */
    size_t size;
};
/* Reads a packet that came from `direction`'s other side in a connection in this state. -EBADMSG for
 * everything that the table does not allow. */
int wire_read(struct wire_message *m, enum wire_direction direction, enum wire_state state,
              const void *packet, size_t size, size_t fd_count);

/* The parts of bodies that have more than plain bytes. Readers give -EBADMSG. */
struct wire_chunk { /* STDIN (flag: end of file), OUTPUT (flag: the stream) */
    uint8_t flag;
    const uint8_t *data;
    size_t size;
};
int wire_read_chunk(const struct wire_message *m, uint8_t flag_most, struct wire_chunk *chunk);
/* PAIR: two linked runs, the message's own and `second`; their packed requests stand in the memfd one behind
 * the other, the second from `split` on. Refused, if so, as one, under the first's number. */
struct wire_pair {
    uint32_t second, split;
};
void wire_pack_pair(struct packer *p, const struct wire_pair *pair);
int wire_read_pair(const struct wire_message *m, struct wire_pair *pair);
int wire_read_error(const struct wire_message *m, struct error *err); /* FAILED, REFUSED */
struct wire_stats {
    uint64_t boxes_ready, memory_bytes, group_memory_bytes;
    uint32_t template_count;
    struct executor_template templates[EXECUTOR_TEMPLATES_MOST];
};
void wire_pack_stats(struct packer *p, const struct wire_stats *stats);
int wire_read_stats(const struct wire_message *m, struct wire_stats *stats);

/* ---- sending (outbox.c) ---- */

/* Packets that wait for room in a socket. Nothing here ever blocks. */
struct outbox {
    struct event event;
    int sock;
    struct packet *first, **last;
    size_t bytes;
    bool broken;                    /* a send failed or the queue grew past its bound: the owner must close */
    void (*changed)(void *context); /* packets left, or it broke */
    void *context;
};
enum {
    OUTBOX_HIGH = 1 << 20,  /* above this the owner stops making more */
    OUTBOX_LOW = 256 << 10, /* and goes on below this */
    OUTBOX_MOST = 64 << 20,
};
void outbox_open(struct outbox *out, struct event_base *loop, int sock, void (*changed)(void *),
                 void *context);
void outbox_close(struct outbox *out); /* drops what waits; the socket is the owner's */
/* Sends a message, or keeps it until there is room; `fd` (taken, also on failure) or -1. */
void outbox_send(struct outbox *out, enum wire_kind kind, uint32_t run, const void *body, size_t size,
                 int fd);
void outbox_send_chunk(struct outbox *out, enum wire_kind kind, uint32_t run, uint8_t flag, const void *data,
                       size_t size);
void outbox_send_error(struct outbox *out, enum wire_kind kind, uint32_t run, int code, const char *text);

#endif

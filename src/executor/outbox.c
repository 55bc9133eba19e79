#include "executor/wire.h"

#include <errno.h>

struct packet {
    struct packet *next;
    int fd;
    size_t size;
    uint8_t data[];
};

static void packet_free(struct packet *p)
{
    close_fd(&p->fd);
    free(p);
}

static struct packet *packet_make(enum wire_kind kind, uint32_t run, const void *body, size_t size, int fd)
{
    struct packer bytes = {0};
    pack_u8(&bytes, (uint8_t)kind);
    pack_u32(&bytes, run);
    pack_bytes(&bytes, body, size);
    struct packet *p = bytes.failed ? NULL : malloc(sizeof *p + bytes.size);
    if (p) {
        *p = (struct packet){.fd = fd, .size = bytes.size};
        memcpy(p->data, bytes.data, bytes.size);
    }
    packer_free(&bytes);
    return p;
}

static int packet_send(const struct outbox *out, const struct packet *p)
{
    return message_send(out->sock, p->data, p->size, &p->fd, p->fd >= 0);
}

/* The owner is told from the loop, never from within a call of his. */
static void outbox_break(struct outbox *out)
{
    out->broken = true;
    event_active(&out->event, EV_WRITE, 0);
}

static void on_room(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    struct outbox *out = context;
    while (!out->broken && out->first) {
        int r = packet_send(out, out->first);
        if (r == -EAGAIN || r == -ENOBUFS)
            break;
        if (r < 0)
            out->broken = true;
        struct packet *sent = out->first;
        out->first = sent->next;
        if (!out->first)
            out->last = &out->first;
        out->bytes -= sent->size;
        packet_free(sent);
    }
    if (!out->broken && out->first && event_add(&out->event, NULL) < 0)
        out->broken = true;
    out->changed(out->context);
}

void outbox_open(struct outbox *out, struct event_base *loop, int sock, void (*changed)(void *),
                 void *context)
{
    *out = (struct outbox){.sock = sock, .changed = changed, .context = context};
    out->last = &out->first;
    event_assign(&out->event, loop, sock, EV_WRITE, on_room, out);
}

void outbox_close(struct outbox *out)
{
    if (event_initialized(&out->event))
        event_del(&out->event);
    while (out->first) {
        struct packet *next = out->first->next;
        packet_free(out->first);
        out->first = next;
    }
    out->last = &out->first;
    out->bytes = 0;
    out->broken = true; /* the socket's number may soon be another's */
}

void outbox_send(struct outbox *out, enum wire_kind kind, uint32_t run, const void *body, size_t size, int fd)
{
    cleanup_fd int taken = fd;
    if (out->broken)
        return;
    struct packet *p = packet_make(kind, run, body, size, fd);
    if (!p) {
        outbox_break(out);
        return;
    }
    steal_fd(&taken);
    int r = out->first ? -EAGAIN : packet_send(out, p);
    if (r == 0) {
        packet_free(p);
        return;
    }
    bool wait = r == -EAGAIN || r == -ENOBUFS;
    if (!wait || out->bytes + p->size > OUTBOX_MOST || (!out->first && event_add(&out->event, NULL) < 0)) {
        packet_free(p);
        outbox_break(out);
        return;
    }
    *out->last = p;
    out->last = &p->next;
    out->bytes += p->size;
}

void outbox_send_chunk(struct outbox *out, enum wire_kind kind, uint32_t run, uint8_t flag, const void *data,
                       size_t size)
{
    struct packer body = {0};
    pack_u8(&body, flag);
    pack_bytes(&body, data, size);
    if (body.failed)
        outbox_break(out);
    else
        outbox_send(out, kind, run, body.data, body.size, -1);
    packer_free(&body);
}

void outbox_send_error(struct outbox *out, enum wire_kind kind, uint32_t run, int code, const char *text)
{
    struct packer body = {0};
    pack_u32(&body, (uint32_t)(code > 0 ? code : EIO));
    pack_bytes(&body, text, strnlen(text, 1000));
    if (body.failed)
        outbox_break(out);
    else
        outbox_send(out, kind, run, body.data, body.size, -1);
    packer_free(&body);
}

#include "executor/wire.h"

#include <errno.h>

struct row {
    enum wire_direction direction;
    enum wire_state states;
    bool concerns_run;
    size_t least, most, fds;
};
static const struct row rows[] = {
#define X(name, direction, states, run, least, most, fds)                                                    \
    [WIRE_##name] = {direction, (enum wire_state)(states), run, least, most, fds},
    WIRE_KINDS(X)
#undef X
};

int wire_read(struct wire_message *m, enum wire_direction direction, enum wire_state state,
              const void *packet, size_t size, size_t fd_count)
{
    struct unpacker u = {.data = packet, .size = size};
    uint8_t kind = unpack_u8(&u);
    m->run = unpack_u32(&u);
    m->body = unpack_bytes(&u, &m->size);
    if (!unpack_done(&u) || kind == WIRE_NONE || kind >= array_length(rows))
        return -EBADMSG;
    const struct row *row = &rows[kind];
    m->kind = (enum wire_kind)kind;
    bool good = row->direction == direction && (row->states & state) && row->concerns_run == (m->run != 0) &&
                m->size >= row->least && m->size <= row->most && fd_count == row->fds;
    return good ? 0 : -EBADMSG;
}

int wire_read_chunk(const struct wire_message *m, uint8_t flag_most, struct wire_chunk *chunk)
{
    struct unpacker u = {.data = m->body, .size = m->size};
    chunk->flag = unpack_u8(&u);
    chunk->data = unpack_bytes(&u, &chunk->size);
    return unpack_done(&u) && chunk->flag <= flag_most ? 0 : -EBADMSG;
}

int wire_read_error(const struct wire_message *m, struct error *err)
{
    struct unpacker u = {.data = m->body, .size = m->size};
    *err = (struct error){0};
    uint32_t code = unpack_u32(&u);
    cleanup_free char *text = unpack_string(&u, sizeof err->text - 1);
    if (!unpack_done(&u) || code == 0 || code > 4095)
        return -EBADMSG;
    err->code = (int)code;
    strcpy(err->text, text);
    return 0;
}

int wire_read_stats(const struct wire_message *m, struct wire_stats *stats)
{
    struct unpacker u = {.data = m->body, .size = m->size};
    stats->boxes_ready = unpack_u64(&u);
    stats->memory_bytes = unpack_u64(&u);
    stats->group_memory_bytes = unpack_u64(&u);
    return unpack_done(&u) ? 0 : -EBADMSG;
}

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

void wire_pack_pair(struct packer *p, const struct wire_pair *pair)
{
    pack_u32(p, pair->second);
    pack_u32(p, pair->split);
}

int wire_read_pair(const struct wire_message *m, struct wire_pair *pair)
{
    struct unpacker u = {.data = m->body, .size = m->size};
    pair->second = unpack_u32(&u);
    pair->split = unpack_u32(&u);
    return unpack_done(&u) && pair->second != 0 && pair->second != m->run ? 0 : -EBADMSG;
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

/* The numbers of a template in the order in which they travel. */
#define FACTS(X)                                                                                             \
    X(age_ms)                                                                                                \
    X(clones)                                                                                                \
    X(generations)                                                                                           \
    X(faults)                                                                                                \
    X(ready)                                                                                                 \
    X(hits)                                                                                                  \
    X(misses)                                                                                                \
    X(boot_us)                                                                                               \
    X(page_table_bytes)                                                                                      \
    X(memory_bytes)                                                                                          \
    X(box_us)                                                                                                \
    X(clone_us)                                                                                              \
    X(check_us)                                                                                              \
    X(threads)                                                                                               \
    X(clone_bytes)

static void pack_template(struct packer *p, const struct executor_template *t)
{
    pack_string(p, t->language);
    pack_u8(p, (uint8_t)t->facts.state);
    pack_string(p, t->facts.why);
#define X(name) pack_u64(p, t->facts.name);
    FACTS(X)
#undef X
}

static int copy_text(char *to, size_t room, struct unpacker *u)
{
    cleanup_free char *text = unpack_string(u, room - 1);
    if (!text || !utf8_valid(text, strlen(text)))
        return -EBADMSG;
    strcpy(to, text);
    return 0;
}

static int read_template(struct unpacker *u, struct executor_template *t)
{
    struct warm_facts *facts = &t->facts;
    if (copy_text(t->language, sizeof t->language, u) < 0)
        return -EBADMSG;
    uint8_t state = unpack_u8(u);
    facts->state = (enum warm_state)state;
    if (state > WARM_REFUSED || copy_text(facts->why, sizeof facts->why, u) < 0)
        return -EBADMSG;
#define X(name) facts->name = unpack_u64(u);
    FACTS(X)
#undef X
    return u->failed ? -EBADMSG : 0;
}

void wire_pack_stats(struct packer *p, const struct wire_stats *stats)
{
    pack_u64(p, stats->boxes_ready);
    pack_u64(p, stats->memory_bytes);
    pack_u64(p, stats->group_memory_bytes);
    pack_u32(p, stats->template_count);
    for (uint32_t i = 0; i < stats->template_count; i++)
        pack_template(p, &stats->templates[i]);
}

int wire_read_stats(const struct wire_message *m, struct wire_stats *stats)
{
    struct unpacker u = {.data = m->body, .size = m->size};
    *stats = (struct wire_stats){0};
    stats->boxes_ready = unpack_u64(&u);
    stats->memory_bytes = unpack_u64(&u);
    stats->group_memory_bytes = unpack_u64(&u);
    uint32_t count = unpack_u32(&u);
    if (u.failed || count > EXECUTOR_TEMPLATES_MOST)
        return -EBADMSG;
    for (uint32_t i = 0; i < count; i++)
        if (read_template(&u, &stats->templates[i]) < 0)
            return -EBADMSG;
    stats->template_count = count;
    return unpack_done(&u) ? 0 : -EBADMSG;
}

#include "base/base.h"

static uint8_t *pack_room(struct packer *p, size_t n)
{
    if (p->failed)
        return NULL;
    if (n > p->room - p->size) {
        size_t room = p->room ? p->room : 256;
        while (room - p->size < n) {
            if (room > SIZE_MAX / 2) {
                p->failed = true;
                return NULL;
            }
            room *= 2;
        }
        uint8_t *more = realloc(p->data, room);
        if (!more) {
            p->failed = true;
            return NULL;
        }
        p->data = more;
        p->room = room;
    }
    uint8_t *at = p->data + p->size;
    p->size += n;
    return at;
}

static void pack_integer(struct packer *p, uint64_t v, size_t bytes)
{
    uint8_t *at = pack_room(p, bytes);
    for (size_t i = 0; at && i < bytes; i++)
        at[i] = (uint8_t)(v >> (8 * i));
}

void pack_u8(struct packer *p, uint8_t v)
{
    pack_integer(p, v, 1);
}
void pack_u32(struct packer *p, uint32_t v)
{
    pack_integer(p, v, 4);
}
void pack_u64(struct packer *p, uint64_t v)
{
    pack_integer(p, v, 8);
}

void pack_raw(struct packer *p, const void *data, size_t n)
{
    uint8_t *at = n ? pack_room(p, n) : NULL;
    if (at)
        memcpy(at, data, n);
}

void pack_more(struct packer *p, const struct packer *more)
{
    pack_raw(p, more->data, more->size);
    p->failed |= more->failed;
}

void pack_bytes(struct packer *p, const void *data, size_t n)
{
    if (n > UINT32_MAX) {
        p->failed = true;
        return;
    }
    pack_u32(p, (uint32_t)n);
    uint8_t *at = n ? pack_room(p, n) : NULL;
    if (at)
        memcpy(at, data, n);
}

void pack_string(struct packer *p, const char *s)
{
    pack_bytes(p, s, strlen(s));
}

void packer_free(struct packer *p)
{
    free(p->data);
    *p = (struct packer){0};
}

static uint64_t unpack_integer(struct unpacker *u, size_t bytes)
{
    if (u->failed || u->size - u->at < bytes) {
        u->failed = true;
        return 0;
    }
    uint64_t v = 0;
    for (size_t i = 0; i < bytes; i++)
        v |= (uint64_t)u->data[u->at + i] << (8 * i);
    u->at += bytes;
    return v;
}

uint8_t unpack_u8(struct unpacker *u)
{
    return (uint8_t)unpack_integer(u, 1);
}
uint32_t unpack_u32(struct unpacker *u)
{
    return (uint32_t)unpack_integer(u, 4);
}
uint64_t unpack_u64(struct unpacker *u)
{
    return unpack_integer(u, 8);
}

const uint8_t *unpack_bytes(struct unpacker *u, size_t *n)
{
    size_t length = unpack_u32(u);
    if (u->failed || u->size - u->at < length) {
        u->failed = true;
        *n = 0;
        return (const uint8_t *)"";
    }
    const uint8_t *at = u->data + u->at;
    u->at += length;
    *n = length;
    return at;
}

char *unpack_string(struct unpacker *u, size_t most)
{
    size_t n;
    const uint8_t *at = unpack_bytes(u, &n);
    if (u->failed || n > most || memchr(at, 0, n)) {
        u->failed = true;
        return NULL;
    }
    char *copy = malloc(n + 1);
    if (!copy) {
        u->failed = true;
        return NULL;
    }
    memcpy(copy, at, n);
    copy[n] = 0;
    return copy;
}

bool unpack_done(const struct unpacker *u)
{
    return !u->failed && u->at == u->size;
}

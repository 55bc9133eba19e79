#include "site/packed.h"

#include <errno.h>
#include <zlib.h>

enum { STORED_MOST = 65535 };

int packed_make(struct packed *packed, const void *data, size_t size)
{
    z_stream stream = {0};
    *packed = (struct packed){.plain_size = size, .crc = (uint32_t)crc32(0, data, (uInt)size)};
    packed->shift = (uint32_t)crc32_combine_gen((z_off_t)size);
    if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, -MAX_WBITS, 9, Z_DEFAULT_STRATEGY) != Z_OK)
        return -ENOMEM;
    size_t room = deflateBound(&stream, size) + 16; /* and the empty block that ends it at a whole byte */
    packed->data = malloc(room);
    stream.next_in = (Bytef *)data;
    stream.avail_in = (uInt)size;
    stream.next_out = packed->data;
    stream.avail_out = (uInt)room;
    int r = packed->data ? deflate(&stream, Z_SYNC_FLUSH) : Z_MEM_ERROR;
    packed->size = room - stream.avail_out;
    bool whole = r == Z_OK && stream.avail_in == 0 && stream.avail_out > 0;
    deflateEnd(&stream);
    if (whole)
        return 0;
    packed_free(packed);
    return -ENOMEM;
}

void packed_free(struct packed *packed)
{
    free(packed->data);
    *packed = (struct packed){0};
}

static void put(struct html *out, const void *data, size_t size)
{
    html_raw_n(out, data, size);
}

static void put_u32(struct html *out, uint32_t value)
{
    const uint8_t bytes[] = {(uint8_t)value, (uint8_t)(value >> 8), (uint8_t)(value >> 16),
                             (uint8_t)(value >> 24)};
    put(out, bytes, sizeof bytes);
}

void packing_begin(struct packing *p, struct html *out)
{
    static const uint8_t head[] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255}; /* deflate, no name, no time */
    *p = (struct packing){.out = out};
    put(out, head, sizeof head);
}

void packing_add(struct packing *p, const struct packed *packed)
{
    put(p->out, packed->data, packed->size);
    p->crc = (uint32_t)crc32_combine_op(p->crc, packed->crc, packed->shift);
    p->size += (uint32_t)packed->plain_size;
}

void packing_store(struct packing *p, const void *data, size_t size)
{
    const uint8_t *at = data;
    if (size == 0) /* crc32() of no buffer begins anew */
        return;
    p->crc = (uint32_t)crc32(p->crc, at, (uInt)size);
    p->size += (uint32_t)size;
    while (size > 0) {
        uint16_t n = size < STORED_MOST ? (uint16_t)size : STORED_MOST;
        const uint8_t head[] = {0, (uint8_t)n, (uint8_t)(n >> 8), (uint8_t)~n, (uint8_t)(~n >> 8)};
        put(p->out, head, sizeof head);
        put(p->out, at, n);
        at += n;
        size -= n;
    }
}

void packing_end(struct packing *p)
{
    static const uint8_t last[] = {1, 0, 0, 255, 255}; /* an empty stored block */
    put(p->out, last, sizeof last);
    put_u32(p->out, p->crc);
    put_u32(p->out, p->size);
}

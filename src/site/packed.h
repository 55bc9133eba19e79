/* site/packed: pages in gzip's coding, put together of pieces that were compressed once.
 *
 * A gzip file is a row of deflate blocks (RFC 1951, 1952). What is the same for everyone is compressed ahead,
 * each piece by itself and up to a whole byte; what is a visitor's own goes in between as it is, in stored
 * blocks, so that the length of an answer says nothing of what it holds (BREACH). The checksum of the whole
 * is combined from those of the pieces.
 */
#ifndef PHIAL_SITE_PACKED_H
#define PHIAL_SITE_PACKED_H

#include "site/html.h"

struct packed {
    uint8_t *data; /* deflate blocks */
    size_t size, plain_size;
    uint32_t crc, shift; /* of the plain bytes; what moves another checksum over them */
};
int packed_make(struct packed *packed, const void *data, size_t size);
void packed_free(struct packed *packed);

struct packing { /* one gzip file; `failed` in `out` */
    struct html *out;
    uint32_t crc, size;
};
void packing_begin(struct packing *p, struct html *out);
void packing_add(struct packing *p, const struct packed *packed);
/* Bytes that are not compressed. */
void packing_store(struct packing *p, const void *data, size_t size);
void packing_end(struct packing *p);

#endif

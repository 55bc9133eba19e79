/* A reader of text/event-stream (HTML standard, section 9.2): bytes in, events out. */
#ifndef PHIAL_CLI_SSE_H
#define PHIAL_CLI_SSE_H

#include "base/base.h"

enum { SSE_NAME_MOST = 32, SSE_ID_MOST = 64, SSE_DATA_MOST = 64 << 20 };

struct sse {
    char name[SSE_NAME_MOST], id[SSE_ID_MOST]; /* of the event at hand; the id stays for Last-Event-ID */
    char *line, *data;
    size_t line_size, line_room, data_size, data_room;
    void (*event)(void *context, const char *name, const char *data, size_t size);
    void *context;
};
/* 0, -ENOMEM, or -EMSGSIZE when a line or an event is beyond its bound. */
int sse_feed(struct sse *s, const char *bytes, size_t size);
void sse_reset(struct sse *s); /* a new connection: what was half read is dropped, the id stays */
void sse_free(struct sse *s);

#endif

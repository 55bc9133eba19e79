/* The messages between client and executor, in both directions, and the bodies that have parts. */
#include "executor/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Reads every byte that a reader handed out, so that the sanitizer sees a view that leaves the packet. */
static void touch(const uint8_t *data, size_t size)
{
    for (size_t i = 0; i < size; i++)
        __asm__ volatile("" : : "r"(data[i]));
}

static void read_body(const struct wire_message *m)
{
    struct wire_chunk chunk;
    struct wire_stats stats;
    struct run_result result;
    struct error err;
    if (wire_read_chunk(m, 2, &chunk) == 0)
        touch(chunk.data, chunk.size);
    if (wire_read_error(m, &err) == 0 && strlen(err.text) >= sizeof err.text)
        abort();
    (void)wire_read_stats(m, &stats);
    if (run_result_unpack(&result, m->body, m->size) == 0 && !run_status_name(result.status))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const enum wire_direction directions[] = {WIRE_TO_EXECUTOR, WIRE_TO_CLIENT};
    static const enum wire_state states[] = {WIRE_OPEN, WIRE_DRAINING};
    for (size_t i = 0; i < 8; i++) {
        struct wire_message m;
        if (wire_read(&m, directions[i & 1], states[i >> 1 & 1], data, size, i >> 2) < 0)
            continue;
        touch(m.body, m.size);
        read_body(&m);
    }
    return 0;
}

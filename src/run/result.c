#include "run/run.h"

#include <errno.h>

static const char *const status_names[] = {
#define X(name) #name,
    RUN_STATUSES(X)
#undef X
};
static const uint32_t status_count = array_length(status_names);

const char *run_status_name(enum run_status s)
{
    return (uint32_t)s < status_count ? status_names[s] : "killed";
}

void run_result_pack(struct packer *p, const struct run_result *r)
{
    pack_u8(p, (uint8_t)r->status);
    pack_u8(p, r->signaled);
    pack_u32(p, (uint32_t)r->code);
    pack_u8(p, r->stdout_truncated);
    pack_u8(p, r->stderr_truncated);
    pack_u8(p, r->warm);
    pack_u8(p, r->in_compile);
#define X(name, standard, least, ceiling) pack_u64(p, r->limits.name);
    RUN_LIMITS(X)
#undef X
    const uint64_t numbers[] = {r->wall_us, r->cpu_us,   r->memory_bytes, r->processes,
                                r->box_us,  r->start_us, r->teardown_us};
    for (size_t i = 0; i < array_length(numbers); i++)
        pack_u64(p, numbers[i]);
}

int run_result_unpack(struct run_result *r, const void *data, size_t size)
{
    struct unpacker u = {.data = data, .size = size};
    *r = (struct run_result){0};
    uint8_t status = unpack_u8(&u);
    r->status = (enum run_status)status;
    r->signaled = unpack_u8(&u);
    r->code = (int)unpack_u32(&u);
    r->stdout_truncated = unpack_u8(&u);
    r->stderr_truncated = unpack_u8(&u);
    r->warm = unpack_u8(&u);
    r->in_compile = unpack_u8(&u);
#define X(name, standard, least, ceiling) r->limits.name = unpack_u64(&u);
    RUN_LIMITS(X)
#undef X
    uint64_t *const numbers[] = {&r->wall_us, &r->cpu_us,   &r->memory_bytes, &r->processes,
                                 &r->box_us,  &r->start_us, &r->teardown_us};
    for (size_t i = 0; i < array_length(numbers); i++)
        *numbers[i] = unpack_u64(&u);
    if (!unpack_done(&u) || status >= status_count || r->code < 0 || r->code > 255)
        return -EBADMSG;
    return 0;
}

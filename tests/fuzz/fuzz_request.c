/* The packed request, as the executor reads it from a client's memfd. What unpacks must pack to the same
 * again. */
#include "run/run.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct run_request r;
    struct packer p = {0};
    struct error err;
    if (run_request_unpack(&r, data, size, &err) < 0)
        return 0;
    run_request_pack(&p, &r);
    if (p.failed || p.size != size || memcmp(p.data, data, size) != 0)
        abort();
    for (size_t i = 0; i < r.file_count; i++)
        if (memcmp(data + r.files[i].offset, r.files[i].data, r.files[i].size) != 0)
            abort();
    packer_free(&p);
    run_request_free(&r);
    return 0;
}

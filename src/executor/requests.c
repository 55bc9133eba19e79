/* Requests come in a sealed memfd, which nobody can change any more; they are read, never mapped. */
#include "executor/server.h"

#include <errno.h>
#include <sys/stat.h>

static int read_bytes(int fd, size_t most, uint8_t **bytes, size_t *size, struct error *err)
{
    struct stat st;
    if (memfd_check_sealed(fd) < 0 || fstat(fd, &st) < 0 || st.st_size < 1 || (size_t)st.st_size > most)
        return error_set(err, EPERM, "the request is no sealed memfd of a fit size");
    *size = (size_t)st.st_size;
    *bytes = malloc(*size);
    if (!*bytes)
        return error_set(err, ENOMEM, "read the request: %m");
    int r = pread_all(fd, *bytes, *size, 0);
    return r < 0 ? error_set(err, -r, "read the request: %m") : 0;
}

int request_read(int fd, struct run_request *request, struct error *err)
{
    cleanup_free uint8_t *bytes = NULL;
    size_t size;
    int r = read_bytes(fd, WIRE_REQUEST_MOST, &bytes, &size, err);
    if (r == 0)
        r = run_request_unpack(request, bytes, size, err);
    if (r == 0 && request->linked) {
        run_request_free(request);
        r = error_set(err, EPERM, "a linked run comes without its other half");
    }
    return r;
}

int request_read_pair(int fd, size_t split, struct run_request requests[2], struct error *err)
{
    cleanup_free uint8_t *bytes = NULL;
    size_t size;
    int r = read_bytes(fd, 2 * (size_t)WIRE_REQUEST_MOST, &bytes, &size, err);
    if (r == 0 && split >= size)
        r = error_set(err, EBADMSG, "a pair of requests is cut at the wrong place");
    if (r == 0)
        r = run_request_unpack(&requests[0], bytes, split, err);
    if (r == 0)
        r = run_request_unpack(&requests[1], bytes + split, size - split, err);
    if (r < 0)
        return r;
    run_request_shift(&requests[1], split);
    if (!requests[0].linked || !requests[1].linked)
        return error_set(err, EPERM, "a pair's halves are not linked");
    return 0;
}

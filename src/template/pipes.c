/* The five pipes of a runtime with a harness, as docs/languages.md numbers them. */
#include "template/internal.h"

int pipes_open(struct pipes *pipes, struct error *err)
{
    static const bool we_read[RUNTIME_FDS] = {[1] = true, [2] = true, [4] = true};
    int r = 0;
    *pipes = PIPES_CLOSED;
    for (size_t i = 0; r == 0 && i < RUNTIME_FDS; i++)
        r = pipe_open(we_read[i], &pipes->ours[i], &pipes->theirs[i], err);
    return r;
}

void pipes_close(int ends[static RUNTIME_FDS])
{
    for (size_t i = 0; i < RUNTIME_FDS; i++)
        close_fd(&ends[i]);
}

/* Network namespaces for boxes to come. One is kept only when the kernel's own list of its Unix sockets is
 * empty, after every process that was in it has been reaped; box/namespaces.c says why nothing else can
 * remain there. */
#include "sandbox/internal.h"

void network_close(struct network *n)
{
    close_fd(&n->namespace);
    close_fd(&n->sockets);
}

bool network_take(struct ground *g, struct network *n)
{
    if (g->network_count == 0)
        return false;
    *n = g->networks[--g->network_count];
    return true;
}

/* /proc/net/unix has a line a socket, bound or not, after its heading: proc(5). */
static bool is_empty(const struct network *n)
{
    char text[512];
    ssize_t k = pread(n->sockets, text, sizeof text, 0);
    const char *end = k > 0 ? memchr(text, '\n', (size_t)k) : NULL;
    return end && end + 1 == text + k;
}

void network_give_back(struct ground *g, struct network *n)
{
    if (n->namespace >= 0 && n->sockets >= 0 && g->network_count < NETWORKS_KEPT && is_empty(n))
        g->networks[g->network_count++] = *n;
    else
        network_close(n);
    *n = (struct network){-1, -1};
}

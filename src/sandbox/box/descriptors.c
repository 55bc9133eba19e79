/* Wall 8 from inside: a program holds the descriptors that the executor made for it, and no other. */
#include "sandbox/box/box.h"

#include <errno.h>
#include <fcntl.h>

/* Everything that came with the order was received at free numbers above the maker's own, but those may lie
 * in the range to be filled: so all are first moved out of the way, above `gate`, which is placed between. */
static int place_program(struct making *m, int gate, int gate_flags)
{
    uint32_t n = m->order.program_fds;
    for (uint32_t i = 0; i < n; i++) {
        m->program[i] = fcntl(m->program[i], F_DUPFD_CLOEXEC, gate + 1);
        if (m->program[i] < 0)
            return -errno;
    }
    if (dup3(m->socket, gate, gate_flags) < 0)
        return -errno;
    m->socket = gate;
    for (uint32_t i = 0; i < n; i++)
        if (dup2(m->program[i], (int)i) < 0)
            return -errno;
    return close_range(n, (unsigned)gate - 1, 0) < 0 ? -errno : 0;
}

int place_descriptors(struct making *m)
{
    int r = place_program(m, PROGRAM_GATE, O_CLOEXEC);
    if (r < 0)
        return r;
    return close_range(PROGRAM_GATE + 1, ~0u, 0) < 0 ? -errno : 0;
}

/* Its socket, the filter and the library stay open through exec: the library closes what it has read. */
int place_template(struct making *m)
{
    if (dup2(m->filter_file, TEMPLATE_FILTER) < 0 || dup2(m->engine, TEMPLATE_ENGINE) < 0)
        return -errno;
    int r = place_program(m, TEMPLATE_SOCKET, 0);
    if (r < 0)
        return r;
    return close_range(TEMPLATE_ENGINE + 1, ~0u, 0) < 0 ? -errno : 0;
}

int keep_one_descriptor(struct making *m)
{
    if (m->socket != INIT_SOCKET && dup3(m->socket, INIT_SOCKET, O_CLOEXEC) < 0)
        return -errno;
    m->socket = INIT_SOCKET;
    if (close_range(0, INIT_SOCKET - 1, 0) < 0)
        return -errno;
    if (m->order.flags & ORDER_NETWORK_GIVEN)
        return close_range(INIT_SOCKET + 1, ~0u, 0) < 0 ? -errno : 0;
    /* Two more for a moment: init closes them when the executor has them. What came with an order stands
     * below PROGRAM_GATE, as orders bring a dozen descriptors at the most. */
    if ((m->network = dup3(m->network, PROGRAM_GATE, O_CLOEXEC)) < 0 ||
        (m->network_sockets = dup3(m->network_sockets, PROGRAM_GATE + 1, O_CLOEXEC)) < 0)
        return -errno;
    if (close_range(INIT_SOCKET + 1, PROGRAM_GATE - 1, 0) < 0 || close_range(PROGRAM_GATE + 2, ~0u, 0) < 0)
        return -errno;
    return 0;
}

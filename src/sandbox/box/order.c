/* What comes with an order: the maker and every template read it in one way. */
#include "sandbox/box/box.h"

#include <errno.h>

/* Where each kind's descriptors go, in the order in which protocol.h names them. */
int take_descriptors(struct making *m, const int *fds, size_t count)
{
    const struct order *o = &m->order;
    bool program = o->kind == ORDER_PROGRAM, template = o->kind == ORDER_TEMPLATE;
    struct {
        bool is_there;
        int *place;
    } single[] = {
        {o->kind == ORDER_BOX && o->flags & ORDER_NETWORK_GIVEN, &m->network},
        {program || o->kind == ORDER_CLONE, &m->init},
        {program || template, &m->filter_file},
        {template, &m->engine},
    };
    size_t want = 1 + (size_t)o->cgroup_fds + o->program_fds, at = 0;
    for (size_t i = 0; i < array_length(single); i++)
        want += single[i].is_there;
    if (o->cgroup_fds > CGROUP_FDS_MOST || o->program_fds > PROGRAM_FDS_MOST || count != want)
        return -EINVAL;
    m->socket = fds[at++];
    for (uint32_t i = 0; i < o->cgroup_fds; i++)
        m->cgroup[i] = fds[at++];
    for (size_t i = 0; i < array_length(single); i++)
        if (single[i].is_there)
            *single[i].place = fds[at++];
    for (uint32_t i = 0; i < o->program_fds; i++)
        m->program[i] = fds[at++];
    return 0;
}

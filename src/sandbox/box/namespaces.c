/* Wall 1: namespaces. The user namespace is T, shared by all boxes of one executor; every box has a uid of
 * its own in it that no other live box has, so nothing that the kernel accounts or permits by uid is shared
 * (docs/security.md argues it). No time namespace: a clock that jumps under a warmed VM breaks it. */
#include "sandbox/box/box.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>

uint64_t namespaces_of_a_box(const struct making *m)
{
    uint64_t flags = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS;
    return m->order.flags & ORDER_NETWORK_GIVEN ? flags : flags | CLONE_NEWNET;
}

/* A network namespace costs more to make and to take down than all the others together. What a run could
 * leave in one is a Unix socket and nothing else: the filter refuses every other family, and changing
 * devices, addresses or settings needs a capability. So the executor keeps the namespace, and gives it to a
 * later box once the kernel's own list of its Unix sockets is empty; never to two at a time. */
int enter_network(struct making *m)
{
    if (m->order.flags & ORDER_NETWORK_GIVEN)
        return setns(m->network, CLONE_NEWNET) < 0 ? -errno : 0;
    m->network = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
    m->network_sockets = open("/proc/self/net/unix", O_RDONLY | O_CLOEXEC);
    return m->network < 0 || m->network_sockets < 0 ? -errno : 0;
}

/* The pid namespace was entered by the maker before it cloned us: setns(2) changes it for children only. */
int join_namespaces(struct making *m)
{
    if (setns(m->init, CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP) < 0)
        return -errno;
    return chdir("/work") < 0 ? -errno : 0;
}

/* The cgroup namespace is made only when we stand in the run's group: cgroup_namespaces(7), its root is the
 * group of the caller. A template has none of its own: with the mount option nsdelegate the kernel lets no
 * one clone into a group outside his namespace's root (kernel/cgroup/cgroup.c, cgroup_attach_permissions()).
 */
int hide_cgroups(struct making *m)
{
    (void)m;
    return unshare(CLONE_NEWCGROUP) < 0 ? -errno : 0;
}

int name_host(struct making *m)
{
    (void)m;
    return sethostname("phial", 5) < 0 ? -errno : 0;
}

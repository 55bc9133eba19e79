/* Wall 10: no other run shares a core's threads at the same moment: Linux's
 * Documentation/admin-guide/hw-vuln/ core-scheduling.rst. The cookie is inherited by all that the program
 * starts. */
#include "sandbox/box/box.h"

#include <errno.h>
#include <sys/prctl.h>

#ifndef PR_SCHED_CORE
#define PR_SCHED_CORE        62
#define PR_SCHED_CORE_CREATE 1
#endif
enum { SCOPE_THREAD_GROUP = 1 };

int share_no_core(struct making *m)
{
    if (!(m->order.flags & ORDER_CORE_SCHEDULING))
        return 0;
    return prctl(PR_SCHED_CORE, PR_SCHED_CORE_CREATE, 0, SCOPE_THREAD_GROUP, 0) < 0 ? -errno : 0;
}

/* Orders, and the clone up to its release. */
#include "template/engine/engine.h"

#include <errno.h>
#include <linux/sched.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#define X(step) {#step, step},
static const struct step steps[] = {CLONE_STEPS(X)};
#undef X

/* fork(2): the child has no robust list. Its restartable sequence area it has (kernel/rseq.c, rseq_fork()).
 */
static void describe_main_thread(void)
{
    syscall(SYS_set_robust_list, engine.main.robust_list, engine.main.robust_size);
}

/* The clone: every wall, then the gate. */
static void become_program(struct making *m)
{
    static struct reply ready;
    ready = (struct reply){.kind = REPLY_READY};
    describe_main_thread();
    pass_gate(steps, array_length(steps), m, &ready);
    close(m->socket);
    release_threads();
}

static void announce(const struct making *m, long pid, int pidfd)
{
    static struct reply reply;
    reply = (struct reply){.kind = REPLY_BORN};
    if (pid < 0) {
        reply.kind = REPLY_FAILED;
        reply.error = (int32_t)-pid;
        strncpy(reply.step, "clone", sizeof reply.step - 1);
    }
    reply_send(m->socket, &reply, &pidfd, pid >= 0);
    if (pid >= 0)
        close(pidfd);
}

/* True in the clone, once it may go on. The kernel's rules: the box's pid namespace lies below ours, so it
 * can be entered, with effect for our children (setns(2)); CLONE_PARENT needs exit_signal 0 (clone(2)), and
 * makes the clone the executor's child. */
static bool clone_process(struct making *m)
{
    int pidfd = -1;
    pid_t number = CLONE_NUMBER;
    struct clone_args args = {
        .flags = CLONE_PARENT | CLONE_PIDFD | CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID,
        .pidfd = (uintptr_t)&pidfd,
        .child_tid = (uintptr_t)engine.main.number_address,
        .set_tid = (uintptr_t)&number,
        .set_tid_size = 1,
    };
    if (m->order.flags & ORDER_CGROUP_V2) {
        args.flags |= CLONE_INTO_CGROUP;
        args.cgroup = (uint64_t)m->cgroup[0];
    }
    long pid = setns(m->init, CLONE_NEWPID);
    if (pid == 0)
        pid = syscall(SYS_clone3, &args, sizeof args);
    if (pid == 0) {
        become_program(m);
        return true;
    }
    announce(m, pid < 0 ? -errno : pid, pidfd);
    return false;
}

/* In the handler of the main thread; returns in a clone only. */
void serve_orders(void)
{
    struct making *m = &engine.making;
    for (;;) {
        int fds[MESSAGE_FDS_MOST];
        size_t count = 0;
        *m = (struct making){.init = -1, .network = -1, .filter = &engine.filter};
        ssize_t k =
            message_receive(TEMPLATE_SOCKET, &m->order, sizeof m->order, fds, MESSAGE_FDS_MOST, &count);
        if (k == sizeof m->order && m->order.kind == ORDER_TOUCH && count == 0) {
            touch_take();
            continue;
        }
        if (k != sizeof m->order || m->order.kind != ORDER_CLONE || take_descriptors(m, fds, count) < 0)
            _exit(k == 0 ? 0 : 1);
        if (clone_process(m))
            return;
        for (size_t i = 0; i < count; i++)
            close(fds[i]);
    }
}

#include "sandbox/box/box.h"

void reply_send(int socket, struct reply *reply, const int *fds, size_t fd_count)
{
    (void)message_send(socket, reply, sizeof *reply, fds, fd_count);
}

_Noreturn void fail(int socket, const char *step, int error)
{
    struct reply reply = {.kind = REPLY_FAILED, .error = error};
    strncpy(reply.step, step, sizeof reply.step - 1);
    reply_send(socket, &reply, NULL, 0);
    _exit(1);
}

void pass_gate(const struct step *steps, size_t count, struct making *m, struct reply *ready)
{
    do_steps(steps, count, m, ready);
    reply_send(m->socket, ready, NULL, 0);
    char go = 0;
    if (read(m->socket, &go, 1) != 1 || go != 'g')
        _exit(1);
}

void do_steps(const struct step *steps, size_t count, struct making *m, struct reply *reply)
{
    reply->begun_ns = clock_now_ns();
    for (size_t i = 0; i < count; i++) {
        int r = steps[i].act(m);
        if (r < 0)
            fail(m->socket, steps[i].name, -r);
        reply->done_ns[i] = clock_now_ns();
    }
}

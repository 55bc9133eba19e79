/* A program until it execs: it joins the box, is stripped, and waits at its gate for the executor to look at
 * it from outside. */
#include "sandbox/box/box.h"

#include <errno.h>

#define X(step) {#step, step},
static const struct step steps[] = {PROGRAM_STEPS(X)};
#undef X

_Noreturn void box_program(struct making *m, char **argv, char **env)
{
    struct reply ready = {.kind = REPLY_READY};
    pass_gate(steps, array_length(steps), m, &ready);
    execve(argv[0], argv, env);
    fail(m->socket, "exec", errno); /* the gate closes by itself when exec works */
}

/* A template until it execs its runtime, into which the dynamic loader puts our library (ld.so(8),
 * LD_PRELOAD). It has been through the same hands as a program, but for what a clone of it still needs: it
 * stays in T's pid namespace, installs no filter, and keeps a few capabilities in T. */
#include "sandbox/box/box.h"

#include <errno.h>

#define X(step) {#step, step},
static const struct step steps[] = {TEMPLATE_STEPS(X)};
#undef X

_Noreturn void box_template(struct making *m, char **argv, char **env)
{
    struct reply ready = {.kind = REPLY_READY};
    pass_gate(steps, array_length(steps), m, &ready);
    execve(argv[0], argv, env);
    fail(m->socket, "exec", errno);
}

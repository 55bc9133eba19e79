#include "cli/way.h"
#include "cli/exchange.h"

#include <errno.h>
#include <stdio.h>

static void no_way(const char *command, const struct settings *s, int code)
{
    if (code == -EACCES || code == -EPERM)
        fprintf(
            stderr,
            "phial: %s: you may not use the server's socket %s; join the group %s (as root: usermod -aG %s "
            "NAME, then log in anew), or run this as root\n",
            command, s->socket, s->group, s->group);
    else
        fprintf(
            stderr,
            "phial: %s: no server answers at %s: %s; start one (as root: phial serve), or run this as root, "
            "which needs no server\n",
            command, *s->socket ? s->socket : "(the setting 'socket' is empty)", strerror(-code));
}

enum way way_choose(const char *command, const struct settings *settings, bool server, bool local)
{
    if (local && geteuid() != 0) {
        fprintf(
            stderr,
            "phial: %s: --local makes the sandbox itself, which needs root; use a server without --local\n",
            command);
        return WAY_NONE;
    }
    int reachable = local ? -ENOTCONN : server_reachable(settings->socket);
    if (reachable == 0)
        return WAY_SERVER;
    if (!server && geteuid() == 0)
        return WAY_LOCAL;
    no_way(command, settings, reachable);
    return WAY_NONE;
}

/* Whether a server makes the sandbox or the command itself. */
#ifndef PHIAL_CLI_WAY_H
#define PHIAL_CLI_WAY_H

#include "settings/settings.h"

enum way { WAY_NONE, WAY_SERVER, WAY_LOCAL };
/* With a server at hand it is used; without one root needs none; the options --server and --local allow one
 * way only. WAY_NONE: what is to be said has been printed. */
enum way way_choose(const char *command, const struct settings *settings, bool server, bool local);

#endif

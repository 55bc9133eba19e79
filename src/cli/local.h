/* An executor of the command's own, for what runs programs without a server: `phial run`, `phial course
 * check`. */
#ifndef PHIAL_CLI_LOCAL_H
#define PHIAL_CLI_LOCAL_H

#include "settings/settings.h"

/* The unprivileged side: speaks with the executor over `sock`, which it takes; returns the exit code. It has
 * to give up root first (drop_root()). */
typedef int local_client(void *context, int sock);

/* Starts an executor (for one language only, or for all with NULL; with warm templates only if many runs are
 * to come, since they take longer to make than one run), runs `client` in a child, waits for it
 * and ends the executor. Returns the child's exit code, 128 and the number when SIGINT, SIGTERM or SIGHUP
 * ended it, `fault_exit` when it died of another or could not write standard output; -errno, with the error
 * set, when it could not begin. */
int local_run(const struct settings *settings, const char *language, bool warm, local_client *client,
              void *context, int fault_exit, struct error *err);

#endif

/* frontend: the unprivileged process that reads bytes from the Internet. It puts http, api, site and store
 * together.
 *
 * It begins as a child of the supervisor, as root, reads and opens what it will need (courses and pages, the
 * audit log; the languages are read already), and then gives everything up (privileges.c): user, groups,
 * capabilities, the file system (root.c), other descriptors. As its new self it opens the store and makes its
 * two threads, the store's writer and the one that hashes passwords, and then takes a seccomp allow list
 * (filter.c). After that it can touch: the sockets it was given, new connections on them, the executor's
 * socket, files in the state folder, to read, and the store's database, which is open.
 *
 * Control messages are one byte: from the supervisor 'e' with a descriptor, a new executor's socket, and 'd',
 * drain; to it 'r', calls are accepted, and 'D', drained. When the control socket closes, it ends.
 */
#ifndef PHIAL_FRONTEND_FRONTEND_H
#define PHIAL_FRONTEND_FRONTEND_H

#include "language/language.h"
#include "settings/settings.h"

struct frontend_options {
    const struct settings *settings;
    const struct languages *languages;
    const int *listeners; /* listening sockets, TCP and Unix; taken */
    size_t listener_count;
    int executor; /* socket of the executor, -1 when there is none yet; taken */
    int control;  /* SOCK_SEQPACKET to the supervisor; taken */
};
/* Runs until the supervisor ends it; the process's exit code. */
int frontend_main(const struct frontend_options *options);

#endif

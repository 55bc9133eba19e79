/* The sockets that the server listens on. They outlive executor and frontend: clients that call while one of
 * them is started anew wait in the backlog instead of being refused. */
#ifndef PHIAL_CLI_LISTEN_H
#define PHIAL_CLI_LISTEN_H

#include "settings/settings.h"

enum { LISTENERS_MOST = 16 };

struct listener {
    int fd;
    char name[160]; /* "http://127.0.0.1:4080" or "unix:/path", with the port the kernel chose */
    char path[108]; /* of a Unix socket, else "" */
    dev_t device;   /* of the socket file, so that only our own is removed */
    ino_t inode;
    bool loopback; /* nobody on another machine reaches it */
};
struct listeners {
    struct listener items[LISTENERS_MOST];
    size_t count;
};
/* Opens all that `settings` name. On failure nothing is open. */
int listeners_open(struct listeners *listeners, const struct settings *settings, struct error *err);
/* Closes them and removes their socket files. */
void listeners_close(struct listeners *listeners);

#endif

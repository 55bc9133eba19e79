/* Inside the sandbox room: the ground, boxes and programs as their files share them. */
#ifndef PHIAL_SANDBOX_INTERNAL_H
#define PHIAL_SANDBOX_INTERNAL_H

#include "sandbox/box/protocol.h"
#include "sandbox/cgroup.h"
#include "sandbox/sandbox.h"

enum {
    UIDS = 65536,
    UID_FIRST = 1000, /* below are T's root and what an image may name */
};

enum { NETWORKS_KEPT = 64 };
struct network {
    int namespace, sockets; /* the second is its /proc/net/unix, opened inside */
};

struct ground {
    int maker; /* socket */
    int maker_pidfd, init_pidfd;
    int watch; /* epoll of both */
    uint32_t uid_base, uid_next, order_flags;
    uint8_t *uids; /* one byte a uid: taken by a live box */
    struct cgroup_root *cgroups;
    struct network *networks; /* empty ones, for boxes to come */
    size_t network_count;
    char (*images)[IMAGE_NAME_MOST + 1];
    size_t image_count;
};

struct box {
    struct ground *ground;
    struct cgroup *cgroup;
    enum box_state state;
    uint32_t uid;
    int socket, init;
    struct network network;
    bool ready, checked, kill_wanted, reaped;
    size_t pending;
    struct reply times;
    uint64_t asked_ns;
};

struct program {
    struct box *box;
    enum program_state state;
    int gate, pidfd;
    bool ready, ended;
    size_t fd_count;
    struct program_end end;
    struct reply times;
    uint64_t asked_ns;
};

/* Takes one reply from a box's socket or a program's gate, with up to two descriptors (-1 where none came;
 * the caller owns them). 1 for a message, 0 at the end, -errno. A REPLY_FAILED becomes an error with its
 * step. */
int reply_take(int socket, const char *what, struct reply *reply, int fds[static 2], struct error *err);
/* Looks at the box's init from outside, once; -EPERM kills the box. */
int box_check(struct box *b, struct error *err);
/* networks.c */
bool network_take(struct ground *g, struct network *n);
void network_give_back(struct ground *g, struct network *n);
void network_close(struct network *n);
size_t step_times(const struct reply *reply, uint64_t asked_ns, const char *const *names, size_t count,
                  struct step_time *times, size_t most);

/* check.c: the look from outside. `fds` is how many descriptors from 0 on are allowed, besides `extra`. */
struct expectation {
    uid_t uid; /* on the host, user and group */
    size_t fds;
    int extra;
};
int check_from_outside(int pidfd, const struct expectation *want, struct error *err);
/* The process's number in the namespace of our /proc, or -errno. */
pid_t pidfd_number(int pidfd);

/* ground_mounts.c: runs in T's init before it execs. */
int ground_mounts(const struct ground_options *options, int dev, struct error *err);
int dev_make(struct error *err);

extern const uint8_t box_helper[], box_helper_end[];

#endif

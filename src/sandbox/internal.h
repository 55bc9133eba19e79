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
    unsigned inherited_filters;
    uint8_t *uids; /* one byte a uid: taken by a live box */
    struct cgroup_root *cgroups;
    struct network *networks; /* empty ones, for boxes to come */
    size_t network_count;
    char (*images)[IMAGE_NAME_MOST + 1];
    size_t image_count;
    struct box *boxes;
    struct template *templates;
};

/* Frozen templates have no bound: template.c says why. */
#define MEMORY_UNBOUNDED (UINT64_C(1) << 50)

struct box {
    struct ground *ground;
    struct cgroup *cgroup;
    enum box_state state;
    uint32_t uid;
    int socket, init;
    struct network network;
    bool ready, checked, kill_wanted, reaped;
    bool lost;                  /* a clone may be in it whose pidfd never came */
    struct box *before, *after; /* in ground->boxes */
    struct program *program;    /* the one that lives in it */
    size_t pending;
    struct reply times;
    uint64_t asked_ns;
};

struct program {
    struct box *box;
    enum program_state state;
    int gate, pidfd;
    bool ready, let_go, ended;
    size_t fd_count;
    bool is_clone;
    struct template *template; /* a clone's, while it is being made */
    struct program *next;      /* in template->making */
    const char *const *step_names;
    size_t step_count;
    struct program_end end;
    struct reply times;
    uint64_t asked_ns;
};

/* Takes one reply from a box's socket or a program's gate, with up to two descriptors (-1 where none came;
 * the caller owns them). 1 for a message, 0 at the end, -errno. A REPLY_FAILED becomes an error with its
 * step. */
int reply_take(int socket, const char *what, struct reply *reply, int fds[static 2], struct error *err);
/* Take turns, so that a uid is not met again soon. -EAGAIN when every one is taken by a live box. */
int uid_take(struct ground *g, uint32_t *uid);
bool image_known(const struct ground *g, const char *name);
/* Looks at the box's init from outside, once; -EPERM kills the box. */
int box_check(struct box *b, struct error *err);
/* networks.c */
bool network_take(struct ground *g, struct network *n);
void network_give_back(struct ground *g, struct network *n);
void network_close(struct network *n);
size_t step_times(const struct reply *reply, uint64_t asked_ns, const char *const *names, size_t count,
                  struct step_time *times, size_t most);

struct template
{
    struct ground *ground;
    struct template *next; /* in ground->templates */
    struct cgroup *cgroup;
    enum template_state state;
    uint32_t uid;
    int socket, pidfd;
    size_t fd_count;
    bool ready, reaped;
    struct engine_report frozen;
    uint64_t page_table_bytes;
    int watched_maps, watched_pages; /* proc's files of the clone that template_watch() noted */
    bool listed;                     /* a clone's whole list of descriptors was compared once */
    struct program *making;          /* clones that have not passed the look from outside */
};
/* learn.c */
void template_unwatch(struct template *t);
/* Puts a clone into the template's list, or takes it out. */
void template_making(struct template *t, struct program *p, bool in);
/* An order with the strings behind it. -E2BIG, or what message_send() says. */
int order_send(int socket, struct order *order, const char *const *argv, const char *const *env,
               const int *fds, size_t fd_count);

/* check.c: the look from outside. */
struct expectation {
    uid_t uid;             /* on the host, user and group */
    uint64_t capabilities; /* in every set but the bounding set */
    /* By systemd or a container: a filter of ours is one more. */
    unsigned inherited_filters;
    bool filtered;
    size_t threads;       /* of a clone */
    size_t fds;           /* how many descriptors from 0 on are allowed, */
    int extra;            /* besides this one */
    const uint8_t *among; /* or, for a clone: these (a bit each), besides one more, its gate */
    bool list;            /* read the list although the count is right */
};
int check_from_outside(int pidfd, const struct expectation *want, struct error *err);
/* Looks at every task in the clone's box: its threads, its holder, the box's init. */
int check_clone(const struct box *b, int pidfd, const struct expectation *want, struct error *err);
/* How many seccomp filters this process has had since it began, and so all its children. */
int check_own_filters(unsigned *count, struct error *err);
/* The process's number in the namespace of our /proc, or -errno. */
pid_t pidfd_number(int pidfd);

/* ground_mounts.c: runs in T's init before it execs. */
int ground_mounts(const struct ground_options *options, int dev, struct error *err);
int dev_make(struct error *err);

extern const uint8_t box_helper[], box_helper_end[];

#endif

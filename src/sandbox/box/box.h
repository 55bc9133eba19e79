/* box: the static helper inside the ground. It is the maker, the init of every box, and what a program is
 * until it execs. It knows no paths of the host, allocates nothing, and each of its walls is a file. Every
 * function returns 0 or -errno. */
#ifndef PHIAL_SANDBOX_BOX_BOX_H
#define PHIAL_SANDBOX_BOX_BOX_H

#include "base/base.h"
#include "sandbox/box/protocol.h"

#include <linux/filter.h>

struct filter_program {
    struct sock_filter code[4096]; /* BPF_MAXINSNS */
    unsigned short count;
};

/* Everything that a step may need: an order and the descriptors that came with it. */
struct making {
    struct order order;
    int socket; /* replies go here */
    int cgroup[CGROUP_FDS_MOST];
    int init;                /* program and clone: pidfd of the box's init */
    int filter_file, engine; /* template only */
    int network;             /* box only: one that is given, or the one that was made */
    int network_sockets;     /* box only: the list of its Unix sockets, when it was made */
    int program[PROGRAM_FDS_MOST];
    const struct filter_program *filter;
};

/* order.c */
int take_descriptors(struct making *m, const int *fds, size_t count);
/* namespaces.c */
uint64_t namespaces_of_a_box(const struct making *m); /* clone flags */
int enter_network(struct making *m);
int join_namespaces(struct making *m);
int hide_cgroups(struct making *m);
int name_host(struct making *m);
/* cgroup_join.c */
int join_cgroup(struct making *m);
/* filesystem.c */
int mount_proc(struct making *m);
int mount_work(struct making *m);
int change_root(struct making *m);
/* privileges.c */
int allow_inheritance(void);
int drop_bounding_set(void);
int drop_privileges(struct making *m);
/* A template: its own user, and in T what a clone needs to enter its box, kept through exec. */
int keep_capabilities(struct making *m);
int close_ambient_set(void);
/* A clone: first the user, with the capabilities kept for the steps to come; at last, in each thread, they go
 * too. */
int change_user(struct making *m);
int drop_own_capabilities(void);
int verify_dropped(uid_t uid);
/* filter.c */
int filter_load(struct filter_program *f, int fd);
int install_filter(struct making *m);
int install_filter_on_all(struct making *m); /* threads of this process */
int install_init_filter(struct making *m);
/* landlock.c */
int restrict_files(struct making *m);
/* rlimits.c */
int set_rlimits(void);
/* descriptors.c */
int place_descriptors(struct making *m);
int place_template(struct making *m);
int keep_one_descriptor(struct making *m);
/* cpu.c */
int stay_on_cpu(uint32_t cpu);
int leave_cpu(struct making *m);
/* side_channels.c */
int share_no_core(struct making *m);
/* session.c */
int default_signals(void);
int begin_session(struct making *m);

/* probe.c */
int box_probe(void);

/* init.c, program.c, template.c: the bodies; they do not return. */
_Noreturn void box_init(struct making *m);
_Noreturn void box_program(struct making *m, char **argv, char **env);
_Noreturn void box_template(struct making *m, char **argv, char **env);

/* steps.c: does the steps in their order, notes the time of each, and replies at the first failure (then it
 * exits) or fills *reply for the caller to send. */
struct step {
    const char *name;
    int (*act)(struct making *);
};
void do_steps(const struct step *steps, size_t count, struct making *m, struct reply *reply);
/* Does the steps, says so with *ready, and waits until the executor has looked and lets it go; else it exits.
 */
void pass_gate(const struct step *steps, size_t count, struct making *m, struct reply *ready);
void reply_send(int socket, struct reply *reply, const int *fds, size_t fd_count);
_Noreturn void fail(int socket, const char *step, int error);

#endif

/* What the executor and the static helper (maker, init, program before exec) say to each other. Both ends are
 * built together and are ours; no byte from a run ever travels here. One message a packet (SOCK_SEQPACKET).
 */
#ifndef PHIAL_SANDBOX_BOX_PROTOCOL_H
#define PHIAL_SANDBOX_BOX_PROTOCOL_H

#include <stdint.h>

enum {
    MAKER_SOCKET = 3, /* the descriptor the maker is started with */
    CGROUP_FDS_MOST = 4,
    PROGRAM_FDS_MOST = 8,
    PROGRAM_GATE = 20,   /* where a program holds its gate until exec closes it */
    INIT_SOCKET = 3,     /* the only descriptor of a box's init */
    ORDER_MOST = 200000, /* bytes of one order: arguments and environment stand in it */
    IMAGE_NAME_MOST = 63,
};

/* ---- executor to maker ---- */

enum order_kind { ORDER_BOX = 1, ORDER_PROGRAM };

enum order_flags {
    ORDER_CGROUP_V2 = 1,       /* the one cgroup descriptor is a v2 folder: clone into it */
    ORDER_CORE_SCHEDULING = 2, /* the kernel has it: failure is failure */
    ORDER_LANDLOCK = 4,        /* likewise */
    ORDER_NETWORK_GIVEN = 8,   /* a network namespace comes with the order, proved empty */
};

/* Descriptors: [0] the far end of the box's socket (ORDER_BOX) or of the program's gate (ORDER_PROGRAM), then
 * `cgroup_fds` of the group (v1: `tasks` files open for writing; v2: the folder); for a program then the
 * pidfd of the box's init, the filter, and `program_fds` for the program's descriptors 0, 1, 2, ... */
struct order {
    uint32_t kind, flags;
    uint32_t uid; /* user and group in T */
    uint32_t cgroup_fds, program_fds;
    uint32_t argc, envc; /* zero-ended strings behind this struct */
    uint32_t cpu;        /* where the executor runs */
    uint64_t disk_bytes, disk_files;
    char image[IMAGE_NAME_MOST + 1];
};

/* ---- maker, init and program to executor, on the box's socket or the program's gate ---- */

enum reply_kind {
    REPLY_BORN = 1, /* from the maker, with the pidfd of the init or program */
    REPLY_NETWORK,  /* from init, if none was given: its network namespace and the list of its Unix sockets */
    REPLY_READY,    /* from init: the box stands; from a program: it stands stripped, and waits at its gate */
    REPLY_DONE,     /* from init: one request is done (or failed) */
    REPLY_FAILED,   /* from any: `step` failed with `error` */
};

/* The steps of making a box and of starting a program, in their order. */
#define BOX_STEPS(X)                                                                                         \
    X(join_cgroup)                                                                                           \
    X(enter_network)                                                                                         \
    X(name_host)                                                                                             \
    X(mount_proc)                                                                                            \
    X(mount_work)                                                                                            \
    X(change_root)                                                                                           \
    X(keep_one_descriptor)                                                                                   \
    X(drop_privileges)                                                                                       \
    X(leave_cpu)                                                                                             \
    X(install_init_filter)
#define PROGRAM_STEPS(X)                                                                                     \
    X(join_cgroup)                                                                                           \
    X(join_namespaces)                                                                                       \
    X(place_descriptors)                                                                                     \
    X(begin_session)                                                                                         \
    X(share_no_core)                                                                                         \
    X(drop_privileges)                                                                                       \
    X(restrict_files)                                                                                        \
    X(leave_cpu)                                                                                             \
    X(install_filter)
enum { STEPS_MOST = 12 };

struct reply {
    uint32_t kind;
    int32_t error; /* positive errno */
    char step[32];
    uint64_t begun_ns;
    uint64_t done_ns[STEPS_MOST]; /* CLOCK_MONOTONIC when each step was done: for measuring, wall by wall */
};

/* ---- executor to init ---- */

enum request_kind { REQUEST_FILE = 1, REQUEST_CLEAR };
struct request { /* with the sealed memfd for a file */
    uint32_t kind, mode;
    uint64_t offset, size;
    char name[256];
};

#endif

/* What the executor says to the static helper (maker, init, program before exec) and to the library in a
 * template, and they to it. Both ends are built together and are ours; no byte from a run ever travels here.
 * One message a packet (SOCK_SEQPACKET). */
#ifndef PHIAL_SANDBOX_BOX_PROTOCOL_H
#define PHIAL_SANDBOX_BOX_PROTOCOL_H

#include <linux/capability.h>
#include <stdint.h>

enum {
    MAKER_SOCKET = 3, /* the descriptor the maker is started with */
    CGROUP_FDS_MOST = 4,
    PROGRAM_FDS_MOST = 8,
    PROGRAM_GATE = 20,   /* where a program holds its gate until exec closes it */
    INIT_SOCKET = 3,     /* the only descriptor of a box's init */
    ORDER_MOST = 200000, /* bytes of one order: arguments and environment stand in it */
    IMAGE_NAME_MOST = 63,
    /* What a template is started with, besides 0, 1, 2, ... */
    TEMPLATE_SOCKET = 1000, /* orders come here, and what the library reports goes out */
    TEMPLATE_FILTER = 1001, /* the filter that each clone installs */
    TEMPLATE_ENGINE = 1002, /* the library */
};
#define TEMPLATE_PRELOAD "LD_PRELOAD=/proc/self/fd/1002"
/* Variable "5:NAME": how many descriptors come with each order, and the program of the child that the runtime
 * keeps, if it may. */
#define TEMPLATE_VARIABLE "PHIAL_ENGINE"

/* Stops a thread of a runtime for good. No C library or runtime uses the highest real-time signal by itself.
 */
enum { FREEZE_SIGNAL = 64 };

/* What a template keeps, in T: to enter the namespaces of boxes and give threads their numbers (SYS_ADMIN),
 * to do so by a pidfd, for which setns(2) asks what ptrace would (SYS_PTRACE), to enter a mount namespace
 * (SYS_CHROOT), to become the run's user (SETUID, SETGID), to stand in its work folder and to clone into its
 * v2 group (DAC_OVERRIDE). */
#define TEMPLATE_CAPABILITIES                                                                                \
    (1ULL << CAP_SYS_ADMIN | 1ULL << CAP_SYS_PTRACE | 1ULL << CAP_SYS_CHROOT | 1ULL << CAP_SETUID |          \
     1ULL << CAP_SETGID | 1ULL << CAP_DAC_OVERRIDE)
/* And until the library is loaded, to lock the ambient set when it has been emptied. */
#define TEMPLATE_START_CAPABILITIES (TEMPLATE_CAPABILITIES | 1ULL << CAP_SETPCAP)

/* ---- executor to maker, and to a template (ORDER_CLONE) ---- */

enum order_kind { ORDER_BOX = 1, ORDER_PROGRAM, ORDER_TEMPLATE, ORDER_CLONE, ORDER_TOUCH };

enum order_flags {
    ORDER_CGROUP_V2 = 1,       /* the one cgroup descriptor is a v2 folder: clone into it */
    ORDER_CORE_SCHEDULING = 2, /* the kernel has it: failure is failure */
    ORDER_LANDLOCK = 4,        /* likewise */
    ORDER_NETWORK_GIVEN = 8,   /* a network namespace comes with the order, proved empty */
};

/* Descriptors: [0] the far end of the box's socket (ORDER_BOX), of the program's or clone's gate, or of the
 * template's socket, then `cgroup_fds` of the group (v1: `tasks` files open for writing; v2: the folder). A
 * program and a clone: the pidfd of the box's init. A program and a template: the filter. A template: the
 * library. Last `program_fds` for its descriptors 0, 1, 2, ... */
struct order {
    uint32_t kind, flags;
    uint32_t uid; /* user and group in T */
    uint32_t cgroup_fds, program_fds;
    uint32_t argc, envc; /* zero-ended strings behind this struct */
    uint32_t cpu;        /* where the executor runs */
    uint64_t disk_bytes, disk_files;
    char image[IMAGE_NAME_MOST + 1];
};

/* Behind an ORDER_TOUCH, which has no descriptors, in a packet of its own: the memory that each clone touches
 * before it is let go. */
enum {
    TOUCH_RANGES_MOST = 512,
    TOUCH_WRITTEN_MOST = 1024, /* pages: each clone gets its own copies of them */
    TOUCH_READ_MOST = 16384,   /* pages of files, which all have in common */
};
struct touch_list {
    uint32_t count;
    struct touch_range {
        uint64_t page; /* the first: its address by 4096 */
        uint32_t pages, written;
    } ranges[TOUCH_RANGES_MOST];
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
    X(hide_cgroups)                                                                                          \
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
#define TEMPLATE_STEPS(X)                                                                                    \
    X(join_cgroup)                                                                                           \
    X(name_host)                                                                                             \
    X(mount_proc)                                                                                            \
    X(change_root)                                                                                           \
    X(place_template)                                                                                        \
    X(begin_session)                                                                                         \
    X(keep_capabilities)                                                                                     \
    X(leave_cpu)
/* A clone passes what a program passes, in the same order of trust (src/template/engine). */
#define CLONE_STEPS(X)                                                                                       \
    X(join_cgroup)                                                                                           \
    X(join_namespaces)                                                                                       \
    X(begin_session)                                                                                         \
    X(share_no_core)                                                                                         \
    X(change_user)                                                                                           \
    X(restrict_files)                                                                                        \
    X(touch_pages)                                                                                           \
    X(rebuild_descriptors)                                                                                   \
    X(revive_threads)                                                                                        \
    X(drop_capabilities)                                                                                     \
    X(install_filter_on_all)                                                                                 \
    X(leave_holder)
enum { STEPS_MOST = 12 };

struct reply {
    uint32_t kind;
    int32_t error; /* positive errno */
    char step[32];
    uint64_t begun_ns;
    uint64_t done_ns[STEPS_MOST]; /* CLOCK_MONOTONIC when each step was done: for measuring, wall by wall */
};

/* ---- the library in a template to executor, on the template's socket ---- */

enum engine_report_kind { ENGINE_FROZEN = 1, ENGINE_REFUSED };
struct engine_report {
    uint32_t kind;
    uint32_t threads;   /* of each clone */
    uint32_t fd_count;  /* of each clone, its gate not counted */
    uint8_t fds[128];   /* which: a bit each, from 0 on */
    uint64_t freeze_ns; /* from the signal to the report */
    char why[256];      /* ENGINE_REFUSED */
};

/* ---- executor to init ---- */

enum request_kind { REQUEST_FILE = 1, REQUEST_CLEAR };
struct request { /* with the sealed memfd for a file */
    uint32_t kind, mode;
    uint64_t offset, size;
    char name[256];
};

#endif

/* executor: the privileged process that makes sandboxes, the messages it speaks, and the client's side of
 * them.
 *
 * One executor serves one client (a frontend, or the command line) over one SOCK_SEQPACKET socket. Every
 * message is a fixed header and a body whose length is checked; the table in wire.h says in which state each
 * is allowed. From the client it takes no descriptor but sealed memfds, read with pread. When the socket
 * closes, every run ends. It may touch everything that src/sandbox may; it parses no HTTP and no JSON.
 */
#ifndef PHIAL_EXECUTOR_EXECUTOR_H
#define PHIAL_EXECUTOR_EXECUTOR_H

#include "run/run.h"
#include "settings/settings.h"
#include "template/template.h"

/* ---- the process (process.c) ---- */

/* Starts an executor: init of a new pid namespace, private mounts, images mounted, ground started. `client`
 * gets the client's end of the socket, `control` the supervisor's. It reports on `control` with one message
 * when it is ready or why it is not (executor_wait_ready() reads it). After that the supervisor may send
 * there, one byte a message: 'c' with a socket: a new client in place of the old one, whose runs end; 'd':
 * take no more runs, and exit with 0 when the last has ended (a client that still asks is refused with
 * ESHUTDOWN). When `control` is closed, or the caller dies, the executor exits at once and every run with it.
 * Exit code 1: it could not go on; start another. */
struct executor_process {
    int pidfd, control, client;
    pid_t pid;
    unsigned slot;
    int lock; /* holds the slot */
};
int executor_spawn(struct executor_process *process, const struct settings *settings, struct error *err);
/* As executor_spawn(), but with the image and filter of one language only (its own name; NULL for all): it
 * starts sooner, and refuses all others. */
int executor_spawn_for(struct executor_process *process, const struct settings *settings,
                       const char *language, struct error *err);
/* Waits for the executor's first report. 0, or -errno with its own words. */
int executor_wait_ready(struct executor_process *process, uint64_t timeout_ms, struct error *err);
/* Kills it, waits, sweeps its cgroups, gives back its slot. */
void executor_stop(struct executor_process *process);

/* ---- the client's side (client.c, queue.c) ---- */

struct executor_client;

enum {
    EXECUTOR_TEMPLATES_MOST = 64, /* of so many languages is told */
    EXECUTOR_LANGUAGE_MOST = 32,  /* bytes of a language's name */
};
struct executor_template { /* one language that can start warm */
    char language[EXECUTOR_LANGUAGE_MOST + 1];
    struct warm_facts facts;
};
struct executor_stats {
    uint64_t running, queued, started, refused, boxes_ready, memory_bytes, group_memory_bytes;
    bool told; /* the executor has said something: what follows, and the three before, are true */
    /* In the order of the languages; none when warm templates are switched off. Valid until the loop runs
     * again. */
    const struct executor_template *templates;
    size_t template_count;
};
struct executor_client_options {
    struct event_base *loop;
    uint32_t running_most; /* how many runs at once in the executor */
    uint32_t queue_most;   /* all clients together */
    uint32_t client_most;  /* runs at once of one client */
    uint32_t client_queue_most;
    void (*lost)(void *context); /* the socket closed: all runs in flight have been told */
    void (*told)(void *context); /* the statistics have been heard anew; may be NULL */
    void *context;
};
int executor_client_new(struct executor_client **client, const struct executor_client_options *options);
/* Gives it a connected socket (taken), at the start, after `lost`, or in place of one that is still
 * connected: then runs in flight end as if that had been lost, from within this call. */
int executor_client_connect(struct executor_client *client, int sock, struct error *err);
bool executor_client_connected(const struct executor_client *client);
void executor_client_free(struct executor_client *client);
struct executor_stats executor_client_stats(const struct executor_client *client);
/* A language whose first template is still booting, or NULL: then each is warm, or it is known why not. */
const char *executor_stats_booting(const struct executor_stats *stats);

struct ticket; /* one run as the client sees it, queued or running */
struct ticket_callbacks {
    void (*queued)(void *context, uint32_t place); /* 1 is next */
    void (*started)(void *context);
    void (*output)(void *context, enum run_stream stream, const void *data, size_t size);
    void (*ended)(void *context, const struct run_result *result, const struct error *err); /* once, last */
};
/* Puts a run into the fair queue: clients (any string: key, address) take turns. -EAGAIN: the queue's or this
 * client's bound is reached; -ESHUTDOWN: draining; -ENOTCONN: no executor at the moment. Nothing was started
 * then and no callback comes. Callbacks come from the loop, never from within this call. */
int executor_client_run(struct executor_client *client, const char *who, const struct run_request *request,
                        const struct ticket_callbacks *callbacks, void *context, struct ticket **ticket,
                        struct error *err);
/* The same for two linked runs, which start together and whose harnesses talk to each other (run_join()).
 * They count as one run in the queue and at its bounds. Cancelling either while they are queued ends both;
 * once they run, each ends by itself. */
struct pair_half {
    const struct run_request *request; /* `linked` */
    const struct ticket_callbacks *callbacks;
    void *context;
};
int executor_client_run_pair(struct executor_client *client, const char *who,
                             const struct pair_half halves[2], struct ticket *tickets[2], struct error *err);
int ticket_stdin(struct ticket *ticket, const void *data, size_t size, bool eof);
/* Stops it: `ended` is still called, with status `killed` (also when it was only queued). */
void ticket_cancel(struct ticket *ticket);
/* The holder goes away: as ticket_cancel(), but no callback comes any more. */
void ticket_abandon(struct ticket *ticket);
void ticket_pause_output(struct ticket *ticket, bool paused);
/* No new runs; `drained` is called when the last has ended. */
void executor_client_drain(struct executor_client *client, void (*drained)(void *context), void *context);

#endif

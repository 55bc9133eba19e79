/* The executor's own side: one connection, its runs. Inside the executor room. */
#ifndef PHIAL_EXECUTOR_SERVER_H
#define PHIAL_EXECUTOR_SERVER_H

#include "executor/cpu.h"
#include "executor/executor.h"
#include "executor/wire.h"

struct server {
    struct run_environment env;
    const bool *available; /* one for each language: its image is mounted */
    uint32_t running_most;
    size_t alive;   /* runs whose box is not gone yet */
    size_t running; /* runs whose end was not told yet */
    struct run_faults faults;
    struct cpu_choice cpu;
    bool draining, congested;
    struct connection *connection; /* NULL between two clients */
    struct served_run *runs;
    struct event tidy; /* after runs have ended: statistics, memory that they left charged */
    bool tidy_waits;
    struct event refill; /* after an answer has left: what it took out of the pool is made anew */
    struct event look;   /* at the templates, while there is a client: now and then, and when they change */
    bool look_soon;
    uint64_t trimmed_ns;
    void (*idle)(void *context); /* no run is left */
    void *context;
};
/* `env`, `available`, `running_most`, `idle` and `context` are set. */
void server_open(struct server *s);
/* Takes the socket of a new client; the runs of an earlier one end. */
int server_connect(struct server *s, int sock);
/* Runs start warm from now on. */
void server_warm(struct server *s, struct templates *templates);
/* There is something to tell of the templates; `context` is the server. */
void server_templates_changed(void *context);
/* No new runs. */
void server_drain(struct server *s);

/* requests.c: the request in a memfd from the client; -EPERM or -EBADMSG when no client of ours sent it. The
 * caller frees what it got. */
int request_read(int fd, struct run_request *request, struct error *err);
/* Both halves of a pair; freed by the caller also on failure. */
int request_read_pair(int fd, size_t split, struct run_request requests[2], struct error *err);

/* process.c calls it in the new process; returns its exit code. */
int executor_main(const struct settings *settings, const char *only, unsigned slot, int control, int client);
/* The first message on the control socket. code 0: ready. */
int control_report(int control, int code, const char *text);

#endif

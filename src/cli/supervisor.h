/* The supervisor: keeps one executor and one frontend alive, and ends or renews both gently.
 *
 * Theory of operation. The supervisor is root, reads nothing that comes from a client or a program, and
 * sleeps in poll(2). It watches the pidfds of its two children, their control sockets and a signalfd. A child
 * that dies is started anew: at once the first time, later and later when it keeps dying. After the
 * executor's death its cgroups are swept and the frontend gets the new one's socket; after the frontend's
 * death the executor gets a new client, which ends the old client's runs. SIGTERM and SIGINT drain and stop,
 * SIGHUP drains, reads the settings and starts both anew; the listening sockets stay open all the while.
 *
 * Control messages are one byte, with a descriptor where one is handed over:
 *   to the frontend    'e' + socket: a new executor; 'd': drain
 *   from the frontend  'r': it accepts calls; 'D': drained
 *   to the executor    'c' + socket: a new client
 */
#ifndef PHIAL_CLI_SUPERVISOR_H
#define PHIAL_CLI_SUPERVISOR_H

#include "cli/listen.h"
#include "cli/settings_options.h"
#include "executor/executor.h"

enum child_state { CHILD_DOWN, CHILD_STARTING, CHILD_READY };

/* What is known of a child that may die again and again. */
struct child {
    const char *name;
    enum child_state state;
    unsigned deaths;                 /* one soon after the other */
    uint64_t started_ns, restart_ns; /* restart_ns: not before then */
};

struct supervisor {
    struct settings_options options; /* to read the settings again */
    struct settings settings;
    struct languages languages;
    struct listeners listeners;
    struct child executor_child, frontend_child;
    struct executor_process executor;
    pid_t frontend_pid;
    int frontend_pidfd, frontend_control;
    int signals;
    int watch;                             /* readable when something has changed; -1 for none */
    bool (*changed)(struct supervisor *s); /* then asked whether the frontend is to start anew */
    enum { GOAL_RUN, GOAL_RELOAD, GOAL_STOP, GOAL_STOP_NOW } goal;
    bool drained, announced;
    uint64_t drain_until_ns;
    struct error failure; /* why the first start failed */
};

/* Runs until told to stop; the exit code. Settings, languages and listeners are filled in. */
int supervise(struct supervisor *s);

/* Reads the settings of `options`, opens the listeners and supervises (serve.c); the exit code. */
int serve(struct supervisor *s);

/* ---- children.c ---- */

/* Starts the child if it is down and may be started now. */
void start_executor(struct supervisor *s);
void start_frontend(struct supervisor *s);
/* The executor said that it is ready, or why it is not. */
void executor_reported(struct supervisor *s);
/* One message from the frontend. */
void frontend_reported(struct supervisor *s);
void executor_died(struct supervisor *s);
void frontend_died(struct supervisor *s);
/* The frontend alone is ended, to be started anew. */
void renew_frontend(struct supervisor *s);
/* Both are told and waited for; afterwards both are down. */
void stop_children(struct supervisor *s);

#endif

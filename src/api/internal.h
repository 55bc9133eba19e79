/* api: what the files of this room share. */
#ifndef PHIAL_API_INTERNAL_H
#define PHIAL_API_INTERNAL_H

#include "api/api.h"

#include <sys/queue.h>

/* ---- figures (metrics.c) ---- */

enum run_phase { PHASE_QUEUE, PHASE_START, PHASE_RUN, PHASE_TEARDOWN, PHASE_COUNT };
enum { BUCKETS = 16 };
struct histogram {
    uint64_t counts[BUCKETS + 1]; /* the last: over all bounds */
    uint64_t sum_us;
};
enum { COUNTED_STATUSES = 10 }; /* run_status, then these */
enum { COUNT_NOT_RUN = RUN_killed + 1, COUNT_ABANDONED };
enum { COUNT_NOT_JUDGED = GRADE_error + 1, COUNT_LEFT, COUNTED_VERDICTS }; /* after grade_verdict */

struct metrics {
    uint64_t (*runs)[COUNTED_STATUSES]; /* by language */
    struct histogram phases[PHASE_COUNT];
    uint64_t refused;
    uint64_t (*grades)[COUNTED_VERDICTS]; /* by language */
};
/* Counts where the time of a run went that has ended; started_ns is 0 when it was not started. */
void metrics_run(struct metrics *m, uint64_t created_ns, uint64_t started_ns,
                 const struct run_result *result);
/* The Prometheus text; fresh memory. */
char *metrics_text(const struct api *api, size_t *size);

/* ---- one run ---- */

struct bytes {
    uint8_t *data;
    size_t size, room;
};

enum event_kind { EVENT_QUEUED, EVENT_RUNNING, EVENT_STDOUT, EVENT_STDERR, EVENT_RESULT };
struct run_event {
    enum event_kind kind;
    uint32_t place;      /* EVENT_QUEUED */
    size_t offset, size; /* of an output */
};
enum { EVENT_BYTES_MOST = 32 << 10, EVENTS_MOST = 100000 };

enum run_state { STATE_QUEUED, STATE_RUNNING, STATE_ENDED };
struct stream;
struct api_run {
    struct api *api;
    char id[40];
    char client[80];
    bool has_key;
    const struct language *language;
    char source_hash[SHA256_HEX];
    uint64_t source_size;
    bool base64, trace, interactive;

    struct ticket *ticket; /* NULL once it has ended */
    enum run_state state;
    uint32_t place;
    uint64_t created_ns, started_ns, ended_ns;
    struct bytes out, err, report;
    size_t out_told, err_told; /* so much of them stands in events */
    struct run_event *events;
    size_t event_count, event_room;
    size_t delivered; /* events before this one have been sent to someone, so they stay as they are */
    bool told_all;    /* no event follows */

    char *answer;
    size_t answer_size;
    struct problem problem;
    bool failed;

    api_run_done *done;
    void *done_context;
    TAILQ_HEAD(, stream) streams;
    unsigned references; /* the record's own, and each stream's */
    bool recorded, kept;
    size_t kept_bytes;
    TAILQ_ENTRY(api_run) kept_link;
};

struct api {
    struct event_base *loop;
    const struct settings *settings;
    const struct languages *languages;
    struct executor_client *executor;
    const struct http_server *server;
    struct store *store;
    int audit, memory;
    bool draining;
    void *runs; /* tree by id (tsearch) */
    TAILQ_HEAD(, api_run) kept;
    uint64_t kept_count, kept_bytes;
    struct event *expiry;
    struct metrics metrics;
    LIST_HEAD(, api_grade) grades; /* that are under way */
    api_exercise_lookup *exercises;
    void *exercises_context;
};

/* runs.c */
struct api_run *run_find(struct api *api, const char *id);
void run_hold(struct api_run *run);
void run_release(struct api_run *run);
bool bytes_add(struct bytes *b, const void *data, size_t size);
void runs_expire(struct api *api);
void runs_free(struct api *api);
/* Why the executor's client took no run; -1. */
int run_refused(struct api *api, const struct error *err, struct problem *problem);
/* Why a run counts as not run. */
void run_lost(const char *id, const struct error *err, struct problem *problem);
/* The status, or RUN_... of it, under which it is counted. */
unsigned run_counted_status(const struct run_result *result, const uint8_t *report, size_t size);

/* grade.c */
void api_post_grade(struct http_request *request, void *api);
void grades_free(struct api *api);

/* events.c */
void events_queued(struct api_run *run, uint32_t place);
void events_running(struct api_run *run);
/* Puts new output into events, to its last whole character; all of it at the end. */
void events_output(struct api_run *run, bool all);
void events_ended(struct api_run *run);
void events_stream(struct api_run *run, struct http_request *request);
/* How many of the `n` bytes are whole characters: what could still become one at the end is left out. */
size_t whole_characters(const uint8_t *data, size_t n);

/* audit.c: one line for a run that has ended or was given up. */
void audit_run(const struct api_run *run, const char *status, const struct run_result *result);
struct audit_grade {
    const char *client, *id, *exercise; /* exercise: NULL for none */
    const struct language *language;
    const char *source_hash;
    uint64_t source_size;
    const char *verdict, *judged;
    uint64_t wall_us, cpu_us; /* of all its runs */
};
void audit_grade(const struct api *api, const struct audit_grade *grade);

/* pages.c */
void api_languages(struct http_request *request, void *api);
void api_health(struct http_request *request, void *api);
void api_ready(struct http_request *request, void *api);
void api_metrics(struct http_request *request, void *api);
void api_problem_page(struct http_request *request, void *api);

#endif

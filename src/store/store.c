#include "store/internal.h"

#include <errno.h>
#include <time.h>

enum {
    READER_BUSY_MS = 100, /* the loop must not wait for long */
    STUCK_NS_MOST = 1000000000,
    CHECK_BYTES_MOST = 64 << 20, /* a database up to this size is looked through at the start */
};

uint64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* ---- opening ---- */

static int check_whole(struct database *db, struct error *err)
{
    int64_t pages = 0, page = 0;
    int r = sql_number(db, &pages, "PRAGMA page_count", "");
    if (r == 0)
        r = sql_number(db, &page, "PRAGMA page_size", "");
    if (r < 0)
        return error_set(err, -r, "read the database: %m");
    if (pages * page > CHECK_BYTES_MOST)
        return 0;
    cleanup_statement sqlite3_stmt *s = sql_begin(db, "PRAGMA quick_check(1)", "");
    const char *said = sql_step(db, s) == 1 ? (const char *)sqlite3_column_text(s, 0) : NULL;
    if (said && !strcmp(said, "ok"))
        return 0;
    return error_set(err, EUCLEAN, "it is damaged (%s): put the last backup in its place",
                     said ? said : "unreadable");
}

static int use_wal(struct database *db, struct error *err)
{
    cleanup_statement sqlite3_stmt *s = sql_begin(db, "PRAGMA journal_mode = WAL", "");
    int r = sql_step(db, s);
    if (r < 0)
        return error_set(err, -r, "turn on the write-ahead log: %m");
    const char *mode = (const char *)sqlite3_column_text(s, 0);
    if (r == 0 || !mode || strcmp(mode, "wal") != 0)
        return error_set(err, EIO, "turn on the write-ahead log: its mode is %s", mode ? mode : "unknown");
    return 0;
}

static int set_up_writer(struct database *db, struct error *err)
{
    int keep = 1;
    int r = use_wal(db, err);
    if (r == 0)
        r = database_exec(
            db, "PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864; PRAGMA secure_delete = ON;",
            err);
    if (r == 0)
        r = check_whole(db, err);
    if (r == 0)
        r = schema_migrate(db, 0, err);
    /* The log's file stays when the database is closed: by then nothing may be removed. */
    sqlite3_file_control(db->handle, "main", SQLITE_FCNTL_PERSIST_WAL, &keep);
    return r;
}

static int set_up_reader(struct database *db, struct error *err)
{
    int keep = 1;
    int64_t tables;
    sqlite3_file_control(db->handle, "main", SQLITE_FCNTL_PERSIST_WAL, &keep);
    sqlite3_busy_timeout(db->handle, READER_BUSY_MS);
    /* A first read opens what a reader needs. */
    int r = sql_number(db, &tables, "SELECT count(*) FROM sqlite_schema", "");
    if (r < 0)
        return error_set(err, -r, "read the database: %m");
    return database_exec(db, "PRAGMA query_only = ON", err);
}

static int open_all(struct store *store, const char *path, struct error *err)
{
    int r = database_open(&store->writer, path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, err);
    if (r == 0)
        r = set_up_writer(&store->writer, err);
    if (r == 0)
        r = database_open(&store->reader, path, SQLITE_OPEN_READWRITE, err);
    if (r == 0)
        r = set_up_reader(&store->reader, err);
    if (r == 0)
        r = database_open(&store->searcher, ":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY, err);
    return r;
}

int store_open(struct store **out, const char *path, struct error *err)
{
    struct store *store = calloc(1, sizeof *store);
    if (!store)
        return error_set(err, ENOMEM, "open the store: %m");
    int r = open_all(store, path, err);
    if (r < 0) {
        store_close(store);
        return error_context(err, "the site's database %s", path);
    }
    *out = store;
    return 0;
}

void store_close(struct store *store)
{
    if (!store)
        return;
    worker_stop(store->worker);
    if (store->probe)
        event_free(store->probe);
    database_close(&store->searcher);
    database_close(&store->reader);
    database_close(&store->writer);
    free(store);
}

/* ---- writing: the thread ---- */

/* What has been written stands in a savepoint of its own. */
static void run_one(struct database *db, struct write *w)
{
    int r = sql_run(db, "SAVEPOINT one", "");
    w->result = r < 0 ? r : w->run(db, w);
    if (w->result < 0 && !sqlite3_get_autocommit(db->handle))
        sql_run(db, "ROLLBACK TO one", "");
    if (!sqlite3_get_autocommit(db->handle) && (r = sql_run(db, "RELEASE one", "")) < 0 && w->result >= 0)
        w->result = r;
}

/* After a failure of the disk SQLite takes the whole transaction back by itself. */
static int run_batch(struct database *db, struct job_list *jobs)
{
    struct job *job;
    int r = sql_run(db, "BEGIN IMMEDIATE", "");
    if (r < 0)
        return r;
    STAILQ_FOREACH(job, jobs, link)
    {
        struct write *w = (struct write *)job;
        run_one(db, w);
        if (sqlite3_get_autocommit(db->handle))
            return w->result < 0 ? (int)w->result : -EIO;
    }
    r = sql_run(db, "COMMIT", "");
    if (r < 0 && !sqlite3_get_autocommit(db->handle))
        sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
    return r;
}

static void run_writes(void *context, struct job_list *jobs)
{
    struct store *store = context;
    struct job *job;
    int r = run_batch(&store->writer, jobs);
    if (r >= 0) {
        store->writer.lost = false;
        return;
    }
    STAILQ_FOREACH(job, jobs, link)
    {
        ((struct write *)job)->result = r;
    }
}

/* ---- writing: the loop ---- */

/* What a learner did wrong is no trouble of the store's. */
static bool is_trouble(int64_t result)
{
    return result < 0 && result != -EEXIST && result != -ENOENT && result != -EINVAL;
}

static void remember(struct store *store, int64_t result)
{
    static const struct timeval pause = {.tv_sec = 1};
    if (!is_trouble(result)) {
        if (store->trouble.code)
            log_info("store", "writing works again");
        store->trouble.code = 0;
        return;
    }
    store->stats.failures++;
    error_set(&store->trouble, (int)-result, "write to the site's database: %m");
    event_add(store->probe, &pause);
}

static void on_written(struct job *job)
{
    struct write *w = (struct write *)job;
    remember(w->store, w->result);
    if (w->done)
        w->done(w->context, w->result);
    if (w->forget)
        w->forget(w);
    free(w);
}

void *write_new(size_t size, int64_t (*run)(struct database *, struct write *))
{
    struct write *w = calloc(1, size);
    if (w)
        w->run = run;
    return w;
}

int write_start(struct store *store, struct write *w, store_done *done, void *context)
{
    w->store = store;
    w->job.done = on_written;
    w->done = done;
    w->context = context;
    store->stats.writes++;
    int r = worker_add(store->worker, &w->job);
    if (r < 0) {
        if (w->forget)
            w->forget(w);
        free(w);
    }
    return r;
}

/* A write that changes nothing and must go to the disk all the same. */
static int64_t run_probe(struct database *db, struct write *w)
{
    (void)w;
    char text[64];
    snprintf(text, sizeof text, "PRAGMA user_version = %d", schema_version());
    return database_exec(db, text, NULL);
}

static void on_probe(int fd, short what, void *context)
{
    (void)fd;
    (void)what;
    struct write *w = write_new(sizeof *w, run_probe);
    if (w)
        write_start(context, w, NULL, NULL);
}

int store_start(struct store *store, struct event_base *loop, struct error *err)
{
    store->loop = loop;
    store->probe = evtimer_new(loop, on_probe, store);
    if (!store->probe)
        return error_set(err, ENOMEM, "start the store: %m");
    return worker_start(
        &store->worker,
        &(struct worker_options){
            .loop = loop, .waiting_most = STORE_WAITING_MOST, .run = run_writes, .context = store},
        err);
}

struct event_base *store_loop(const struct store *store)
{
    return store->loop;
}

/* ---- how it is ---- */

int read_result(struct store *store, int r)
{
    store->stats.reads++;
    if (is_trouble(r))
        store->stats.failures++;
    else
        store->reader.lost = false;
    return r;
}

bool store_ready(struct store *store, struct error *err)
{
    int64_t count;
    uint64_t stuck = worker_stuck_ns(store->worker);
    int r = sql_number(&store->reader, &count, "SELECT count(*) FROM (SELECT 1 FROM learners LIMIT 1)", "");
    if (read_result(store, r) < 0)
        error_set(err, -r, "read the site's database: %m");
    else if (store->trouble.code)
        *err = store->trouble;
    else if (stuck > UINT64_C(5) * STUCK_NS_MOST)
        error_set(err, ETIMEDOUT, "write to the site's database: nothing has been written for %llu s",
                  (unsigned long long)(stuck / STUCK_NS_MOST));
    else
        return true;
    return false;
}

struct store_stats store_stats(struct store *store)
{
    int64_t pages = 0, size = 0;
    struct store_stats stats = store->stats;
    stats.pending = worker_pending(store->worker);
    if (sql_number(&store->reader, &pages, "PRAGMA page_count", "") == 0 &&
        sql_number(&store->reader, &size, "PRAGMA page_size", "") == 0)
        stats.bytes = (uint64_t)(pages * size);
    return stats;
}

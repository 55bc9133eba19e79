/* store: what the files of this room share: SQLite made small, and writes as jobs. */
#ifndef PHIAL_STORE_INTERNAL_H
#define PHIAL_STORE_INTERNAL_H

#include "base/worker.h"
#include "store/store.h"

#include <sqlite3.h>

/* ---- a connection (sqlite.c) ---- */

enum { STATEMENTS_MOST = 64 };

/* Used by one thread at a time. Statements are prepared once: a text is known by its address. */
struct database {
    sqlite3 *handle;
    struct {
        const char *text;
        sqlite3_stmt *statement;
    } statements[STATEMENTS_MOST];
    size_t statement_count;
    bool lost; /* a failure of the disk or the like has been met, and nothing has gone well since */
};

int database_open(struct database *db, const char *path, int flags, struct error *err);
void database_close(struct database *db);
/* SQL without rows or values, several statements too. */
int database_exec(struct database *db, const char *sql, struct error *err);
/* What SQLite said last, as -errno: -ENOSPC, -EBUSY, -EEXIST (a constraint), -EUCLEAN (broken), -EIO... A
 * failure that is nobody's input is logged. */
int database_error(struct database *db);

/* A statement with its values: a letter each for 'i' int64_t, 's' const char * (NULL: null), 't' const char *
 * and size_t, 'b' const void * and size_t. NULL when it failed: database_error() says why. */
sqlite3_stmt *sql_begin(struct database *db, const char *text, const char *types, ...);
/* 1: a row; 0: no more; else -errno. */
int sql_step(struct database *db, sqlite3_stmt *statement);
void sql_end(sqlite3_stmt *statement);
static inline void cleanup_statement_(sqlite3_stmt **statement)
{
    sql_end(*statement);
}
#define cleanup_statement __attribute__((cleanup(cleanup_statement_)))
/* A statement without rows: how many rows it changed, or -errno. */
int sql_run(struct database *db, const char *text, const char *types, ...);
/* The one number that it selects; -ENOENT without a row. */
int sql_number(struct database *db, int64_t *number, const char *text, const char *types, ...);

/* ---- the schema (schema.c) ---- */

/* Brings the schema to version `to` (0: the newest), one transaction for each step. */
int schema_migrate(struct database *db, int to, struct error *err);
int schema_version(void);

/* ---- the store (store.c) ---- */

struct store {
    struct database reader, writer, searcher; /* loop's thread, worker's thread, loop's thread */
    struct event_base *loop;
    struct worker *worker;
    struct event *probe;
    struct store_stats stats;
    struct error trouble; /* of the last write; code 0 when it went well */
};

/* A write under way: the struct of each kind begins with this. */
struct write {
    struct job job;
    struct store *store;
    int64_t (*run)(struct database *db, struct write *write); /* on the thread: the result for `done` */
    void (*forget)(struct write *write);                      /* frees what it holds; may be NULL */
    store_done *done;
    void *context;
    int64_t result;
};
/* `write`, from calloc(), with run set, is taken. */
int write_start(struct store *store, struct write *write, store_done *done, void *context);
/* For the writes' structs: NULL is -ENOMEM. */
void *write_new(size_t size, int64_t (*run)(struct database *, struct write *));

uint64_t now_ms(void);
/* Counts a read, and what went wrong with it. */
int read_result(struct store *store, int r);

/* ---- people.c ---- */

/* The learner of a token, made when there is none; or -errno. */
int64_t learner_for(struct database *db, const struct store_token *token);

/* ---- figures.c ---- */

/* Counts a try: `first` of its learner at this exercise; `pass_ms` is how long the first pass took, -1 for no
 * first pass. */
int figures_count(struct database *db, const char *exercise, bool first, int64_t pass_ms,
                  char *const *failing);

#endif

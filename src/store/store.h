/* store: what the site remembers: learners, accounts, tries, hints, progress, shared programs. One header in
 * front of SQLite, so that another database can come behind it; nothing of SQLite shows here.
 *
 * Theory of operation. What a page needs is read at once, on the loop's thread, through a connection of its
 * own: an index, a few pages of memory. What a learner sent is written by a thread (base/worker.h), which
 * takes all writes that wait into one transaction (each within a savepoint, so that one which fails takes no
 * other with it) and so pays one flush of the disk for all of them. Only when that transaction is on the disk
 * is `done` called: what a learner was told is kept, is kept. The database is in WAL mode, so readers
 * never wait for the writer, and `synchronous` is FULL.
 *
 * The database is one file in a folder of its own, beside the files that SQLite makes. All are opened by
 * store_open(), with the rights that the process has then; after it nothing is opened any more (temporary
 * tables and journals are in memory), so a process may give up opening files. Of the secrets of learners (the
 * cookie) it holds hashes only; passwords come as argon2id strings. Texts are UTF-8. Times are milliseconds
 * since 1970. This room may touch the database's folder, and one other file for a backup.
 */
#ifndef PHIAL_STORE_STORE_H
#define PHIAL_STORE_STORE_H

#include "base/base.h"

#include <event2/event.h>

struct store;

enum {
    STORE_NAME_MOST = 32,          /* bytes of a user's name */
    STORE_PASSWORD_SIZE = 128,     /* of an argon2id string with its zero byte */
    STORE_EXERCISE_MOST = 200,     /* bytes of "course/lesson/exercise" */
    STORE_CODE_MOST = 64 << 10,    /* bytes of one program */
    STORE_FAILING_MOST = 16,       /* names of failing tests that are kept of one try */
    STORE_TEST_NAME_MOST = 256,    /* bytes of one */
    STORE_TRIES_KEPT = 50,         /* of one learner at one exercise; older ones make room */
    STORE_TRIES_BYTES = 512 << 10, /* and of their code together */
    STORE_PROGRAM_ID_SIZE = 33,
    STORE_WAITING_MOST = 4096, /* writes */
};

/* ---- the store (store.c) ---- */

/* Opens the database, makes it when there is none, and brings its schema up to date. Its folder must be
 * there. A database of a newer phial, of another program, or a broken one is an error that says so. */
int store_open(struct store **store, const char *path, struct error *err);
/* From here on it can write. To be called while the process may still make threads. */
int store_start(struct store *store, struct event_base *loop, struct error *err);
/* Ends what is waiting, tells it, and closes. NULL is fine. */
void store_close(struct store *store);

/* The loop that ends are told on. */
struct event_base *store_loop(const struct store *store);
/* True when it reads, and its last write did not fail, and none has waited for seconds. Else *err says why.
 */
bool store_ready(struct store *store, struct error *err);

struct store_stats {
    uint64_t reads, writes, failures; /* requests since the start; failures of the disk and the like */
    uint64_t pending;                 /* writes that wait */
    uint64_t bytes;                   /* size of the database */
};
struct store_stats store_stats(struct store *store);

/* Makes a copy of the database at `path`, a server may have it open meanwhile, in a new file, whole and
 * checked. */
int store_backup(const char *path, const char *copy, struct error *err);

/* ---- what all calls share ---- */

/* Called on the loop once a write is on the disk (0 or a number above), or has failed: -EEXIST, -ENOENT as
 * the call says, -ENOSPC, -EIO and others of the disk. */
typedef void store_done(void *context, int64_t result);
/* Calls that write return 0 when `done` will be called, else -EAGAIN (too many wait) or -ENOMEM. They copy
 * what they are given. `done` may be NULL. Calls that read return 0 or a count, -ENOENT, or an error of the
 * disk. */

/* A browser is known by a random token in a cookie; here by its hash. */
struct store_token {
    uint8_t hash[32];
};

/* ---- learners and accounts (people.c) ---- */

struct store_learner {
    int64_t id;                     /* 0: nothing is known yet */
    char name[STORE_NAME_MOST + 1]; /* "" without an account */
};
/* Who has this token. -ENOENT when nothing was written for it. */
int store_learner(struct store *store, const struct store_token *token, struct store_learner *learner);
/* The account of that name, in any case of letters. -ENOENT. */
int store_account(struct store *store, const char *name, struct store_learner *learner,
                  char password[static STORE_PASSWORD_SIZE]);
/* Gives the learner of token `old` an account, and the token `fresh` instead; when `old` is unknown or has an
 * account, a new learner. -EEXIST when the name is taken. */
int store_sign_up(struct store *store, const struct store_token *old, const struct store_token *fresh,
                  const char *name, const char *password, store_done *done, void *context);
/* Gives the account's learner the token `fresh`. What the learner of `old` did without an account becomes the
 * account's; `old` is no more. */
int store_sign_in(struct store *store, const struct store_token *old, const struct store_token *fresh,
                  int64_t account, store_done *done, void *context);
/* The token is no more. */
int store_sign_out(struct store *store, const struct store_token *token, store_done *done, void *context);
/* The learner, the account, and all that was kept of them are no more. Figures without names stay. */
int store_forget(struct store *store, int64_t learner, store_done *done, void *context);
/* Learners without an account who have not come back since `before_ms` are forgotten, and tokens that were
 * given out before. */
int store_forget_old(struct store *store, uint64_t before_ms, store_done *done, void *context);

/* ---- tries, hints, progress (tries.c) ---- */

enum store_verdict { STORE_PASS, STORE_FAIL, STORE_ERROR };
const char *store_verdict_name(enum store_verdict verdict);

struct store_try {
    const char *code;
    size_t size;
    enum store_verdict verdict;
    const char *const *failing; /* names of failing tests, NULL-ended; may be NULL */
    uint64_t at_ms;             /* read: when; written: 0 for now */
};
/* The learner of `token` (made when there is none) tried. */
int store_add_try(struct store *store, const struct store_token *token, const char *exercise,
                  const struct store_try *try, store_done *done, void *context);
/* The learner takes the next hint of `total`; `done` gets its number, from 1; `total` again when all are
 * taken. */
int store_add_hint(struct store *store, const struct store_token *token, const char *exercise, unsigned total,
                   store_done *done, void *context);

struct store_work { /* of one learner at one exercise */
    unsigned tries, hints;
    bool passed;
    uint64_t begun_ms, passed_ms; /* first try or hint; first pass, 0 for none */
};
/* -ENOENT when there was nothing. */
int store_work(struct store *store, int64_t learner, const char *exercise, struct store_work *work);
/* All of a learner's work whose exercise begins with `prefix` ("elixir/"), in one query, by name. */
typedef void store_each_work(void *context, const char *exercise, const struct store_work *work);
int store_all_work(struct store *store, int64_t learner, const char *prefix, store_each_work *each,
                   void *context);

/* The last `most` tries, newest first; texts live until `each` returns. */
typedef void store_each_try(void *context, const struct store_try *try);
int store_tries(struct store *store, int64_t learner, const char *exercise, unsigned most,
                store_each_try *each, void *context);
/* How many of the learner's kept tries differ from one another and from `stub`, white space aside. */
int store_honest_tries(struct store *store, int64_t learner, const char *exercise, const char *stub,
                       size_t stub_size);
/* Everything of a learner at every exercise, for the export: each exercise with its work, then its tries,
 * oldest first. */
int store_history(struct store *store, int64_t learner, store_each_work *each_work, store_each_try *each_try,
                  void *context);

/* ---- figures for teachers (figures.c) ---- */

struct store_figures {
    const char *exercise;
    uint64_t learners, tries, passes; /* passes: learners who did */
    uint64_t median_ms;               /* from the first try or hint to the first pass */
    const char *failing_test;         /* the one that failed most often; NULL for none */
    uint64_t failing_count;
};
typedef void store_each_figures(void *context, const struct store_figures *figures);
/* All exercises whose name begins with `prefix` that anybody tried. */
int store_figures(struct store *store, const char *prefix, store_each_figures *each, void *context);

/* ---- shared programs (programs.c) ---- */

/* The id that a program has: a hash of what it is. */
void store_program_id(const char *language, const char *code, size_t size,
                      char id[static STORE_PROGRAM_ID_SIZE]);
/* Keeps it, once. */
int store_add_program(struct store *store, const char *language, const char *code, size_t size,
                      store_done *done, void *context);
struct store_program { /* free both */
    char *language, *code;
    size_t size;
};
int store_program(struct store *store, const char *id, struct store_program *program);

/* ---- search (search.c): an index in memory, filled anew at each start ---- */

struct store_section {
    const char *course, *lesson, *anchor, *title, *text;
};
/* Takes the place of what was there. */
int store_search_fill(struct store *store, const struct store_section *sections, size_t count,
                      struct error *err);
/* The best `most` first. `query` may be any text: all its words must be there, the last may be the beginning
 * of one. In `text`, a part of the section's, what was found stands between the bytes 1 and 2; `title` too.
 */
typedef void store_each_found(void *context, const struct store_section *found);
int store_search(struct store *store, const char *query, unsigned most, store_each_found *each,
                 void *context);

#endif

/* Learners, their accounts, and the browsers they are known in. */
#include "store/internal.h"

#include <errno.h>

enum { BROWSERS_MOST = 50 }; /* of one learner; the oldest are forgotten */

struct people_write {
    struct write write;
    struct store_token old, fresh;
    int64_t learner;
    uint64_t before_ms;
    char name[STORE_NAME_MOST + 1], password[STORE_PASSWORD_SIZE];
};

/* ---- reading ---- */

static int read_learner(struct database *db, const struct store_token *token, struct store_learner *learner)
{
    static const char text[] = "SELECT s.learner, coalesce(a.name, '') FROM sessions s LEFT JOIN accounts a "
                               "ON a.learner = s.learner "
                               "WHERE s.token = ?";
    cleanup_statement sqlite3_stmt *s = sql_begin(db, text, "b", token->hash, sizeof token->hash);
    int r = sql_step(db, s);
    *learner = (struct store_learner){0};
    if (r <= 0)
        return r < 0 ? r : -ENOENT;
    learner->id = sqlite3_column_int64(s, 0);
    snprintf(learner->name, sizeof learner->name, "%s", (const char *)sqlite3_column_text(s, 1));
    return 0;
}

int store_learner(struct store *store, const struct store_token *token, struct store_learner *learner)
{
    return read_result(store, read_learner(&store->reader, token, learner));
}

static int read_account(struct database *db, const char *name, struct store_learner *learner, char *password)
{
    static const char text[] = "SELECT learner, name, password FROM accounts WHERE name = ?";
    cleanup_statement sqlite3_stmt *s = sql_begin(db, text, "s", name);
    int r = sql_step(db, s);
    *learner = (struct store_learner){0};
    if (r <= 0)
        return r < 0 ? r : -ENOENT;
    learner->id = sqlite3_column_int64(s, 0);
    snprintf(learner->name, sizeof learner->name, "%s", (const char *)sqlite3_column_text(s, 1));
    snprintf(password, STORE_PASSWORD_SIZE, "%s", (const char *)sqlite3_column_text(s, 2));
    return 0;
}

int store_account(struct store *store, const char *name, struct store_learner *learner,
                  char password[static STORE_PASSWORD_SIZE])
{
    return read_result(store, read_account(&store->reader, name, learner, password));
}

/* ---- writing: parts ---- */

static int64_t new_learner(struct database *db)
{
    int64_t now = (int64_t)now_ms();
    int r = sql_run(db, "INSERT INTO learners(created, seen) VALUES(?, ?)", "ii", now, now);
    return r < 0 ? r : sqlite3_last_insert_rowid(db->handle);
}

static int add_session(struct database *db, const struct store_token *token, int64_t learner)
{
    static const char trim[] =
        "DELETE FROM sessions WHERE learner = ?1 AND token NOT IN "
        "(SELECT token FROM sessions WHERE learner = ?1 ORDER BY created DESC LIMIT ?2)";
    int r = sql_run(db, "INSERT INTO sessions(token, learner, created) VALUES(?, ?, ?)", "bii", token->hash,
                    sizeof token->hash, learner, (int64_t)now_ms());
    return r < 0 ? r : sql_run(db, trim, "ii", learner, (int64_t)BROWSERS_MOST);
}

static int end_session(struct database *db, const struct store_token *token)
{
    return sql_run(db, "DELETE FROM sessions WHERE token = ?", "b", token->hash, sizeof token->hash);
}

int64_t learner_for(struct database *db, const struct store_token *token)
{
    struct store_learner learner;
    int r = read_learner(db, token, &learner);
    if (r == 0)
        r = sql_run(db, "UPDATE learners SET seen = ? WHERE id = ?", "ii", (int64_t)now_ms(), learner.id);
    if (r != -ENOENT)
        return r < 0 ? r : learner.id;
    int64_t id = new_learner(db);
    if (id > 0 && (r = add_session(db, token, id)) < 0)
        return r;
    return id;
}

/* What `from` did becomes `to`'s. */
static int merge(struct database *db, int64_t from, int64_t to)
{
    static const char hints[] = "INSERT OR IGNORE INTO hints(learner, exercise, number, at) "
                                "SELECT ?2, exercise, number, at FROM hints WHERE learner = ?1";
    static const char work[] =
        "INSERT INTO work(learner, exercise, tries, hints, begun, passed) "
        "SELECT ?2, exercise, tries, hints, begun, passed FROM work WHERE learner = ?1 "
        "ON CONFLICT DO UPDATE SET tries = tries + excluded.tries, hints = max(hints, excluded.hints), "
        "begun = min(begun, excluded.begun), passed = CASE WHEN passed = 0 THEN excluded.passed "
        "WHEN excluded.passed = 0 THEN passed ELSE min(passed, excluded.passed) END";
    int r = sql_run(db, "UPDATE tries SET learner = ?2 WHERE learner = ?1", "ii", from, to);
    if (r >= 0)
        r = sql_run(db, hints, "ii", from, to);
    if (r >= 0)
        r = sql_run(db, work, "ii", from, to);
    return r < 0 ? r : sql_run(db, "DELETE FROM learners WHERE id = ?", "i", from);
}

/* ---- writing: the jobs ---- */

static int64_t run_sign_up(struct database *db, struct write *write)
{
    const struct people_write *w = (const struct people_write *)write;
    struct store_learner learner;
    int r = read_learner(db, &w->old, &learner);
    if (r < 0 && r != -ENOENT)
        return r;
    int64_t id = learner.id > 0 && !*learner.name ? learner.id : new_learner(db);
    if (id < 0)
        return id;
    r = sql_run(db, "INSERT INTO accounts(learner, name, password, created) VALUES(?, ?, ?, ?)", "issi", id,
                w->name, w->password, (int64_t)now_ms());
    if (r >= 0)
        r = end_session(db, &w->old);
    if (r >= 0)
        r = add_session(db, &w->fresh, id);
    return r < 0 ? r : id;
}

static int64_t run_sign_in(struct database *db, struct write *write)
{
    const struct people_write *w = (const struct people_write *)write;
    struct store_learner learner;
    int64_t id;
    int r = sql_number(db, &id, "SELECT learner FROM accounts WHERE learner = ?", "i", w->learner);
    if (r < 0)
        return r;
    r = read_learner(db, &w->old, &learner);
    if (r == 0)
        r = *learner.name ? 0 : merge(db, learner.id, id);
    if (r >= 0 || r == -ENOENT)
        r = end_session(db, &w->old);
    if (r >= 0)
        r = add_session(db, &w->fresh, id);
    return r < 0 ? r : id;
}

static int64_t run_sign_out(struct database *db, struct write *write)
{
    int r = end_session(db, &((const struct people_write *)write)->old);
    return r < 0 ? r : 0;
}

static int64_t run_forget(struct database *db, struct write *write)
{
    return sql_run(db, "DELETE FROM learners WHERE id = ?", "i",
                   ((const struct people_write *)write)->learner);
}

static int64_t run_forget_old(struct database *db, struct write *write)
{
    static const char text[] = "DELETE FROM learners WHERE seen < ? AND NOT EXISTS (SELECT 1 FROM accounts "
                               "WHERE learner = learners.id)";
    int64_t before = (int64_t)((const struct people_write *)write)->before_ms;
    int r = sql_run(db, "DELETE FROM sessions WHERE created < ?", "i", before);
    return r < 0 ? r : sql_run(db, text, "i", before);
}

static int start(struct store *store, int64_t (*run)(struct database *, struct write *),
                 const struct people_write *values, store_done *done, void *context)
{
    struct people_write *w = write_new(sizeof *w, run);
    if (!w)
        return -ENOMEM;
    struct write head = w->write;
    *w = *values;
    w->write = head;
    return write_start(store, &w->write, done, context);
}

int store_sign_up(struct store *store, const struct store_token *old, const struct store_token *fresh,
                  const char *name, const char *password, store_done *done, void *context)
{
    struct people_write values = {.old = *old, .fresh = *fresh};
    snprintf(values.name, sizeof values.name, "%s", name);
    snprintf(values.password, sizeof values.password, "%s", password);
    return start(store, run_sign_up, &values, done, context);
}

int store_sign_in(struct store *store, const struct store_token *old, const struct store_token *fresh,
                  int64_t account, store_done *done, void *context)
{
    return start(store, run_sign_in, &(struct people_write){.old = *old, .fresh = *fresh, .learner = account},
                 done, context);
}

int store_sign_out(struct store *store, const struct store_token *token, store_done *done, void *context)
{
    return start(store, run_sign_out, &(struct people_write){.old = *token}, done, context);
}

int store_forget(struct store *store, int64_t learner, store_done *done, void *context)
{
    return start(store, run_forget, &(struct people_write){.learner = learner}, done, context);
}

int store_forget_old(struct store *store, uint64_t before_ms, store_done *done, void *context)
{
    return start(store, run_forget_old, &(struct people_write){.before_ms = before_ms}, done, context);
}

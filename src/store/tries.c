/* What learners tried, the hints they took, and what came of it. */
#include "store/internal.h"

#include <errno.h>

struct work_write {
    struct write write;
    struct store_token token;
    char exercise[STORE_EXERCISE_MOST + 1];
    unsigned total; /* hints */
    enum store_verdict verdict;
    char *code;
    size_t size;
    char **failing;
};

const char *store_verdict_name(enum store_verdict verdict)
{
    static const char *const names[] = {
        [STORE_PASS] = "pass", [STORE_FAIL] = "fail", [STORE_ERROR] = "error"};
    return names[verdict];
}

/* ---- writing ---- */

/* The same for two programs that differ in white space only. */
static void mark_of(const char *code, size_t size, char mark[static SHA256_HEX])
{
    cleanup_free char *dense = malloc(size + 1);
    size_t n = 0;
    for (size_t i = 0; dense && i < size; i++)
        if (!strchr(" \t\r\n", code[i]) || !code[i])
            dense[n++] = code[i];
    sha256_hex(dense ? dense : code, dense ? n : size, mark);
}

/* The work's row before this, made when there is none. */
static int open_work(struct database *db, int64_t learner, const char *exercise, struct store_work *work)
{
    static const char make[] = "INSERT OR IGNORE INTO work(learner, exercise, tries, hints, begun, passed) "
                               "VALUES(?, ?, 0, 0, ?, 0)";
    static const char text[] =
        "SELECT tries, hints, begun, passed FROM work WHERE learner = ? AND exercise = ?";
    int r = sql_run(db, make, "isi", learner, exercise, (int64_t)now_ms());
    if (r < 0)
        return r;
    cleanup_statement sqlite3_stmt *s = sql_begin(db, text, "is", learner, exercise);
    r = sql_step(db, s);
    if (r <= 0)
        return r < 0 ? r : -EIO;
    *work = (struct store_work){.tries = (unsigned)sqlite3_column_int(s, 0),
                                .hints = (unsigned)sqlite3_column_int(s, 1),
                                .begun_ms = (uint64_t)sqlite3_column_int64(s, 2),
                                .passed_ms = (uint64_t)sqlite3_column_int64(s, 3)};
    work->passed = work->passed_ms > 0;
    return 0;
}

static int insert_try(struct database *db, int64_t learner, const struct work_write *w, uint64_t now)
{
    static const char insert[] =
        "INSERT INTO tries(learner, exercise, at, verdict, failing, mark, size, code) "
        "VALUES(?, ?, ?, ?, ?, ?, ?, ?)";
    static const char trim[] =
        "DELETE FROM tries WHERE id IN (SELECT id FROM (SELECT id, row_number() OVER newest AS n, "
        "sum(size) OVER newest AS bytes FROM tries WHERE learner = ? AND exercise = ? "
        "WINDOW newest AS (ORDER BY id DESC)) WHERE n > 1 AND (n > ? OR bytes > ?))";
    char mark[SHA256_HEX];
    char failing[(STORE_TEST_NAME_MOST + 1) * STORE_FAILING_MOST + 1] = "", *end = failing;
    mark_of(w->code, w->size, mark);
    for (size_t i = 0; w->failing && w->failing[i]; i++)
        end = stpcpy(stpcpy(end, i ? "\n" : ""), w->failing[i]);
    int r = sql_run(db, insert, "isiisbit", learner, w->exercise, (int64_t)now, (int64_t)w->verdict, failing,
                    mark, sizeof mark - 1, (int64_t)w->size, w->code, w->size);
    return r < 0 ? r
                 : sql_run(db, trim, "isii", learner, w->exercise, (int64_t)STORE_TRIES_KEPT,
                           (int64_t)STORE_TRIES_BYTES);
}

static int64_t run_try(struct database *db, struct write *write)
{
    static const char update[] =
        "UPDATE work SET tries = tries + 1, passed = ? WHERE learner = ? AND exercise = ?";
    const struct work_write *w = (const struct work_write *)write;
    struct store_work work = {0};
    uint64_t now = now_ms();
    int64_t learner = learner_for(db, &w->token);
    if (learner < 0)
        return learner;
    int r = open_work(db, learner, w->exercise, &work);
    if (r >= 0)
        r = insert_try(db, learner, w, now);
    bool first_pass = w->verdict == STORE_PASS && !work.passed;
    int64_t took_ms = now > work.begun_ms ? (int64_t)(now - work.begun_ms) : 0;
    if (r >= 0)
        r = sql_run(db, update, "iis", (int64_t)(first_pass ? now : work.passed_ms), learner, w->exercise);
    if (r >= 0)
        r = figures_count(db, w->exercise, work.tries == 0, first_pass ? took_ms : -1, w->failing);
    return r < 0 ? r : learner;
}

static int64_t run_hint(struct database *db, struct write *write)
{
    const struct work_write *w = (const struct work_write *)write;
    struct store_work work;
    int64_t learner = learner_for(db, &w->token);
    if (learner < 0)
        return learner;
    int r = open_work(db, learner, w->exercise, &work);
    if (r < 0 || work.hints >= w->total)
        return r < 0 ? r : (int64_t)w->total;
    int64_t number = work.hints + 1;
    r = sql_run(db, "INSERT OR IGNORE INTO hints(learner, exercise, number, at) VALUES(?, ?, ?, ?)", "isii",
                learner, w->exercise, number, (int64_t)now_ms());
    if (r >= 0)
        r = sql_run(db, "UPDATE work SET hints = ? WHERE learner = ? AND exercise = ?", "iis", number,
                    learner, w->exercise);
    return r < 0 ? r : number;
}

static void forget_work(struct write *write)
{
    struct work_write *w = (struct work_write *)write;
    strings_free(w->failing);
    free(w->code);
}

static struct work_write *work_new(const struct store_token *token, const char *exercise,
                                   int64_t (*run)(struct database *, struct write *))
{
    struct work_write *w = write_new(sizeof *w, run);
    if (!w)
        return NULL;
    w->write.forget = forget_work;
    w->token = *token;
    snprintf(w->exercise, sizeof w->exercise, "%s", exercise);
    return w;
}

/* The first names, cut at a whole character, without line ends. */
static char **copy_failing(const char *const *failing)
{
    char **list = calloc(STORE_FAILING_MOST + 1, sizeof *list);
    for (size_t i = 0; list && failing && failing[i] && i < STORE_FAILING_MOST; i++) {
        size_t n = strnlen(failing[i], STORE_TEST_NAME_MOST);
        while (n > 0 && ((unsigned char)failing[i][n] & 0xc0) == 0x80)
            n--;
        list[i] = strndup(failing[i], n);
        if (!list[i]) {
            strings_free(list);
            return NULL;
        }
        for (char *at = list[i]; (at = strchr(at, '\n'));)
            *at = ' ';
    }
    return list;
}

int store_add_try(struct store *store, const struct store_token *token, const char *exercise,
                  const struct store_try *try, store_done *done, void *context)
{
    struct work_write *w = work_new(token, exercise, run_try);
    if (!w)
        return -ENOMEM;
    w->verdict = try->verdict;
    w->code = malloc(try->size + 1);
    w->failing = copy_failing(try->failing);
    if (!w->code || !w->failing) {
        forget_work(&w->write);
        free(w);
        return -ENOMEM;
    }
    memcpy(w->code, try->code, try->size);
    w->size = try->size;
    return write_start(store, &w->write, done, context);
}

int store_add_hint(struct store *store, const struct store_token *token, const char *exercise, unsigned total,
                   store_done *done, void *context)
{
    struct work_write *w = work_new(token, exercise, run_hint);
    if (!w)
        return -ENOMEM;
    w->total = total;
    return write_start(store, &w->write, done, context);
}

/* ---- reading ---- */

static struct store_work work_in(sqlite3_stmt *s)
{
    struct store_work work = {.tries = (unsigned)sqlite3_column_int(s, 1),
                              .hints = (unsigned)sqlite3_column_int(s, 2),
                              .begun_ms = (uint64_t)sqlite3_column_int64(s, 3),
                              .passed_ms = (uint64_t)sqlite3_column_int64(s, 4)};
    work.passed = work.passed_ms > 0;
    return work;
}

int store_work(struct store *store, int64_t learner, const char *exercise, struct store_work *work)
{
    static const char text[] =
        "SELECT exercise, tries, hints, begun, passed FROM work WHERE learner = ? AND exercise = ?";
    cleanup_statement sqlite3_stmt *s = sql_begin(&store->reader, text, "is", learner, exercise);
    int r = sql_step(&store->reader, s);
    *work = r == 1 ? work_in(s) : (struct store_work){0};
    return read_result(store, r < 0 ? r : r == 1 ? 0 : -ENOENT);
}

int store_all_work(struct store *store, int64_t learner, const char *prefix, store_each_work *each,
                   void *context)
{
    static const char text[] =
        "SELECT exercise, tries, hints, begun, passed FROM work WHERE learner = ?1 AND "
        "exercise >= ?2 AND substr(exercise, 1, length(?2)) = ?2 ORDER BY exercise";
    cleanup_statement sqlite3_stmt *s = sql_begin(&store->reader, text, "is", learner, prefix);
    int r, count = 0;
    for (; (r = sql_step(&store->reader, s)) == 1; count++) {
        const struct store_work work = work_in(s);
        each(context, (const char *)sqlite3_column_text(s, 0), &work);
    }
    return read_result(store, r < 0 ? r : count);
}

/* Rows of: at, verdict, failing, code. */
static int each_try_in(struct database *db, sqlite3_stmt *s, store_each_try *each, void *context)
{
    int r, count = 0;
    for (; (r = sql_step(db, s)) == 1; count++) {
        const char *names[STORE_FAILING_MOST + 1] = {0};
        cleanup_free char *failing = strdup((const char *)sqlite3_column_text(s, 2));
        char *rest = failing;
        for (size_t i = 0; rest && *rest && i < STORE_FAILING_MOST; i++)
            names[i] = strsep(&rest, "\n");
        const struct store_try try = {.at_ms = (uint64_t)sqlite3_column_int64(s, 0),
                                      .verdict = (enum store_verdict)sqlite3_column_int(s, 1),
                                      .failing = names,
                                      .code = (const char *)sqlite3_column_text(s, 3),
                                      .size = (size_t)sqlite3_column_bytes(s, 3)};
        each(context, &try);
    }
    return r < 0 ? r : count;
}

int store_tries(struct store *store, int64_t learner, const char *exercise, unsigned most,
                store_each_try *each, void *context)
{
    static const char text[] =
        "SELECT at, verdict, failing, code FROM tries WHERE learner = ? AND exercise = ? "
        "ORDER BY id DESC LIMIT ?";
    cleanup_statement sqlite3_stmt *s =
        sql_begin(&store->reader, text, "isi", learner, exercise, (int64_t)most);
    return read_result(store, each_try_in(&store->reader, s, each, context));
}

int store_honest_tries(struct store *store, int64_t learner, const char *exercise, const char *stub,
                       size_t stub_size)
{
    static const char text[] = "SELECT count(DISTINCT mark) FROM tries WHERE learner = ? AND exercise = ? "
                               "AND mark <> ? AND size > 0";
    char mark[SHA256_HEX];
    int64_t count = 0;
    mark_of(stub, stub_size, mark);
    int r = sql_number(&store->reader, &count, text, "isb", learner, exercise, mark, sizeof mark - 1);
    return read_result(store, r < 0 ? r : (int)count);
}

int store_history(struct store *store, int64_t learner, store_each_work *each_work, store_each_try *each_try,
                  void *context)
{
    static const char all[] =
        "SELECT exercise, tries, hints, begun, passed FROM work WHERE learner = ? ORDER BY exercise";
    static const char tries[] =
        "SELECT at, verdict, failing, code FROM tries WHERE learner = ? AND exercise = ? "
        "ORDER BY id";
    struct database *db = &store->reader;
    cleanup_statement sqlite3_stmt *s = sql_begin(db, all, "i", learner);
    int r, count = 0;
    for (; (r = sql_step(db, s)) == 1; count++) {
        const struct store_work work = work_in(s);
        const char *exercise = (const char *)sqlite3_column_text(s, 0);
        each_work(context, exercise, &work);
        cleanup_statement sqlite3_stmt *inner = sql_begin(db, tries, "is", learner, exercise);
        int inner_r = each_try_in(db, inner, each_try, context);
        if (inner_r < 0)
            return read_result(store, inner_r);
    }
    return read_result(store, r < 0 ? r : count);
}

/* Figures for teachers: counted as tries come in, apart from the learners, so that they stay when a learner
 * is forgotten and say nothing of anybody. */
#include "store/internal.h"

#include <errno.h>

enum { TEST_NAMES_MOST = 500 }; /* kept of one exercise, should a test have ever new names */

/* ---- counting ---- */

static int count_failing(struct database *db, const char *exercise, const char *test)
{
    static const char again[] = "UPDATE failing_tests SET count = count + 1 WHERE exercise = ? AND test = ?";
    static const char anew[] = "INSERT INTO failing_tests(exercise, test, count) SELECT ?1, ?2, 1 "
                               "WHERE (SELECT count(*) FROM failing_tests WHERE exercise = ?1) < ?3";
    int r = sql_run(db, again, "ss", exercise, test);
    return r != 0 ? r : sql_run(db, anew, "ssi", exercise, test, (int64_t)TEST_NAMES_MOST);
}

int figures_count(struct database *db, const char *exercise, bool first, int64_t pass_ms,
                  char *const *failing)
{
    static const char add[] = "INSERT INTO figures(exercise, learners, tries, passes) VALUES(?1, ?2, 1, ?3) "
                              "ON CONFLICT DO UPDATE SET learners = learners + ?2, tries = tries + 1, "
                              "passes = passes + ?3";
    int r = sql_run(db, add, "sii", exercise, (int64_t)first, (int64_t)(pass_ms >= 0));
    if (r >= 0 && pass_ms >= 0)
        r = sql_run(db, "INSERT INTO pass_times(exercise, ms) VALUES(?, ?)", "si", exercise, pass_ms);
    for (size_t i = 0; r >= 0 && failing && failing[i]; i++)
        r = count_failing(db, exercise, failing[i]);
    return r;
}

/* ---- reading ---- */

/* The upper median of an even number of times. */
static int read_median(struct database *db, struct store_figures *f)
{
    static const char text[] = "SELECT ms FROM pass_times WHERE exercise = ?1 ORDER BY ms LIMIT 1 OFFSET "
                               "(SELECT count(*) / 2 FROM pass_times WHERE exercise = ?1)";
    int64_t ms = 0;
    int r = sql_number(db, &ms, text, "s", f->exercise);
    f->median_ms = (uint64_t)ms;
    return r == -ENOENT ? 0 : r;
}

int store_figures(struct store *store, const char *prefix, store_each_figures *each, void *context)
{
    static const char all[] =
        "SELECT exercise, learners, tries, passes FROM figures WHERE exercise >= ?1 AND "
        "substr(exercise, 1, length(?1)) = ?1 ORDER BY exercise";
    static const char worst[] =
        "SELECT test, count FROM failing_tests WHERE exercise = ? ORDER BY count DESC, test LIMIT 1";
    struct database *db = &store->reader;
    cleanup_statement sqlite3_stmt *s = sql_begin(db, all, "s", prefix);
    int r, count = 0;
    for (; (r = sql_step(db, s)) == 1; count++) {
        struct store_figures f = {.exercise = (const char *)sqlite3_column_text(s, 0),
                                  .learners = (uint64_t)sqlite3_column_int64(s, 1),
                                  .tries = (uint64_t)sqlite3_column_int64(s, 2),
                                  .passes = (uint64_t)sqlite3_column_int64(s, 3)};
        r = read_median(db, &f);
        if (r < 0)
            return read_result(store, r);
        cleanup_statement sqlite3_stmt *test = sql_begin(db, worst, "s", f.exercise);
        r = sql_step(db, test);
        if (r < 0)
            return read_result(store, r);
        if (r == 1) {
            f.failing_test = (const char *)sqlite3_column_text(test, 0);
            f.failing_count = (uint64_t)sqlite3_column_int64(test, 1);
        }
        each(context, &f);
    }
    return read_result(store, r < 0 ? r : count);
}

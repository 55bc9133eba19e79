/* The schema, as the steps that lead to it. A step that was released is never changed: another follows it. */
#include "store/internal.h"

#include <errno.h>

/* "phil", for sqlite3 and file(1): this is no other program's database. */
enum { APPLICATION_ID = 0x7068696c };

static const char *const steps[] = {
    /* 1: people */
    "CREATE TABLE learners("
    "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  created INTEGER NOT NULL,"
    "  seen INTEGER NOT NULL) STRICT;"
    "CREATE TABLE accounts("
    "  learner INTEGER PRIMARY KEY REFERENCES learners ON DELETE CASCADE,"
    "  name TEXT NOT NULL UNIQUE COLLATE NOCASE,"
    "  password TEXT NOT NULL,"
    "  created INTEGER NOT NULL) STRICT;"
    "CREATE TABLE sessions("
    "  token BLOB PRIMARY KEY CHECK(length(token) = 32),"
    "  learner INTEGER NOT NULL REFERENCES learners ON DELETE CASCADE,"
    "  created INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE INDEX sessions_of_learner ON sessions(learner);",

    /* 2: work */
    "CREATE TABLE tries("
    "  id INTEGER PRIMARY KEY,"
    "  learner INTEGER NOT NULL REFERENCES learners ON DELETE CASCADE,"
    "  exercise TEXT NOT NULL,"
    "  at INTEGER NOT NULL,"
    "  verdict INTEGER NOT NULL CHECK(verdict IN (0, 1, 2))," /* enum store_verdict */
    "  failing TEXT NOT NULL,"                                /* names, a line each */
    "  mark BLOB NOT NULL," /* hash of the code without white space: two tries that differ in nothing else */
    "  size INTEGER NOT NULL,"
    "  code TEXT NOT NULL) STRICT;"
    "CREATE INDEX tries_of_learner ON tries(learner, exercise);"
    "CREATE TABLE hints("
    "  learner INTEGER NOT NULL REFERENCES learners ON DELETE CASCADE,"
    "  exercise TEXT NOT NULL,"
    "  number INTEGER NOT NULL,"
    "  at INTEGER NOT NULL,"
    "  PRIMARY KEY(learner, exercise, number)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE work("
    "  learner INTEGER NOT NULL REFERENCES learners ON DELETE CASCADE,"
    "  exercise TEXT NOT NULL,"
    "  tries INTEGER NOT NULL,"
    "  hints INTEGER NOT NULL,"
    "  begun INTEGER NOT NULL,"
    "  passed INTEGER NOT NULL," /* 0: not yet */
    "  PRIMARY KEY(learner, exercise)) STRICT, WITHOUT ROWID;",

    /* 3: shared programs */
    "CREATE TABLE programs("
    "  id TEXT PRIMARY KEY,"
    "  language TEXT NOT NULL,"
    "  code TEXT NOT NULL,"
    "  created INTEGER NOT NULL) STRICT;",

    /* 4: figures, which say nothing of anybody, from the work that is there */
    "CREATE TABLE figures("
    "  exercise TEXT PRIMARY KEY,"
    "  learners INTEGER NOT NULL,"
    "  tries INTEGER NOT NULL,"
    "  passes INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE pass_times("
    "  exercise TEXT NOT NULL,"
    "  ms INTEGER NOT NULL) STRICT;"
    "CREATE INDEX pass_times_in_order ON pass_times(exercise, ms);"
    "CREATE TABLE failing_tests("
    "  exercise TEXT NOT NULL,"
    "  test TEXT NOT NULL,"
    "  count INTEGER NOT NULL,"
    "  PRIMARY KEY(exercise, test)) STRICT, WITHOUT ROWID;"
    "INSERT INTO figures SELECT exercise, count(*), sum(tries), sum(passed > 0) FROM work GROUP BY exercise;"
    "INSERT INTO pass_times SELECT exercise, passed - begun FROM work WHERE passed > 0;",
};

int schema_version(void)
{
    return (int)array_length(steps);
}

static int read_pragma(struct database *db, const char *pragma, int64_t *value, struct error *err)
{
    int r = sql_number(db, value, pragma, "");
    return r < 0 ? error_set(err, -r, "read the database's version: %m") : 0;
}

/* An empty file is a new database. */
static int check_owner(struct database *db, int64_t version, struct error *err)
{
    int64_t owner = 0, tables = 0;
    int r = read_pragma(db, "PRAGMA application_id", &owner, err);
    if (r == 0)
        r = read_pragma(db, "SELECT count(*) FROM sqlite_schema", &tables, err);
    if (r < 0)
        return r;
    if (owner != APPLICATION_ID && (owner != 0 || version != 0 || tables != 0))
        return error_set(err, EINVAL, "it is the database of another program");
    if (version > schema_version())
        return error_set(
            err, EINVAL,
            "it was made by a newer phial (its schema is %lld, this program knows %d): use that one",
            (long long)version, schema_version());
    return 0;
}

static int take_step(struct database *db, int number, struct error *err)
{
    char mark[128];
    snprintf(mark, sizeof mark, "PRAGMA application_id = %d; PRAGMA user_version = %d; COMMIT;",
             APPLICATION_ID, number);
    int r = database_exec(db, "BEGIN IMMEDIATE", err);
    if (r == 0)
        r = database_exec(db, steps[number - 1], err);
    if (r == 0)
        r = database_exec(db, mark, err);
    if (r < 0) {
        sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
        error_context(err, "bring the schema to version %d", number);
    }
    return r;
}

int schema_migrate(struct database *db, int to, struct error *err)
{
    int64_t version = 0;
    int r = read_pragma(db, "PRAGMA user_version", &version, err);
    if (r == 0)
        r = check_owner(db, version, err);
    for (int number = (int)version + 1; r == 0 && number <= (to ? to : schema_version()); number++)
        r = take_step(db, number, err);
    return r;
}

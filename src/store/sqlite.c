#include "store/internal.h"

#include <errno.h>
#include <stdarg.h>

enum { BUSY_MS = 5000 };

int database_error(struct database *db)
{
    int code = sqlite3_errcode(db->handle), r;
    switch (code & 0xff) {
    case SQLITE_CONSTRAINT:
        return -EEXIST; /* somebody's input */
    case SQLITE_FULL:
        r = -ENOSPC;
        break;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        r = -EBUSY;
        break;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        r = -EUCLEAN;
        break;
    case SQLITE_NOMEM:
        r = -ENOMEM;
        break;
    case SQLITE_READONLY:
        r = -EROFS;
        break;
    case SQLITE_TOOBIG:
        r = -E2BIG;
        break;
    case SQLITE_CANTOPEN:
        r = -EACCES;
        break;
    default:
        r = -EIO;
    }
    if (!db->lost)
        log_error("store", "%s (SQLite %d)", sqlite3_errmsg(db->handle),
                  sqlite3_extended_errcode(db->handle));
    db->lost = true;
    return r;
}

/* ---- connections ---- */

int database_exec(struct database *db, const char *sql, struct error *err)
{
    if (sqlite3_exec(db->handle, sql, NULL, NULL, NULL) == SQLITE_OK)
        return 0;
    char what[200];
    snprintf(what, sizeof what, "%s", sqlite3_errmsg(db->handle));
    int r = database_error(db);
    return error_set(err, -r, "the database: %s", what);
}

int database_open(struct database *db, const char *path, int flags, struct error *err)
{
    /* Temporary tables, and the journals of statements, are in memory, as no file can be opened later. */
    static const char settings[] = "PRAGMA temp_store = MEMORY;"
                                   "PRAGMA foreign_keys = ON;"
                                   "PRAGMA trusted_schema = OFF;"
                                   "PRAGMA cell_size_check = ON;";
    *db = (struct database){0};
    sqlite3_config(SQLITE_CONFIG_STMTJRNL_SPILL, -1); /* the first time; then the library is in use */
    if (sqlite3_open_v2(path, &db->handle, flags | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK) {
        int code = db->handle ? sqlite3_system_errno(db->handle) : ENOMEM;
        sqlite3_close(db->handle);
        db->handle = NULL;
        return error_set(err, code ? code : EIO, "open the database %s: %m", path);
    }
    sqlite3_extended_result_codes(db->handle, 1);
    sqlite3_busy_timeout(db->handle, BUSY_MS);
    int r = database_exec(db, settings, err);
    if (r < 0) {
        error_context(err, "%s", path);
        database_close(db);
    }
    return r;
}

void database_close(struct database *db)
{
    for (size_t i = 0; i < db->statement_count; i++)
        sqlite3_finalize(db->statements[i].statement);
    sqlite3_close(db->handle);
    *db = (struct database){0};
}

/* ---- statements ---- */

static sqlite3_stmt *prepared(struct database *db, const char *text)
{
    for (size_t i = 0; i < db->statement_count; i++)
        if (db->statements[i].text == text)
            return db->statements[i].statement;
    sqlite3_stmt *statement = NULL;
    if (db->statement_count == STATEMENTS_MOST ||
        sqlite3_prepare_v3(db->handle, text, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) != SQLITE_OK)
        return NULL;
    db->statements[db->statement_count].text = text;
    db->statements[db->statement_count++].statement = statement;
    return statement;
}

static sqlite3_stmt *begin(struct database *db, const char *text, const char *types, va_list values)
{
    sqlite3_stmt *s = prepared(db, text);
    int r = s ? SQLITE_OK : SQLITE_ERROR;
    for (int i = 1; types[i - 1] && r == SQLITE_OK; i++) {
        const void *value = types[i - 1] == 'i' ? NULL : va_arg(values, const void *);
        if (types[i - 1] == 'i')
            r = sqlite3_bind_int64(s, i, va_arg(values, int64_t));
        else if (types[i - 1] == 's')
            r = sqlite3_bind_text(s, i, value, -1, SQLITE_STATIC);
        else if (types[i - 1] == 't')
            r = sqlite3_bind_text64(s, i, value, va_arg(values, size_t), SQLITE_STATIC, SQLITE_UTF8);
        else
            r = sqlite3_bind_blob64(s, i, value, va_arg(values, size_t), SQLITE_STATIC);
    }
    if (r == SQLITE_OK)
        return s;
    sql_end(s);
    return NULL;
}

sqlite3_stmt *sql_begin(struct database *db, const char *text, const char *types, ...)
{
    va_list values;
    va_start(values, types);
    sqlite3_stmt *s = begin(db, text, types, values);
    va_end(values);
    return s;
}

int sql_step(struct database *db, sqlite3_stmt *statement)
{
    if (!statement)
        return database_error(db);
    switch (sqlite3_step(statement)) {
    case SQLITE_ROW:
        return 1;
    case SQLITE_DONE:
        return 0;
    default:
        return database_error(db);
    }
}

void sql_end(sqlite3_stmt *statement)
{
    if (!statement)
        return;
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement); /* they point to what the caller frees */
}

int sql_run(struct database *db, const char *text, const char *types, ...)
{
    va_list values;
    va_start(values, types);
    sqlite3_stmt *s = begin(db, text, types, values);
    va_end(values);
    int r = sql_step(db, s);
    sql_end(s);
    return r < 0 ? r : sqlite3_changes(db->handle);
}

int sql_number(struct database *db, int64_t *number, const char *text, const char *types, ...)
{
    va_list values;
    va_start(values, types);
    sqlite3_stmt *s = begin(db, text, types, values);
    va_end(values);
    int r = sql_step(db, s);
    if (r == 1)
        *number = sqlite3_column_int64(s, 0);
    sql_end(s);
    return r < 0 ? r : r == 0 ? -ENOENT : 0;
}

#include "store/internal.h"

#include <errno.h>
#include <fcntl.h>

static int copy_pages(struct database *from, struct database *to, struct error *err)
{
    sqlite3_backup *backup = sqlite3_backup_init(to->handle, "main", from->handle, "main");
    if (!backup)
        return error_set(err, -database_error(to), "begin the backup: %m");
    /* All at once: one state of the database, however much is written to it meanwhile. */
    int r;
    while ((r = sqlite3_backup_step(backup, -1)) == SQLITE_BUSY || r == SQLITE_LOCKED)
        sqlite3_sleep(50);
    sqlite3_backup_finish(backup);
    return r == SQLITE_DONE ? 0
                            : error_set(err, -database_error(to), "copy the database: %s", sqlite3_errstr(r));
}

/* The copy does not depend on a second file, and every page of it is in order. */
static int finish_copy(struct database *to, struct error *err)
{
    int r = database_exec(to, "PRAGMA journal_mode = DELETE", err);
    cleanup_statement sqlite3_stmt *s = r < 0 ? NULL : sql_begin(to, "PRAGMA integrity_check(1)", "");
    const char *said = s && sql_step(to, s) == 1 ? (const char *)sqlite3_column_text(s, 0) : NULL;
    if (r < 0 || (said && !strcmp(said, "ok")))
        return r;
    return error_set(err, EUCLEAN, "the copy is damaged: %s", said ? said : "unreadable");
}

int store_backup(const char *path, const char *copy, struct error *err)
{
    struct database from = {0}, to = {0};
    cleanup_fd int fd = open(copy, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return error_set(err, errno, "make the file %s: %m", copy);
    int r = database_open(&from, path, SQLITE_OPEN_READWRITE, err);
    if (r == 0)
        r = database_open(&to, copy, SQLITE_OPEN_READWRITE, err);
    if (r == 0)
        r = copy_pages(&from, &to, err);
    if (r == 0)
        r = finish_copy(&to, err);
    database_close(&to);
    database_close(&from);
    if (r == 0 && fsync(fd) < 0)
        r = error_set(err, errno, "write %s: %m", copy);
    if (r < 0)
        unlink(copy);
    return r;
}

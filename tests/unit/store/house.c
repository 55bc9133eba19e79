#include "house.h"
#include "unit.h"

#include <dirent.h>
#include <sqlite3.h>
#include <unistd.h>

void house_open(struct house *h)
{
    struct error err;
    if (store_open(&h->store, h->path, &err) < 0 || store_start(h->store, h->loop, &err) < 0)
        fail_msg("%s", err.text);
}

int house_build(void **state)
{
    struct house *h = calloc(1, sizeof *h);
    snprintf(h->folder, sizeof h->folder, "/tmp/phial-store-XXXXXX");
    assert_non_null(mkdtemp(h->folder));
    snprintf(h->path, sizeof h->path, "%s/site.db", h->folder);
    h->loop = event_base_new();
    house_open(h);
    *state = h;
    return 0;
}

void house_empty_but(struct house *h, const char *kept)
{
    DIR *folder = opendir(h->folder);
    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder));)
        if (entry->d_type == DT_REG && strcmp(entry->d_name, kept) != 0)
            unlinkat(dirfd(folder), entry->d_name, 0);
    closedir(folder);
}

void house_empty(struct house *h)
{
    house_empty_but(h, "");
}

void house_close(struct house *h)
{
    store_close(h->store);
    h->store = NULL;
}

int house_leave(void **state)
{
    struct house *h = *state;
    house_close(h);
    event_base_free(h->loop);
    house_empty(h);
    int r = rmdir(h->folder);
    free(h);
    return r;
}

void house_done(void *context, int64_t result)
{
    struct house *h = context;
    h->told++;
    h->result = result;
}

int64_t house_wait(struct house *h)
{
    unsigned before = h->told;
    while (h->told == before)
        event_base_loop(h->loop, EVLOOP_ONCE);
    return h->result;
}

void house_reopen(struct house *h)
{
    house_close(h);
    house_open(h);
}

void house_sql(struct house *h, const char *sql)
{
    sqlite3 *db;
    assert_int_equal(sqlite3_open(h->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

int64_t house_number(struct house *h, const char *sql)
{
    sqlite3 *db;
    sqlite3_stmt *statement;
    assert_int_equal(sqlite3_open(h->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    int64_t number = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return number;
}

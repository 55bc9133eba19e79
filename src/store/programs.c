/* Programs that were shared. Their id is a hash of what they are, so the same program is kept once. */
#include "store/internal.h"

#include <errno.h>

struct program_write {
    struct write write;
    char id[STORE_PROGRAM_ID_SIZE];
    char language[64];
    char *code;
    size_t size;
};

void store_program_id(const char *language, const char *code, size_t size,
                      char id[static STORE_PROGRAM_ID_SIZE])
{
    char hex[SHA256_HEX], both[2 * SHA256_HEX];
    sha256_hex(code, size, hex);
    snprintf(both, sizeof both, "%.64s %s", language, hex);
    sha256_hex(both, strlen(both), hex);
    snprintf(id, STORE_PROGRAM_ID_SIZE, "%.*s", STORE_PROGRAM_ID_SIZE - 1, hex); /* 128 of its bits */
}

static int64_t run_program(struct database *db, struct write *write)
{
    const struct program_write *w = (const struct program_write *)write;
    return sql_run(db, "INSERT OR IGNORE INTO programs(id, language, code, created) VALUES(?, ?, ?, ?)",
                   "ssti", w->id, w->language, w->code, w->size, (int64_t)now_ms());
}

static void forget_program(struct write *write)
{
    free(((struct program_write *)write)->code);
}

int store_add_program(struct store *store, const char *language, const char *code, size_t size,
                      store_done *done, void *context)
{
    struct program_write *w = write_new(sizeof *w, run_program);
    char *copy = malloc(size + 1);
    if (!w || !copy) {
        free(w);
        free(copy);
        return -ENOMEM;
    }
    w->write.forget = forget_program;
    store_program_id(language, code, size, w->id);
    snprintf(w->language, sizeof w->language, "%s", language);
    memcpy(copy, code, size);
    w->code = copy;
    w->size = size;
    return write_start(store, &w->write, done, context);
}

static int read_program(struct database *db, const char *id, struct store_program *program)
{
    cleanup_statement sqlite3_stmt *s =
        sql_begin(db, "SELECT language, code FROM programs WHERE id = ?", "s", id);
    int r = sql_step(db, s);
    *program = (struct store_program){0};
    if (r <= 0)
        return r < 0 ? r : -ENOENT;
    const char *code = (const char *)sqlite3_column_text(s, 1);
    program->language = strdup((const char *)sqlite3_column_text(s, 0));
    program->size = (size_t)sqlite3_column_bytes(s, 1);
    program->code = malloc(program->size + 1);
    if (!program->language || !program->code) {
        free(program->language);
        free(program->code);
        *program = (struct store_program){0};
        return -ENOMEM;
    }
    memcpy(program->code, code, program->size + 1);
    return 0;
}

int store_program(struct store *store, const char *id, struct store_program *program)
{
    return read_result(store, read_program(&store->reader, id, program));
}

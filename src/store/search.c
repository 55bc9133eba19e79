/* The search over lessons: FTS5, in memory, since it is made from the lessons at each start. */
#include "store/internal.h"

#include <errno.h>

enum { QUERY_BYTES_MOST = 256 };

static const char make[] =
    "DROP TABLE IF EXISTS sections;"
    "CREATE VIRTUAL TABLE sections USING fts5(course UNINDEXED, lesson UNINDEXED, anchor UNINDEXED, title, "
    "text, tokenize = 'porter unicode61 remove_diacritics 2');";

int store_search_fill(struct store *store, const struct store_section *sections, size_t count,
                      struct error *err)
{
    static const char insert[] =
        "INSERT INTO sections(course, lesson, anchor, title, text) VALUES(?, ?, ?, ?, ?)";
    struct database *db = &store->searcher;
    int r = database_exec(db, "BEGIN", err);
    if (r == 0)
        r = database_exec(db, make, err);
    for (size_t i = 0; r >= 0 && i < count; i++) {
        const struct store_section *s = &sections[i];
        r = sql_run(db, insert, "sssss", s->course, s->lesson, s->anchor, s->title, s->text);
        if (r < 0)
            error_set(err, -r, "fill the search index: %m");
    }
    return r < 0 ? r : database_exec(db, "COMMIT", err);
}

/* FTS5's own language stays outside: each word becomes a quoted one, the last a beginning. Empty when there
 * is no word in it. */
static void quote(const char *query, char text[static 4 * QUERY_BYTES_MOST])
{
    char words[QUERY_BYTES_MOST + 1];
    char *to = text, *rest = words;
    snprintf(words, sizeof words, "%s", query);
    *to = 0;
    for (char *word; (word = strsep(&rest, " \t\r\n\"*"));) {
        bool any = false; /* a word without a letter or digit matches nothing and would be a fault */
        for (const char *at = word; *at; at++)
            any |= (*at >= '0' && *at <= '9') || ((*at | 0x20) >= 'a' && (*at | 0x20) <= 'z') || (*at & 0x80);
        if (any)
            to = stpcpy(stpcpy(stpcpy(to, "\""), word), "\" ");
    }
    if (to > text)
        memcpy(to - 1, "*", 2);
}

int store_search(struct store *store, const char *query, unsigned most, store_each_found *each, void *context)
{
    static const char find[] = "SELECT course, lesson, anchor, highlight(sections, 3, char(1), char(2)), "
                               "snippet(sections, 4, char(1), char(2), '\xe2\x80\xa6', 24) FROM sections "
                               "WHERE sections MATCH ? ORDER BY bm25(sections, 0, 0, 0, 8, 1) LIMIT ?";
    struct database *db = &store->searcher;
    char text[4 * QUERY_BYTES_MOST];
    quote(query, text);
    if (!*text || !utf8_valid(text, strlen(text)))
        return 0;
    cleanup_statement sqlite3_stmt *s = sql_begin(db, find, "si", text, (int64_t)most);
    int r, count = 0;
    for (; (r = sql_step(db, s)) == 1; count++) {
        const char *columns[5];
        for (int i = 0; i < 5; i++) {
            columns[i] = (const char *)sqlite3_column_text(s, i);
            columns[i] = columns[i] ? columns[i] : "";
        }
        each(context, &(struct store_section){columns[0], columns[1], columns[2], columns[3], columns[4]});
    }
    return read_result(store, r < 0 ? r : count);
}

/* The reader of event streams. */
#include "cli/sse.h"

#include "unit.h"

struct seen {
    char text[4096]; /* "name=data;" for each event */
};

static void on_event(void *context, const char *name, const char *data, size_t size)
{
    struct seen *seen = context;
    size_t at = strlen(seen->text);
    snprintf(seen->text + at, sizeof seen->text - at, "%s=%.*s;", name, (int)size, data);
}

/* Feeds `stream` in pieces of `piece` bytes. */
static void feed(struct sse *s, struct seen *seen, const char *stream, size_t piece)
{
    *seen = (struct seen){0};
    *s = (struct sse){.event = on_event, .context = seen};
    for (size_t at = 0, size = strlen(stream); at < size; at += piece)
        assert_int_equal(sse_feed(s, stream + at, size - at < piece ? size - at : piece), 0);
}

static const char stream[] = ": a comment\n"
                             "event: stdout\ndata: \"one\"\nid: 7\n\n"
                             "event:stderr\r\ndata:\"two\"\r\n\r\n"
                             "data: a\ndata: b\n\n"
                             "event: nothing\n\n"
                             "event: result\ndata: {}\n";

static void events_are_the_same_however_the_bytes_are_cut(void **state)
{
    (void)state;
    for (size_t piece = 1; piece < sizeof stream; piece++) {
        struct sse s;
        struct seen seen;
        feed(&s, &seen, stream, piece);
        assert_string_equal(seen.text, "stdout=\"one\";stderr=\"two\";message=a\nb;");
        assert_string_equal(s.id, "7");
        sse_free(&s);
    }
}

static void a_new_connection_drops_what_was_half_read_and_keeps_the_id(void **state)
{
    (void)state;
    struct sse s;
    struct seen seen;
    feed(&s, &seen, "id: 3\ndata: x\n\nevent: half\ndata: lost\nda", 1000);
    sse_reset(&s);
    assert_int_equal(sse_feed(&s, "data: y\n\n", 9), 0);
    assert_string_equal(seen.text, "message=x;message=y;");
    assert_string_equal(s.id, "3");
    sse_free(&s);
}

static void long_names_and_ids_are_cut_and_fields_unknown_are_passed_over(void **state)
{
    (void)state;
    struct sse s;
    struct seen seen;
    char text[600];
    snprintf(text, sizeof text, "event: %0200d\nid: %0200d\nretry: 5\nfoo\ndata: x\n\n", 1, 2);
    feed(&s, &seen, text, sizeof text);
    assert_int_equal(strlen(s.id), SSE_ID_MOST - 1);
    assert_int_equal(strcspn(seen.text, "="), SSE_NAME_MOST - 1);
    sse_free(&s);
}

static void an_event_beyond_the_bound_is_refused(void **state)
{
    (void)state;
    struct seen seen = {0};
    struct sse s = {.event = on_event, .context = &seen};
    char *piece = calloc(1, 1 << 20);
    assert_non_null(piece);
    memset(piece, 'x', 1 << 20);
    int r = 0;
    for (int i = 0; i < 65 && r == 0; i++)
        r = sse_feed(&s, piece, 1 << 20);
    assert_int_equal(r, -EMSGSIZE);
    free(piece);
    sse_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_are_the_same_however_the_bytes_are_cut),
        cmocka_unit_test(a_new_connection_drops_what_was_half_read_and_keeps_the_id),
        cmocka_unit_test(long_names_and_ids_are_cut_and_fields_unknown_are_passed_over),
        cmocka_unit_test(an_event_beyond_the_bound_is_refused),
    };
    return unit_run(tests);
}

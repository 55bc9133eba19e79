/* A lesson, as a teacher might send it. Its exercises are not there. */
#include "site/course_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What the author wrote is never a tag: those that can do something are not among ours. */
static void check_html(const char *html)
{
    if (!utf8_valid(html, strlen(html)) || strcasestr(html, "<script") || strcasestr(html, "<img") ||
        strcasestr(html, "href=\"javascript:") || strcasestr(html, "href=\"data:"))
        abort();
}

static void check_block(const struct course_block *b)
{
    unsigned lines = 0;
    if (b->kind == COURSE_TEXT) {
        check_html(b->html);
        return;
    }
    for (const char *c = b->before; *c; c++)
        lines += *c == '\n';
    if (b->exercise || !b->code || !b->language || b->before_lines != lines)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct language elixir = {.name = (char *)"elixir", .aliases = (char *[]){NULL}};
    const struct languages languages = {.items = &elixir, .count = 1};
    struct course course = {.id = (char *)"demo", .folder = (char *)"/nonexistent"};
    struct course_lesson lesson = {.id = strdup("one"), .file = strdup("one.md")};
    struct course_faults *faults = calloc(1, sizeof *faults);
    struct course_reader r = {.course = &course, .languages = &languages, .faults = faults};
    cleanup_free char *text = strndup((const char *)data, size);
    if (!text || !faults || !lesson.id || !lesson.file)
        abort();
    if (utf8_valid(text, strlen(text))) {
        if (course_parse_lesson(&r, &lesson, text, strlen(text)) < 0)
            abort();
        for (size_t i = 0; i < lesson.block_count; i++)
            check_block(&lesson.blocks[i]);
        for (size_t i = 0; i < lesson.section_count; i++)
            if (!lesson.sections[i].id || !lesson.sections[i].title || !lesson.sections[i].text)
                abort();
    }
    course_reader_free(&r);
    course_lesson_free(&lesson);
    course_faults_free(faults);
    free(faults);
    return 0;
}

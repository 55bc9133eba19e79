/* One lesson: front matter, Markdown, and its fenced blocks, which become snippets and exercises. */
#include "site/course_markdown.h"
#include "site/course_read.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>

enum { CODE_BYTES_MOST = 1 << 16 };

struct lesson_reader {
    struct course_reader *course;
    struct course_lesson *lesson;
    struct markdown markdown;
    bool snippet_open; /* the last block is a snippet, and nothing has come after it */
};

/* ---- blocks ---- */

static struct course_block *add_block(struct lesson_reader *r, enum course_block_kind kind, unsigned line)
{
    struct course_lesson *l = r->lesson;
    struct course_block *longer = realloc(l->blocks, (l->block_count + 1) * sizeof *longer);
    if (!longer)
        return NULL;
    l->blocks = longer;
    struct course_block *b = &l->blocks[l->block_count++];
    *b = (struct course_block){.kind = kind, .line = line, .live = true};
    return b;
}

/* What has been rendered since the last block becomes one, if it is anything. */
static int flush_text(struct lesson_reader *r)
{
    char *html = markdown_take_html(&r->markdown);
    if (!html)
        return -ENOMEM;
    if (!html[strspn(html, " \n")]) {
        free(html);
        return 0;
    }
    r->snippet_open = false;
    struct course_block *b = add_block(r, COURSE_TEXT, r->markdown.at_line);
    if (!b) {
        free(html);
        return -ENOMEM;
    }
    b->html = html;
    return 0;
}

static struct course_block *find_block(const struct course_lesson *l, const char *id)
{
    for (size_t i = 0; i < l->block_count; i++)
        if (l->blocks[i].id && !strcmp(l->blocks[i].id, id))
            return &l->blocks[i];
    return NULL;
}

/* ---- the words of a fence ---- */

struct fence_words {
    const char *language, *kind, *id, *after, *hide, *exercise, *live;
};

static int duplicate_word(struct lesson_reader *r, unsigned line, const char *word)
{
    course_fault(r->course, r->lesson->file, line, "\"%s\": it is there twice, or beside another kind", word);
    return -EINVAL;
}

/* 0, or -EINVAL when a fault has been recorded. `info` is cut into words. */
static int read_words(struct lesson_reader *r, unsigned line, char *info, struct fence_words *w)
{
    struct {
        const char *key, **value;
    } options[] = {{"id=", &w->id},
                   {"after=", &w->after},
                   {"hide=", &w->hide},
                   {"exercise=", &w->exercise},
                   {"live=", &w->live}};
    char *rest = NULL;
    w->language = strtok_r(info, " \t", &rest);
    for (char *word; (word = strtok_r(NULL, " \t", &rest));) {
        size_t i = 0;
        if (!strcmp(word, "run") || !strcmp(word, "error")) {
            if (w->kind)
                return duplicate_word(r, line, word);
            w->kind = word;
            continue;
        }
        while (i < array_length(options) && strncmp(word, options[i].key, strlen(options[i].key)) != 0)
            i++;
        if (i == array_length(options)) {
            course_fault(r->course, r->lesson->file, line,
                         "\"%s\" is no word of a fence; there are run, error, id=, after=, hide=, live=off "
                         "and exercise=",
                         word);
            return -EINVAL;
        }
        if (*options[i].value)
            return duplicate_word(r, line, word);
        *options[i].value = word + strlen(options[i].key);
    }
    return 0;
}

/* NULL when the words fit together, else what is wrong. */
static const char *check_words(const struct fence_words *w)
{
    if (w->exercise && (w->kind || w->id || w->after || w->hide || w->live))
        return "exercise= stands alone: no other word belongs beside it";
    if (!w->exercise && !w->kind)
        return "say run, error or exercise=NAME before other words";
    if (w->hide && strcmp(w->kind, "run") != 0)
        return "hide= belongs to run: an error is there to be seen";
    if (w->hide && w->id)
        return "hide=NAME is a name already: leave id= out";
    if (w->live && strcmp(w->live, "off") != 0)
        return "live= can only be off";
    const char *names[] = {w->id, w->hide, w->exercise};
    for (size_t i = 0; i < array_length(names); i++)
        if (names[i] && course_name_fault(names[i]))
            return "a name must be 1 to 64 of a-z, 0-9, - and _, beginning with a letter or a digit";
    return NULL;
}

/* ---- snippets ---- */

static char *without_last_end(const char *code)
{
    size_t n = strlen(code);
    return strndup(code, n && code[n - 1] == '\n' ? n - 1 : n);
}

static unsigned count_lines(const char *text)
{
    unsigned n = 0;
    for (; *text; text++)
        n += *text == '\n';
    return n;
}

/* What runs before a block that is after `other`: what runs before that, and that. */
static char *code_before(const struct course_block *other)
{
    char *before = NULL;
    if (!other)
        return strdup("");
    return asprintf(&before, "%s%s\n", other->before, other->code) < 0 ? NULL : before;
}

static int add_snippet(struct lesson_reader *r, const struct markdown_fence *fence,
                       const struct fence_words *w, const struct language *language)
{
    struct course_lesson *l = r->lesson;
    const char *name = w->hide ? w->hide : w->id, *file = l->file;
    if (name && find_block(l, name))
        course_fault(r->course, file, fence->line, "the name \"%s\" is another block's, of line %u", name,
                     find_block(l, name)->line);
    if (w->after && !find_block(l, w->after))
        course_fault(r->course, file, fence->line, "after=%s: no block above has that name", w->after);
    if (strlen(fence->code) > CODE_BYTES_MOST)
        course_fault(r->course, file, fence->line, "the code has more than %d bytes", CODE_BYTES_MOST);
    if (!fence->code[strspn(fence->code, " \t\n")])
        course_fault(r->course, file, fence->line, "the block has no code");
    char *before = code_before(w->after ? find_block(l, w->after) : NULL);
    bool error = w->kind && !strcmp(w->kind, "error");
    struct course_block *b = before ? add_block(r, error ? COURSE_ERROR : COURSE_RUN, fence->line) : NULL;
    if (!b) {
        free(before);
        return -ENOMEM;
    }
    b->before = before;
    b->before_lines = count_lines(before);
    b->language = language->name;
    b->code = without_last_end(fence->code);
    b->id = name ? strdup(name) : NULL;
    b->hidden = w->hide != NULL;
    b->live = !w->live;
    r->snippet_open = true;
    if (!b->hidden)
        fprintf(r->markdown.plain.file, "%s\n", b->code ? b->code : "");
    return b->code && (b->id || !name) ? 1 : -ENOMEM;
}

static int add_exercise(struct lesson_reader *r, const struct markdown_fence *fence, const char *name,
                        const struct language *language)
{
    struct course_exercise *exercise = NULL;
    r->snippet_open = false;
    if (fence->code[strspn(fence->code, " \t\n")])
        course_fault(r->course, r->lesson->file, fence->line,
                     "the body of exercise=%s must be empty; the code to begin with is in its stub", name);
    if (strings_have(r->course->exercises, name)) {
        course_fault(r->course, r->lesson->file, fence->line,
                     "the exercise \"%s\" stands in a lesson already", name);
        return 1;
    }
    if (strings_add(&r->course->exercises, strdup(name)) < 0)
        return -ENOMEM;
    int e = course_read_exercise(r->course, r->lesson, fence->line, name, language, &exercise);
    if (e < 0 || !exercise)
        return e < 0 ? e : 1;
    struct course_block *b = add_block(r, COURSE_EXERCISE, fence->line);
    if (!b) {
        course_exercise_free(exercise);
        return -ENOMEM;
    }
    b->exercise = exercise;
    r->lesson->exercise_count++;
    return 1;
}

/* ---- output and standard input ---- */

static int add_text(struct lesson_reader *r, const struct markdown_fence *fence, bool output)
{
    struct course_lesson *l = r->lesson;
    struct course_block *b = r->snippet_open ? &l->blocks[l->block_count - 1] : NULL;
    const char *what = output ? "output" : "stdin";
    if (!b || b->hidden) {
        course_fault(r->course, l->file, fence->line,
                     "%s must stand right after a block that is run and shown", what);
        return 1;
    }
    char **place = output ? &b->output : &b->input;
    if (*place || (!output && b->output)) {
        course_fault(r->course, l->file, fence->line, "%s",
                     *place ? "the block has one already" : "stdin comes before output");
        return 1;
    }
    *place = output ? without_last_end(fence->code) : strdup(fence->code);
    if (output)
        b->output_line = fence->line;
    return *place ? 1 : -ENOMEM;
}

/* ---- what Markdown tells ---- */

static int on_fence(void *context, const struct markdown_fence *fence)
{
    struct lesson_reader *r = context;
    struct course_lesson *l = r->lesson;
    cleanup_free char *info = strdup(fence->info);
    struct fence_words w = {0};
    if (!info)
        return -ENOMEM;
    char *rest = info + strcspn(info, " \t");
    bool one_word = !rest[strspn(rest, " \t")];
    if (one_word)
        *rest = 0;
    bool output = !strcmp(info, "output"), input = !strcmp(info, "stdin");
    if (one_word && !output && !input)
        return 0; /* plain code */
    if (fence->nested) {
        course_fault(r->course, l->file, fence->line,
                     "what is run cannot stand in a list or a quotation; move it out to the margin");
        return 1;
    }
    int e = flush_text(r);
    if (e < 0)
        return e;
    if (output || input)
        return add_text(r, fence, output);
    if (read_words(r, fence->line, info, &w) < 0)
        return 1;
    const struct language *language = languages_find(r->course->languages, w.language);
    const char *why = check_words(&w);
    if (why) {
        course_fault(r->course, l->file, fence->line, "%s", why);
        return 1;
    }
    if (!language) {
        course_fault(r->course, l->file, fence->line,
                     "there is no language \"%s\"; 'phial languages' lists them", w.language);
        return 1;
    }
    if (l->block_count >= COURSE_BLOCKS_MOST) {
        course_fault(r->course, l->file, fence->line, "the lesson has more than %d blocks; make it two",
                     COURSE_BLOCKS_MOST);
        return 1;
    }
    return w.exercise ? add_exercise(r, fence, w.exercise, language) : add_snippet(r, fence, &w, language);
}

static int end_section(struct lesson_reader *r)
{
    char *text = markdown_take_plain(&r->markdown);
    if (text && r->lesson->section_count)
        r->lesson->sections[r->lesson->section_count - 1].text = text;
    else
        free(text);
    return text ? 0 : -ENOMEM;
}

static int begin_section(struct lesson_reader *r, unsigned level, const char *id, const char *title)
{
    struct course_lesson *l = r->lesson;
    struct course_section *longer = realloc(l->sections, (l->section_count + 1) * sizeof *longer);
    if (!longer)
        return -ENOMEM;
    l->sections = longer;
    struct course_section *s = &l->sections[l->section_count++];
    *s = (struct course_section){.level = level, .id = strdup(id), .title = strdup(title)};
    return s->id && s->title ? 0 : -ENOMEM;
}

static int on_heading(void *context, unsigned level, const char *id, const char *title, unsigned line)
{
    struct lesson_reader *r = context;
    if (level == 1)
        course_fault(r->course, r->lesson->file, line,
                     "the lesson's title stands in its front matter; headings begin with ##");
    int e = end_section(r);
    return e < 0 ? e : begin_section(r, level, id, title);
}

static void on_fault(void *context, unsigned line, const char *text)
{
    struct lesson_reader *r = context;
    course_fault(r->course, r->lesson->file, line, "%s", text);
}

/* "02-functions.md#guards", which works on the pages of a git server, is "functions#guards" on the site. */
static char *on_link(void *context, const char *address, unsigned line)
{
    struct lesson_reader *r = context;
    size_t digits = strspn(address, "0123456789"), n = strcspn(address, "#");
    bool here = *address == '#' && address[1];
    bool lesson = digits && address[digits] == '-' && n > digits + 4 && !strncmp(address + n - 3, ".md", 3);
    if (!here && !lesson)
        return NULL;
    struct course_link *longer = realloc(r->course->links, (r->course->link_count + 1) * sizeof *longer);
    if (!longer)
        abort();
    r->course->links = longer;
    struct course_link *link = &longer[r->course->link_count++];
    *link = (struct course_link){.from = r->lesson, .line = line};
    link->lesson = here ? strdup(r->lesson->id) : strndup(address + digits + 1, n - digits - 4);
    link->place = address[n] ? strdup(address + n + 1) : NULL;
    char *other = NULL;
    if (!link->lesson || (lesson && asprintf(&other, "%s%s", link->lesson, address + n) < 0))
        abort();
    return other;
}

/* The headings' ids and the exercises' names share a page. */
static int reserve_exercise_names(struct markdown *m, const char *text)
{
    for (const char *at = text; (at = strstr(at, "exercise=")); at++) {
        const char *name = at + strlen("exercise=");
        if (strings_add(&m->ids, strndup(name, strcspn(name, " \t\r\n"))) < 0)
            return -ENOMEM;
    }
    return 0;
}

static int read_body(struct lesson_reader *r, const char *text, size_t size, unsigned first_line)
{
    static const struct markdown_sink sink = {
        .fence = on_fence, .heading = on_heading, .link = on_link, .fault = on_fault};
    r->markdown = (struct markdown){.sink = &sink, .context = r, .first_line = first_line};
    int e = begin_section(r, 0, "", "");
    if (e == 0)
        e = reserve_exercise_names(&r->markdown, text);
    if (e == 0)
        e = markdown_read(&r->markdown, text, size);
    if (e == 0)
        e = flush_text(r);
    if (e == 0)
        e = end_section(r);
    markdown_free(&r->markdown);
    return e;
}

/* ---- the file ---- */

static const struct field lesson_fields[] = {
    {"title", FIELD_TEXT, true, offsetof(struct course_lesson, title), .check = check_course_line},
    {"summary", FIELD_TEXT, true, offsetof(struct course_lesson, summary), .check = check_course_text},
    {NULL},
};

/* Where the line after the front matter begins, or NULL. */
static const char *front_matter_end(const char *text)
{
    if (strncmp(text, "---\n", 4) != 0)
        return NULL;
    const char *end = strstr(text + 3, "\n---\n");
    return end ? end + 5 : NULL;
}

int course_parse_lesson(struct course_reader *r, struct course_lesson *lesson, const char *text, size_t size)
{
    const char *body = front_matter_end(text);
    if (!body) {
        course_fault(r, lesson->file, 1,
                     "a lesson begins with a line ---, lines title: and summary:, and a line ---");
        return 0;
    }
    int e =
        course_read_fields(r, lesson->file, 2, text + 4, (size_t)(body - text) - 8, lesson_fields, lesson);
    if (e < 0)
        return e;
    unsigned first_line = 1;
    for (const char *c = text; c < body; c++)
        first_line += *c == '\n';
    struct lesson_reader reader = {.course = r, .lesson = lesson};
    return read_body(&reader, body, size - (size_t)(body - text), first_line);
}

int course_read_lesson(struct course_reader *r, struct course_lesson *lesson)
{
    cleanup_free char *text = NULL;
    size_t size;
    int e = course_read_text(r, lesson->file, COURSE_LESSON_BYTES_MOST, &text, &size);
    return e <= 0 ? e : course_parse_lesson(r, lesson, text, size);
}

void course_lesson_free(struct course_lesson *l)
{
    for (size_t i = 0; i < l->block_count; i++) {
        struct course_block *b = &l->blocks[i];
        char *texts[] = {b->html, b->id, b->code, b->before, b->input, b->output};
        for (size_t k = 0; k < array_length(texts); k++)
            free(texts[k]);
        if (b->exercise)
            course_exercise_free(b->exercise);
    }
    for (size_t i = 0; i < l->section_count; i++) {
        free(l->sections[i].id);
        free(l->sections[i].title);
        free(l->sections[i].text);
    }
    free(l->blocks);
    free(l->sections);
    free(l->id);
    free(l->file);
    free(l->title);
    free(l->summary);
}

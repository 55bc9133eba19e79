/* Markdown from elsewhere, line by line. */
#include "cli/course_import.h"

#include <ctype.h>
#include <errno.h>
#include <jansson.h>

struct converter {
    const struct conversion *conversion;
    FILE *out;
    /* The fence that is open: */
    char mark; /* 0 for none */
    size_t length;
    char *language; /* its first word */
    struct course_text code;
    bool in_comment;
};

/* ---- fences ---- */

/* How many marks a line begins a fence with; 0 when it begins none. */
static size_t fence_length(const char *line, char *mark)
{
    size_t indent = strspn(line, " ");
    *mark = line[indent];
    if (indent > 3 || (*mark != '`' && *mark != '~'))
        return 0;
    size_t n = 0;
    while (line[indent + n] == *mark)
        n++;
    if (n < 3 || (*mark == '`' && strchr(line + indent + n, '`')))
        return 0;
    return n;
}

static bool closes(const struct converter *c, const char *line)
{
    char mark;
    size_t n = fence_length(line, &mark);
    const char *rest = line + strspn(line, " ") + n;
    return n >= c->length && mark == c->mark && !rest[strspn(rest, " \t\r\n")];
}

static bool begin_fence(struct converter *c, const char *line)
{
    struct error err;
    c->length = fence_length(line, &c->mark);
    if (!c->length) {
        c->mark = 0;
        return false;
    }
    const char *info = line + strspn(line, " ") + c->length;
    info += strspn(info, " \t");
    c->language = strndup(info, strcspn(info, " \t\r\n{,"));
    if (!c->language || course_text_begin(&c->code, &err) < 0)
        abort();
    return true;
}

static void put_fence(const struct converter *c)
{
    /* These words would say that it belongs to a snippet. */
    bool reserved = !strcmp(c->language, "output") || !strcmp(c->language, "stdin");
    for (size_t i = 0; i < c->length; i++)
        fputc(c->mark, c->out);
    fprintf(c->out, "%s\n%s", reserved ? "" : c->language, c->code.data);
    for (size_t i = 0; i < c->length; i++)
        fputc(c->mark, c->out);
    fputc('\n', c->out);
}

/* Exercism's notes are fences; they become quotations. */
static void put_note(const struct converter *c)
{
    for (const char *at = c->code.data; *at;) {
        size_t n = strcspn(at, "\n");
        fprintf(c->out, "> %.*s\n", (int)n, at);
        at += n + (at[n] == '\n');
    }
}

static void end_fence(struct converter *c)
{
    const struct conversion *with = c->conversion;
    if (fclose(c->code.out) != 0)
        abort();
    if (!strncmp(c->language, "exercism/", 9))
        put_note(c);
    else if (!with->fence || !with->fence(with->context, c->out, c->language, c->code.data))
        put_fence(c);
    free(c->code.data);
    free(c->language);
    c->code = (struct course_text){0};
    c->language = NULL;
    c->mark = 0;
}

/* ---- lines ---- */

/* True when the line belongs to a comment. */
static bool take_comment(struct converter *c, const char *line)
{
    const char *start = line + strspn(line, " ");
    if (!c->in_comment && strncmp(start, "<!--", 4) != 0)
        return false;
    const char *end = strstr(c->in_comment ? line : start + 4, "-->");
    if (!c->in_comment && end && c->conversion->comment) {
        cleanup_free char *text = strndup(start + 4, (size_t)(end - start) - 4);
        if (text)
            c->conversion->comment(c->conversion->context, text);
    }
    c->in_comment = !end;
    return true;
}

static void put_line(struct converter *c, const char *line)
{
    size_t marks = strspn(line, "#"), indent = strspn(line, " ");
    /* The first level is the lesson's title. */
    unsigned deeper = c->conversion->deeper ? c->conversion->deeper : marks == 1;
    if (marks >= 1 && marks <= 6 && (line[marks] == ' ' || line[marks] == '\n'))
        for (unsigned i = 0; i < deeper && marks + i < 6; i++)
            fputc('#', c->out);
    const char *tag = line + indent;
    if (*tag == '<' && indent < 4 && (isalpha((unsigned char)tag[1]) || strchr("/!?", tag[1]))) {
        fprintf(c->out, "%.*s\\", (int)indent, line); /* HTML becomes text */
        line = tag;
    }
    for (; *line; line++)
        if (line[0] != '!' || line[1] != '[') /* a picture becomes a link */
            fputc(*line, c->out);
}

void course_convert(FILE *out, const char *markdown, const struct conversion *conversion)
{
    struct converter c = {.conversion = conversion, .out = out};
    while (*markdown) {
        size_t n = strcspn(markdown, "\n");
        cleanup_free char *line = NULL;
        if (asprintf(&line, "%.*s\n", (int)(n && markdown[n - 1] == '\r' ? n - 1 : n), markdown) < 0)
            abort();
        markdown += n + (markdown[n] == '\n');
        if (c.mark && closes(&c, line))
            end_fence(&c);
        else if (c.mark)
            fputs(line, c.code.out);
        else if (!take_comment(&c, line) && !begin_fence(&c, line))
            put_line(&c, line);
    }
    if (c.mark)
        end_fence(&c);
}

/* ---- texts ---- */

int course_text_begin(struct course_text *text, struct error *err)
{
    *text = (struct course_text){0};
    text->out = open_memstream(&text->data, &text->size);
    return text->out ? 0 : error_set(err, ENOMEM, "make a text: %m");
}

int course_text_end(struct course_text *text, const char *dir, const char *name, struct error *err)
{
    bool bad = ferror(text->out) != 0;
    bad |= fclose(text->out) != 0;
    int r = bad ? error_set(err, ENOMEM, "make %s: %m", name)
                : course_write(dir, name, text->data, text->size, err);
    free(text->data);
    *text = (struct course_text){0};
    return r;
}

void course_put_yaml(FILE *out, const char *text)
{
    json_t *string = json_string(text); /* JSON's strings are YAML's */
    if (!string || json_dumpf(string, out, JSON_ENCODE_ANY) < 0)
        abort();
    json_decref(string);
}

int course_write_yaml(const char *dir, const char *title, const char *language, const char *summary,
                      struct error *err)
{
    const char *const rows[][2] = {{"title", title},
                                   {"language", language},
                                   {"summary", summary},
                                   {"author", "those who wrote what was imported"},
                                   {"license", "that of what was imported"}};
    struct course_text text;
    int r = course_text_begin(&text, err);
    if (r < 0)
        return r;
    for (size_t i = 0; i < array_length(rows); i++) {
        fprintf(text.out, "%s: ", rows[i][0]);
        course_put_yaml(text.out, rows[i][1]);
        fputc('\n', text.out);
    }
    return course_text_end(&text, dir, "course.yaml", err);
}

void course_make_name(const char *text, char name[static COURSE_NAME_MOST + 1])
{
    size_t n = 0;
    for (; *text && n < COURSE_NAME_MOST; text++)
        if (isalnum((unsigned char)*text))
            name[n++] = (char)tolower((unsigned char)*text);
        else if (n && name[n - 1] != '-')
            name[n++] = '-';
    while (n && name[n - 1] == '-')
        n--;
    name[n] = 0;
    if (!n)
        strcpy(name, "imported");
}

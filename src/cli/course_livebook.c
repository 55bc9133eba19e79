/* phial course import livebook: a notebook becomes a course of one lesson, whose cells build upon one
 * another.
 */
#include "cli/course_import.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>

struct notebook {
    const struct languages *languages;
    const char *language; /* own name of the first cell's, NULL before */
    unsigned cells;
    bool output;   /* the next fence is what a cell gave */
    bool markdown; /* the next fence is only to be read */
};

/* Livebook's notes to itself are JSON: <!-- livebook:{"output":true} --> */
static void on_comment(void *context, const char *text)
{
    struct notebook *n = context;
    if (!strstr(text, "livebook:"))
        return;
    n->output = strstr(text, "\"output\":true") != NULL;
    n->markdown = strstr(text, "\"force_markdown\":true") != NULL;
}

/* Each cell runs after all before it. What would fetch packages cannot run here, where there is no network,
 * and stays to be read. */
static bool on_fence(void *context, FILE *out, const char *language, const char *code)
{
    struct notebook *n = context;
    bool output = n->output, markdown = n->markdown;
    const struct language *l = languages_find(n->languages, language);
    n->output = n->markdown = false;
    if (output)
        return true; /* it is made anew */
    if (!l || !*language || markdown || strstr(code, "Mix.install") || !code[strspn(code, " \t\n")])
        return false;
    if (n->language && strcmp(n->language, l->name) != 0)
        return false;
    n->language = l->name;
    fprintf(out, "```%s run id=cell-%u", language, n->cells + 1);
    if (n->cells)
        fprintf(out, " after=cell-%u", n->cells);
    fprintf(out, "\n%s```\n", code);
    n->cells++;
    return true;
}

/* The text behind "# " in the first heading of the first level, which goes: the site shows it. */
static char *take_title(char *text)
{
    char *at = text;
    while (*at && strncmp(at, "# ", 2) != 0) {
        at += strcspn(at, "\n");
        at += *at == '\n';
    }
    if (!*at)
        return strdup("Imported notebook");
    size_t n = strcspn(at, "\r\n");
    char *title = strndup(at + 2, n - 2);
    memmove(at, at + n, strlen(at + n) + 1);
    return title;
}

static int write_lesson(const char *text, const char *title, const char *dir, const char *from,
                        struct notebook *notebook, struct error *err)
{
    const struct conversion conversion = {.fence = on_fence, .comment = on_comment, .context = notebook};
    struct course_text lesson;
    char base[COURSE_NAME_MOST + 1], name[COURSE_NAME_MOST + 16];
    cleanup_free char *copy = strdup(from);
    if (!copy)
        return error_set(err, ENOMEM, "import %s: %m", from);
    char *file = basename(copy), *dot = strrchr(file, '.');
    if (dot)
        *dot = 0;
    course_make_name(file, base);
    snprintf(name, sizeof name, "01-%s.md", base);
    int r = course_text_begin(&lesson, err);
    if (r < 0)
        return r;
    fputs("---\ntitle: ", lesson.out);
    course_put_yaml(lesson.out, title);
    fputs("\nsummary: ", lesson.out);
    course_put_yaml(lesson.out, title);
    fputs("\n---\n", lesson.out);
    course_convert(lesson.out, text, &conversion);
    return course_text_end(&lesson, dir, name, err);
}

int course_import_livebook(const struct course_command *c, const char *from, const char *to,
                           struct error *err)
{
    cleanup_free char *text = NULL, *title = NULL;
    size_t size;
    struct notebook notebook = {.languages = &c->languages};
    int r = read_file_at(AT_FDCWD, from, COURSE_LESSON_BYTES_MOST, &text, &size, err);
    if (r < 0)
        return r;
    if (!utf8_valid(text, size) || strlen(text) != size)
        return error_set(err, EINVAL, "import %s: it is not UTF-8", from);
    title = take_title(text);
    if (!title)
        return error_set(err, ENOMEM, "import %s: %m", from);
    r = course_make_folder(to, err);
    if (r == 0)
        r = write_lesson(text, title, to, from, &notebook, err);
    if (r == 0)
        r = course_write_yaml(to, title, notebook.language ? notebook.language : "elixir", title, err);
    if (r == 0)
        printf("%s: one lesson, %u snippets\n", to, notebook.cells);
    return r;
}

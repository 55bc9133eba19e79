/* One exercise: exercise.yaml and the files beside it. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "run/run.h"
#include "site/course_markdown.h"
#include "site/course_read.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pcre2.h>
#include <stdio.h>
#include <sys/stat.h>

enum {
    SUPPORT_DEPTH_MOST = 8,
    MATCH_BYTES_MOST = 8192, /* of the code */
    MATCH_STEPS_MOST = 50000,
    MATCH_HEAP_KIB = 4096
};

/* ---- misconceptions ---- */

/* Where a pattern begins in a line is what code is made of, so ^ and $ are of lines. */
static int read_pattern(struct fields_reader *r, const yaml_node_t *node, const struct field *f, void *place)
{
    struct course_misconception *m = r->target;
    const char *text = "";
    int e = fields_scalar(r, node, f->name, check_course_text, &text), code;
    PCRE2_SIZE at;
    (void)place;
    if (e < 0)
        return e;
    m->compiled = pcre2_compile((PCRE2_SPTR)text, PCRE2_ZERO_TERMINATED,
                                PCRE2_UTF | PCRE2_MULTILINE | PCRE2_NEVER_BACKSLASH_C | PCRE2_AUTO_CALLOUT,
                                &code, &at, NULL);
    if (!m->compiled) {
        PCRE2_UCHAR why[128] = "";
        pcre2_get_error_message(code, why, sizeof why);
        return fields_fault(r, node, f->name, "character %zu: %s", (size_t)at + 1, (const char *)why);
    }
    m->pattern = strdup(text);
    return m->pattern ? 0 : error_set(r->err, ENOMEM, "read %s: %m", r->path);
}

/* Called before each item of the pattern that is tried. PCRE2's own limit is of the tries from one place of
 * the code; this one is of all of them together. */
static int count_step(pcre2_callout_block *block, void *data)
{
    unsigned *left = data;
    (void)block;
    if (*left == 0)
        return PCRE2_ERROR_MATCHLIMIT;
    --*left;
    return 0;
}

bool course_misconception_matches(const struct course_misconception *m, const char *code, size_t size)
{
    pcre2_match_context *bounds = pcre2_match_context_create(NULL);
    pcre2_match_data *data = pcre2_match_data_create(1, NULL);
    unsigned left = MATCH_STEPS_MOST;
    bool found = false;
    if (size > MATCH_BYTES_MOST)
        for (size = MATCH_BYTES_MOST; size && (code[size] & 0xc0) == 0x80;)
            size--; /* no half character */
    if (bounds && data) {
        pcre2_set_match_limit(bounds, MATCH_STEPS_MOST);
        pcre2_set_heap_limit(bounds, MATCH_HEAP_KIB);
        pcre2_set_callout(bounds, count_step, &left);
        /* 0: found, with more groups than there is room for. */
        found = pcre2_match(m->compiled, (PCRE2_SPTR)code, size, 0, 0, data, bounds) >= 0;
    }
    pcre2_match_data_free(data);
    pcre2_match_context_free(bounds);
    return found;
}

/* ---- exercise.yaml ---- */

static const char *check_rule(const char *text)
{
    size_t n = strlen(text);
    bool good = n > 0 && n <= 100;
    for (size_t i = 0; i < n; i++)
        good &= (unsigned char)text[i] > 0x20 && text[i] != 0x7f;
    return good ? NULL : "must be one word of 1 to 100 bytes, such as Enum.reverse, for, recursion";
}

static const char *check_file(const char *text)
{
    size_t n = strlen(text);
    bool good = n > 0 && n <= 64 && text[0] != '.' && text[0] != '-';
    for (size_t i = 0; i < n; i++)
        good &= isalnum((unsigned char)text[i]) || strchr("._-", text[i]);
    return good ? NULL : "must be a file's name of 1 to 64 letters, digits, ., _ and -";
}

static const char *check_case_text(const char *text)
{
    return strlen(text) <= 1 << 16 ? NULL : "must be a text of at most 65536 bytes";
}

struct exercise_words {
    char *title, *file;
    bool together;
    uint64_t difficulty;
    char **hints, **forbid, **require;
    struct course_misconception *misconceptions;
    size_t misconception_count;
    struct course_case *cases;
    size_t case_count;
};

#define IN_WORDS(member)         offsetof(struct exercise_words, member)
#define IN_CASE(member)          offsetof(struct course_case, member)
#define IN_MISCONCEPTION(member) offsetof(struct course_misconception, member)

static const struct field rule_fields[] = {
    {"forbid", FIELD_LIST, false, IN_WORDS(forbid), .check = check_rule},
    {"require", FIELD_LIST, false, IN_WORDS(require), .check = check_rule},
    {NULL},
};
static const struct field misconception_fields[] = {
    {"pattern", FIELD_OWN, true, 0, .own = read_pattern},
    {"say", FIELD_TEXT, true, IN_MISCONCEPTION(say), .check = check_course_text},
    {NULL},
};
static const struct field case_fields[] = {
    {"name", FIELD_TEXT, false, IN_CASE(name), .check = check_course_line},
    {"stdin", FIELD_TEXT, false, IN_CASE(input), .check = check_case_text},
    {"stdout", FIELD_TEXT, false, IN_CASE(output), .check = check_case_text},
    {"call", FIELD_TEXT, false, IN_CASE(call), .check = check_course_text},
    {"value", FIELD_TEXT, false, IN_CASE(value), .check = check_case_text},
    {"hidden", FIELD_BOOL, false, IN_CASE(hidden)},
    {NULL},
};
static const struct field exercise_fields[] = {
    {"title", FIELD_TEXT, true, IN_WORDS(title), .check = check_course_line},
    {"difficulty", FIELD_NUMBER, true, IN_WORDS(difficulty), .most = 5},
    {"file", FIELD_TEXT, false, IN_WORDS(file), .check = check_file},
    {"together", FIELD_BOOL, false, IN_WORDS(together)},
    {"hints", FIELD_LIST, true, IN_WORDS(hints), .check = check_course_text},
    {"rules", FIELD_SECTION, false, 0, .section = rule_fields},
    {"misconceptions", FIELD_ITEMS, false, IN_WORDS(misconceptions), .section = misconception_fields,
     .item_size = sizeof(struct course_misconception), .count = IN_WORDS(misconception_count)},
    {"expect", FIELD_ITEMS, false, IN_WORDS(cases), .section = case_fields,
     .item_size = sizeof(struct course_case), .count = IN_WORDS(case_count), .least = 1},
    {NULL},
};

/* Markdown into HTML, in place. */
static int render(struct course_reader *r, const char *file, char **text)
{
    char *html = course_markdown_html(r, file, *text);
    if (!html)
        return -ENOMEM;
    free(*text);
    *text = html;
    return 0;
}

static int render_all(struct course_reader *r, const char *file, struct course_exercise *e)
{
    int bad = 0;
    for (size_t i = 0; bad == 0 && e->hints[i]; i++)
        bad = render(r, file, &e->hints[i]);
    for (size_t i = 0; bad == 0 && i < e->misconception_count; i++)
        bad = render(r, file, &e->misconceptions[i].say);
    return bad;
}

static void check_cases(struct course_reader *r, const char *file, const struct course_exercise *e)
{
    for (size_t i = 0; i < e->case_count; i++) {
        const struct course_case *c = &e->cases[i];
        bool call = c->call && c->value && !c->input && !c->output;
        bool print = c->output && !c->call && !c->value;
        if (!call && !print)
            course_fault(
                r, file, 0,
                "expect: entry %zu needs either stdout, with stdin if it reads any, or call and value",
                i + 1);
    }
}

static int read_yaml(struct course_reader *r, struct course_exercise *e)
{
    struct exercise_words words = {0};
    cleanup_free char *path = NULL, *text = NULL;
    size_t size;
    if (asprintf(&path, "%s/exercise.yaml", e->folder) < 0)
        return -ENOMEM;
    int got = course_read_text(r, path, COURSE_FILE_BYTES_MOST, &text, &size);
    if (got == 1)
        got = course_read_fields(r, path, 1, text, size, exercise_fields, &words);
    e->title = words.title;
    e->file = words.file;
    e->together = words.together;
    e->difficulty = (unsigned)words.difficulty;
    e->hints = words.hints ? words.hints : calloc(1, sizeof *e->hints);
    e->forbid = words.forbid ? words.forbid : calloc(1, sizeof *e->forbid);
    e->require = words.require ? words.require : calloc(1, sizeof *e->require);
    e->misconceptions = words.misconceptions;
    e->misconception_count = words.misconception_count;
    e->cases = words.cases;
    e->case_count = words.case_count;
    if (!e->hints || !e->forbid || !e->require)
        return -ENOMEM;
    if (got <= 0)
        return got;
    size_t hints = strings_count(e->hints);
    if (hints > COURSE_HINTS_MOST || (hints > 0 && hints < COURSE_HINTS_LEAST))
        course_fault(r, path, 0, "hints: there must be three or more steps, up to %d, or [] for none",
                     COURSE_HINTS_MOST);
    check_cases(r, path, e);
    return render_all(r, path, e);
}

/* ---- files ---- */

static int add_file(struct course_files *files, const char *name, char *data, size_t size, bool hidden)
{
    struct course_file *longer = realloc(files->items, (files->count + 1) * sizeof *longer);
    char *copy = strdup(name);
    if (longer)
        files->items = longer;
    if (!longer || !copy) {
        free(copy);
        free(data);
        return -ENOMEM;
    }
    files->items[files->count++] =
        (struct course_file){.name = copy, .data = data, .size = size, .hidden = hidden};
    return 0;
}

static void files_free(struct course_files *files)
{
    for (size_t i = 0; i < files->count; i++) {
        free(files->items[i].name);
        free(files->items[i].data);
    }
    free(files->items);
}

static int visible_entry(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* What stands in an exercise's folder besides exercise.yaml and support/: "stub.ex" is the stub. */
static int take_file(struct course_reader *r, struct course_exercise *e, const struct language *language,
                     const char *name)
{
    size_t stem = strcspn(name, ".");
    cleanup_free char *path = NULL, *text = NULL;
    size_t size;
    const char *const stems[] = {"stub", "solution", "test", "hidden_test"};
    size_t which = 0;
    while (which < array_length(stems) && (strlen(stems[which]) != stem || strncmp(name, stems[which], stem)))
        which++;
    if (asprintf(&path, "%s/%s", e->folder, name) < 0)
        return -ENOMEM;
    if (which == array_length(stems) || !name[stem]) {
        course_fault(
            r, path, 0,
            "no such file belongs here; there are exercise.yaml, stub, solution, test and hidden_test, "
            "and the folder support/ for what else the tests or the solution need");
        return 0;
    }
    if (languages_by_file(r->languages, name) != language) {
        course_fault(r, path, 0, "its ending is not one of %s", language->title);
        return 0;
    }
    int got = course_read_text(r, path, COURSE_FILE_BYTES_MOST, &text, &size);
    if (got <= 0)
        return got;
    if (which >= 2)
        return add_file(&e->tests, name, steal_pointer(&text), size, which == 3);
    char **place = which == 0 ? &e->stub : &e->solution;
    if (*place) {
        course_fault(r, path, 0, "there are two of its kind: keep one");
        return 0;
    }
    *place = steal_pointer(&text);
    if (which == 1 && !e->file && !(e->file = strdup(name)))
        return -ENOMEM;
    return 0;
}

/* Everything below support/, under its path from there. */
static int take_support(struct course_reader *r, struct course_exercise *e, const char *below, unsigned depth)
{
    cleanup_free char *folder = NULL;
    struct dirent **entries;
    if (asprintf(&folder, "%s/support%s%s", e->folder, *below ? "/" : "", below) < 0)
        return -ENOMEM;
    int n = scandir(folder, &entries, visible_entry, alphasort), bad = 0;
    if (n < 0 || depth > SUPPORT_DEPTH_MOST) {
        course_fault(r, folder, 0, "read the folder: %s", n < 0 ? strerror(errno) : "it is too deep");
        return 0;
    }
    for (int i = 0; i < n; i++) {
        cleanup_free char *path = NULL, *name = NULL;
        struct error err = {0};
        struct stat st;
        char *data = NULL;
        size_t size = 0;
        if (bad == 0 && (asprintf(&path, "%s/%s", folder, entries[i]->d_name) < 0 ||
                         asprintf(&name, "%s%s%s", below, *below ? "/" : "", entries[i]->d_name) < 0))
            bad = -ENOMEM;
        else if (bad == 0 && (lstat(path, &st) < 0 || (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))))
            course_fault(r, path, 0, "it must be a plain file or a folder");
        else if (bad == 0 && S_ISDIR(st.st_mode))
            bad = take_support(r, e, name, depth + 1);
        else if (bad == 0 && read_file_at(AT_FDCWD, path, COURSE_FILE_BYTES_MOST, &data, &size, &err) < 0)
            course_fault(r, path, 0, "%s", err.text);
        else if (bad == 0)
            bad = add_file(&e->support, name, data, size, false);
        free(entries[i]);
    }
    free(entries);
    return bad;
}

static int take_support_folder(struct course_reader *r, struct course_exercise *e)
{
    cleanup_free char *folder = NULL;
    struct stat st;
    if (asprintf(&folder, "%s/support", e->folder) < 0)
        return -ENOMEM;
    if (lstat(folder, &st) == 0 && S_ISDIR(st.st_mode))
        return take_support(r, e, "", 0);
    course_fault(r, folder, 0, "it must be a folder of the course's own, and no link");
    return 0;
}

static int take_all(struct course_reader *r, struct course_exercise *e, const struct language *language)
{
    struct dirent **entries;
    int n = scandir(e->folder, &entries, visible_entry, alphasort), bad = 0;
    if (n < 0) {
        course_fault(r, e->folder, 0, "read the exercise: %s", strerror(errno));
        return 0;
    }
    for (int i = 0; i < n; i++) {
        const char *name = entries[i]->d_name;
        if (bad == 0 && !strcmp(name, "support"))
            bad = take_support_folder(r, e);
        else if (bad == 0 && strcmp(name, "exercise.yaml") != 0)
            bad = take_file(r, e, language, name);
        free(entries[i]);
    }
    free(entries);
    return bad;
}

/* ---- the whole ---- */

static void check_names(struct course_reader *r, const struct course_exercise *e)
{
    size_t bytes = strlen(e->solution), count = 1 + e->tests.count + e->support.count;
    for (size_t i = 0; i < e->tests.count; i++)
        bytes += e->tests.items[i].size;
    for (size_t i = 0; i < e->support.count; i++) {
        const struct course_file *f = &e->support.items[i];
        bool taken = !strcmp(f->name, e->file);
        for (size_t k = 0; k < e->tests.count; k++)
            taken |= !strcmp(f->name, e->tests.items[k].name);
        if (taken)
            course_fault(r, e->folder, 0, "support/%s would take the place of %s; give it another name",
                         f->name, f->name);
        bytes += f->size;
    }
    if (count > RUN_FILES_MOST || bytes > RUN_FILES_BYTES_MOST)
        course_fault(r, e->folder, 0, "the files are too many: a run takes %d, of %d bytes together",
                     RUN_FILES_MOST, RUN_FILES_BYTES_MOST);
}

static void check_whole(struct course_reader *r, const struct course_exercise *e,
                        const struct language *language)
{
    const char *ending = language->extensions[0];
    bool shown = false;
    for (size_t i = 0; i < e->tests.count; i++)
        shown |= !e->tests.items[i].hidden;
    if (!e->stub)
        course_fault(r, e->folder, 0, "there is no stub (such as stub%s), which the learner begins with",
                     ending);
    if (!e->solution)
        course_fault(r, e->folder, 0, "there is no reference solution (such as solution%s)", ending);
    if (!shown && !e->case_count)
        course_fault(r, e->folder, 0,
                     "there is no test (such as test%s), and exercise.yaml has no expect:", ending);
    if (e->file && languages_by_file(r->languages, e->file) != language)
        course_fault(r, e->folder, 0, "file: the ending of \"%s\" is not one of %s", e->file,
                     language->title);
    if (e->tests.count && e->case_count)
        course_fault(r, e->folder, 0, "it is judged by tests or by expect:, not by both");
    if (e->stub && e->solution && !strcmp(e->stub, e->solution))
        course_fault(r, e->folder, 0, "the stub is the solution: there is nothing to do");
    if (e->solution && e->file)
        check_names(r, e);
}

int course_read_exercise(struct course_reader *r, const struct course_lesson *lesson, unsigned line,
                         const char *name, const struct language *language, struct course_exercise **exercise)
{
    const struct course *c = r->course;
    struct course_exercise *e = calloc(1, sizeof *e);
    struct stat st;
    if (!e)
        return -ENOMEM;
    size_t before = r->faults->count;
    e->language = language->name;
    e->name = strdup(name);
    if (!e->name || asprintf(&e->folder, "%s/exercises/%s", c->folder, name) < 0)
        e->folder = NULL;
    if (!e->folder || asprintf(&e->id, "%s/%s/%s", c->id, lesson->id, name) < 0)
        e->id = NULL;
    int bad = e->id ? 0 : -ENOMEM;
    if (bad == 0 && (lstat(e->folder, &st) < 0 || !S_ISDIR(st.st_mode))) {
        course_fault(r, lesson->file, line, "exercise=%s: there is no folder %s", name, e->folder);
    } else if (bad == 0) {
        bad = read_yaml(r, e);
        if (bad == 0)
            bad = take_all(r, e, language);
        if (bad == 0)
            check_whole(r, e, language);
    }
    *exercise = bad == 0 && r->faults->count == before ? e : NULL;
    if (!*exercise)
        course_exercise_free(e);
    return bad;
}

void course_exercise_free(struct course_exercise *e)
{
    char *texts[] = {e->name, e->id, e->folder, e->title, e->file, e->stub, e->solution};
    for (size_t i = 0; i < array_length(texts); i++)
        free(texts[i]);
    strings_free(e->hints);
    strings_free(e->forbid);
    strings_free(e->require);
    for (size_t i = 0; i < e->misconception_count; i++) {
        pcre2_code_free(e->misconceptions[i].compiled);
        free(e->misconceptions[i].pattern);
        free(e->misconceptions[i].say);
    }
    free(e->misconceptions);
    for (size_t i = 0; i < e->case_count; i++) {
        struct course_case *c = &e->cases[i];
        char *parts[] = {c->name, c->input, c->output, c->call, c->value};
        for (size_t k = 0; k < array_length(parts); k++)
            free(parts[k]);
    }
    free(e->cases);
    files_free(&e->tests);
    files_free(&e->support);
    free(e);
}

/* ---- Markdown of hints ---- */

struct saying {
    struct course_reader *reader;
    const char *file;
};

static void on_fault(void *context, unsigned line, const char *text)
{
    const struct saying *s = context;
    (void)line; /* of the text, not of the file */
    course_fault(s->reader, s->file, 0, "in a hint or misconception: %s", text);
}

char *course_markdown_html(struct course_reader *r, const char *file, const char *markdown)
{
    static const struct markdown_sink sink = {.fault = on_fault};
    struct saying saying = {.reader = r, .file = file};
    struct markdown m = {.sink = &sink, .context = &saying, .first_line = 1};
    int e = markdown_read(&m, markdown, strlen(markdown));
    char *html = e == 0 ? markdown_take_html(&m) : NULL;
    markdown_free(&m);
    return html;
}

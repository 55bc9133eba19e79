/* How a request is judged, and the runs that this takes. */
#include "grade/grade.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>

/* The tests wait for the solution, compile themselves and print what it did: so they have somewhat longer,
 * and room for all that they tell. */
enum { TESTS_MORE_WALL_MS = 2000, TESTS_OUTPUT_BYTES = 16 << 20 };

const char *grade_judged_name(enum grade_judged judged)
{
    static const char *const names[] = {
        [GRADE_APART] = "apart", [GRADE_TOGETHER] = "together", [GRADE_OUTPUT] = "output"};
    return names[judged];
}

enum grade_judged grade_plan(const struct grade_request *r)
{
    if (r->case_count > 0)
        return GRADE_OUTPUT;
    return r->language->grade.tests && !strcmp(r->language->grade.tests, "apart") ? GRADE_APART
                                                                                  : GRADE_TOGETHER;
}

/* ---- which file is what ---- */

static bool is_code(const struct language *language, const char *name)
{
    const char *dot = strrchr(basename(name), '.');
    for (char **extension = language->extensions; dot && *extension; extension++)
        if (!strcmp(dot, *extension))
            return true;
    return false;
}

static bool has_test_name(const struct language *language, const char *name)
{
    for (char **pattern = language->grade.test_files; *pattern; pattern++)
        if (fnmatch(*pattern, basename(name), 0) == 0)
            return true;
    return false;
}

/* Files of the tests that have a test's name; all of their code when there is none. */
static bool is_test(const struct grade_request *r, const struct grade_file *file)
{
    const struct grade_files *tests = &r->parts[GRADE_TESTS];
    for (size_t i = 0; i < tests->count; i++)
        if (has_test_name(r->language, tests->items[i].name))
            return has_test_name(r->language, file->name);
    return is_code(r->language, file->name);
}

/* ---- parts of a run ---- */

/* What the functions below fill; `failed` remembers a failed allocation. */
struct making {
    struct run_request *to;
    const struct grade_request *from;
    size_t order_count;
    bool failed;
};

static void put_file(struct making *m, const char *name, const void *data, size_t size)
{
    struct run_request *to = m->to;
    struct run_file *files = reallocarray(to->files, to->file_count + 1, sizeof *files);
    if (!files) {
        m->failed = true;
        return;
    }
    to->files = files;
    struct run_file *file = &files[to->file_count++];
    *file = (struct run_file){.name = strdup(name), .data = malloc(size + 1), .size = size};
    m->failed |= !file->name || !file->data;
    if (file->data && size > 0)
        memcpy(file->data, data, size);
}

static void put_part(struct making *m, enum grade_part part)
{
    for (size_t i = 0; i < m->from->parts[part].count; i++) {
        const struct grade_file *file = &m->from->parts[part].items[i];
        put_file(m, file->name, file->data, file->size);
    }
}

/* Fixtures among the tests that the solution may read. */
static void put_fixtures(struct making *m)
{
    for (size_t i = 0; i < m->from->parts[GRADE_TESTS].count; i++) {
        const struct grade_file *file = &m->from->parts[GRADE_TESTS].items[i];
        if (!file->hidden && !is_code(m->from->language, file->name))
            put_file(m, file->name, file->data, file->size);
    }
}

static void put_order(struct making *m, const char *key, const char *value)
{
    char **order = reallocarray(m->to->order, m->order_count + 2, sizeof *order);
    if (!order) {
        m->failed = true;
        return;
    }
    m->to->order = order;
    order[m->order_count + 1] = NULL;
    if (asprintf(&order[m->order_count], "%s=%s", key, value) < 0) {
        order[m->order_count] = NULL;
        m->failed = true;
        return;
    }
    m->order_count++;
}

/* Hidden ones last: what the solution has seen in them cannot come out in a message of another. */
static void put_test_order(struct making *m)
{
    const struct grade_files *tests = &m->from->parts[GRADE_TESTS];
    for (int hidden = 0; hidden <= 1; hidden++)
        for (size_t i = 0; i < tests->count; i++)
            if (tests->items[i].hidden == hidden && is_test(m->from, &tests->items[i]))
                put_order(m, "test", tests->items[i].name);
}

static void put_solution_order(struct making *m)
{
    for (size_t i = 0; i < m->from->parts[GRADE_SOLUTION].count; i++)
        put_order(m, "solution", m->from->parts[GRADE_SOLUTION].items[i].name);
}

static void put_rules(struct making *m)
{
    for (char **word = m->from->forbid; word && *word; word++)
        put_order(m, "forbid", *word);
    for (char **word = m->from->require; word && *word; word++)
        put_order(m, "require", *word);
}

/* ---- the program that makes a call, or runs tests where there is no harness ---- */

struct value {
    const char *name, *text;
    size_t size;
};

/* Replaces {name} by its value; what is put in is not looked at again. */
static void expand(FILE *out, const char *text, const struct value *values, size_t count)
{
    while (*text) {
        const struct value *found = NULL;
        for (size_t i = 0; i < count && !found; i++)
            if (!strncmp(text, values[i].name, strlen(values[i].name)))
                found = &values[i];
        if (found) {
            fwrite(found->text, 1, found->size, out);
            text += strlen(found->name);
        } else {
            fputc(*text++, out);
        }
    }
}

static void put_call(struct making *m, const struct grade_case *c)
{
    const struct language_grade *how = &m->from->language->grade;
    const struct grade_file *file = &m->from->parts[GRADE_SOLUTION].items[0];
    const char *module = basename(file->name);
    const struct value values[] = {
        {"{call}", c->call, strlen(c->call)},
        {"{source}", (const char *)file->data, file->size},
        {"{file}", file->name, strlen(file->name)},
        {"{module}", module, strcspn(module, ".")},
    };
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    if (out)
        expand(out, how->call, values, array_length(values));
    if (out && fclose(out) == 0)
        put_file(m, how->call_file, text, size);
    else
        m->failed = true;
    free(text);
}

/* A name as it stands between quotes. */
static char *quoted(const char *name)
{
    char *text = malloc(2 * strlen(name) + 1), *to = text;
    for (; text && *name; *to++ = *name++)
        if (*name == '"' || *name == '\\')
            *to++ = '\\';
    if (text)
        *to = 0;
    return text;
}

static void put_line(struct making *m, FILE *out, const char *line, const char *what, const char *name)
{
    cleanup_free char *text = quoted(name);
    m->failed |= !text;
    const struct value value = {what, text, text ? strlen(text) : 0};
    if (text)
        expand(out, line, &value, 1);
}

/* The line once for each file: of the solution and what supports it, or of the tests, in the order in which
 * they are to run, and their helpers. */
static void put_lines(struct making *m, FILE *out, const char *line)
{
    static const enum grade_part solution[] = {GRADE_SOLUTION, GRADE_SUPPORT};
    const struct grade_files *tests = &m->from->parts[GRADE_TESTS];
    const struct language *language = m->from->language;
    if (!strstr(line, "{solution}") && !strstr(line, "{test}"))
        fputs(line, out);
    for (size_t i = 0; i < array_length(solution) && strstr(line, "{solution}"); i++)
        for (size_t k = 0; k < m->from->parts[solution[i]].count; k++)
            if (is_code(language, m->from->parts[solution[i]].items[k].name))
                put_line(m, out, line, "{solution}", m->from->parts[solution[i]].items[k].name);
    for (int hidden = 0; hidden <= 1 && strstr(line, "{test}"); hidden++)
        for (size_t i = 0; i < tests->count; i++)
            if (tests->items[i].hidden == hidden && is_code(language, tests->items[i].name))
                put_line(m, out, line, "{test}", tests->items[i].name);
}

static void put_tests_program(struct making *m)
{
    const char *name = m->from->language->grade.tests_file;
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    for (const char *at = m->from->language->grade.tests_text; out && *at;) {
        size_t n = strcspn(at, "\n");
        cleanup_free char *line = strndup(at, n + (at[n] != 0));
        m->failed |= !line;
        if (line)
            put_lines(m, out, line);
        at += n + (at[n] != 0);
    }
    if (out && fclose(out) == 0) {
        /* The first file is what the compiler is given: with "@" it is no file, but where its arguments are.
         */
        if (*name == '@')
            put_file(m, name, "", 0);
        put_file(m, name + (*name == '@'), text, size);
    } else {
        m->failed = true;
    }
    free(text);
}

static void put_input(struct making *m, const char *input, size_t size)
{
    m->to->stdin_data = malloc(size + 1);
    m->failed |= !m->to->stdin_data;
    if (!m->to->stdin_data)
        return;
    memcpy(m->to->stdin_data, input, size);
    m->to->stdin_size = size;
}

/* ---- the roles ---- */

static void make_tests(struct making *m)
{
    struct limits *limits = &m->to->limits;
    m->to->linked = true;
    put_order(m, "role", "tests");
    put_part(m, GRADE_SUPPORT);
    put_part(m, GRADE_TESTS);
    put_test_order(m);
    if (limits->wall_ms == UINT64_MAX)
        limits->wall_ms = m->from->language->limits.wall_ms;
    if (limits->wall_ms < limits_ceiling.wall_ms)
        limits->wall_ms += TESTS_MORE_WALL_MS;
    limits->output_bytes = TESTS_OUTPUT_BYTES;
}

static void make_solution(struct making *m)
{
    m->to->linked = true;
    put_order(m, "role", "solution");
    put_part(m, GRADE_SOLUTION);
    put_part(m, GRADE_SUPPORT);
    put_fixtures(m);
    put_solution_order(m);
    put_rules(m);
}

static void make_together(struct making *m)
{
    bool harness = m->from->language->harness;
    if (!harness)
        put_tests_program(m);
    put_part(m, GRADE_SOLUTION);
    put_part(m, GRADE_SUPPORT);
    put_part(m, GRADE_TESTS);
    if (!harness) {
        put_input(m, m->from->mark, strlen(m->from->mark));
        m->to->limits.output_bytes = TESTS_OUTPUT_BYTES;
        return;
    }
    put_order(m, "role", "together");
    put_test_order(m);
    put_solution_order(m);
    put_rules(m);
}

static int make_case(struct making *m, const struct grade_case *c, uint64_t spent_ms)
{
    struct limits *limits = &m->to->limits;
    if (limits->wall_ms == UINT64_MAX)
        limits->wall_ms = m->from->language->limits.wall_ms;
    if (spent_ms > 0 && spent_ms + limits_least.wall_ms > limits->wall_ms)
        return -ETIME;
    limits->wall_ms -= spent_ms;
    if (c->call)
        put_call(m, c);
    put_part(m, GRADE_SOLUTION);
    put_part(m, GRADE_SUPPORT);
    if (c->input)
        put_input(m, c->input, c->input_size);
    if (m->from->language->harness && (m->from->forbid || m->from->require)) {
        put_solution_order(m);
        put_rules(m);
    }
    return 0;
}

int grade_run_make(struct run_request *to, const struct grade_request *r, enum grade_role role, size_t index,
                   uint64_t spent_ms)
{
    struct making m = {.to = to, .from = r};
    int e = 0;
    *to = (struct run_request){.limits = r->limits, .language = strdup(r->language->name)};
    to->args = calloc(1, sizeof *to->args);
    to->env = calloc(1, sizeof *to->env);
    m.failed = !to->language || !to->args || !to->env;
    switch (role) {
    case GRADE_ROLE_TESTS:
        make_tests(&m);
        break;
    case GRADE_ROLE_SOLUTION:
        make_solution(&m);
        break;
    case GRADE_ROLE_TOGETHER:
        make_together(&m);
        break;
    case GRADE_ROLE_CASE:
        e = make_case(&m, &r->cases[index], spent_ms);
        break;
    }
    if (e == 0 && m.failed)
        e = -ENOMEM;
    if (e < 0)
        run_request_free(to);
    return e;
}

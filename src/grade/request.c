/* What is to be judged: putting it together, and its checks. */
#include "grade/grade.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

struct grade_request grade_request_new(const struct language *language)
{
    return (struct grade_request){.language = language, .limits = limits_unset()};
}

/* ---- putting together ---- */

/* A copy with a zero byte behind it. */
static void *copy_bytes(const void *data, size_t size)
{
    uint8_t *copy = malloc(size + 1);
    if (!copy)
        return NULL;
    if (size > 0)
        memcpy(copy, data, size);
    copy[size] = 0;
    return copy;
}

int grade_add_file(struct grade_request *r, enum grade_part part, const char *name, const void *data,
                   size_t size, bool hidden)
{
    struct grade_files *files = &r->parts[part];
    struct grade_file *items = reallocarray(files->items, files->count + 1, sizeof *items);
    if (!items)
        return -ENOMEM;
    files->items = items;
    struct grade_file *file = &items[files->count];
    *file = (struct grade_file){
        .name = strdup(name), .data = copy_bytes(data, size), .size = size, .hidden = hidden};
    files->count++;
    return file->name && file->data ? 0 : -ENOMEM;
}

static char *copy_text(const char *text, bool *failed)
{
    char *copy = text ? strdup(text) : NULL;
    *failed |= text && !copy;
    return copy;
}

int grade_add_case(struct grade_request *r, const struct grade_case *added)
{
    struct grade_case *cases = reallocarray(r->cases, r->case_count + 1, sizeof *cases);
    bool failed = false;
    if (!cases)
        return -ENOMEM;
    r->cases = cases;
    struct grade_case *c = &cases[r->case_count++];
    *c = (struct grade_case){
        .name = copy_text(added->name, &failed),
        .input = added->input ? copy_bytes(added->input, added->input_size) : NULL,
        .input_size = added->input_size,
        .output = copy_text(added->output, &failed),
        .call = copy_text(added->call, &failed),
        .value = copy_text(added->value, &failed),
        .hidden = added->hidden,
    };
    return failed || (added->input && !c->input) ? -ENOMEM : 0;
}

int grade_add_rules(char ***to, char *const *words)
{
    int e = 0;
    for (; e == 0 && words && *words; words++)
        e = strings_add(to, strdup(*words));
    return e;
}

void grade_request_free(struct grade_request *r)
{
    for (size_t part = 0; part < GRADE_PARTS; part++) {
        for (size_t i = 0; i < r->parts[part].count; i++) {
            free(r->parts[part].items[i].name);
            free(r->parts[part].items[i].data);
        }
        free(r->parts[part].items);
    }
    for (size_t i = 0; i < r->case_count; i++) {
        struct grade_case *c = &r->cases[i];
        char *texts[] = {c->name, c->input, c->output, c->call, c->value};
        for (size_t k = 0; k < array_length(texts); k++)
            free(texts[k]);
    }
    free(r->cases);
    strings_free(r->forbid);
    strings_free(r->require);
    free(r->exercise);
    free(r->file);
    *r = (struct grade_request){0};
}

/* ---- checks ---- */

/* Where a check writes what it found. */
struct finding {
    char *pointer; /* 256 bytes */
    struct error *err;
};

__attribute__((format(printf, 3, 4))) static int wrong(struct finding *f, const char *pointer,
                                                       const char *format, ...)
{
    char text[512];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    snprintf(f->pointer, 256, "%s", pointer);
    return error_set(f->err, EINVAL, "%s", text);
}

/* The learner's files come last: of two that have one name it is his that is named. */
static const struct {
    enum grade_part part;
    const char *pointer;
} parts[] = {{GRADE_SUPPORT, "/support"}, {GRADE_TESTS, "/tests"}, {GRADE_SOLUTION, "/files"}};

/* From "/files/N/rest", N counted over all parts, to the part's own pointer. */
static void point_into_part(struct finding *f, const struct grade_request *r)
{
    char rest[256];
    unsigned long n;
    char *end;
    if (strncmp(f->pointer, "/files/", 7) != 0)
        return;
    n = strtoul(f->pointer + 7, &end, 10);
    snprintf(rest, sizeof rest, "%s", end);
    for (size_t i = 0; i < array_length(parts); i++) {
        size_t count = r->parts[parts[i].part].count;
        if (n < count) {
            snprintf(f->pointer, 256, "%s/%lu%.200s", parts[i].pointer, n, rest);
            return;
        }
        n -= count;
    }
}

/* All files may come into one folder (a run `together`), so they are checked as if they did. */
static int check_files(const struct grade_request *r, struct finding *f)
{
    size_t count = 0, n = 0;
    for (size_t part = 0; part < GRADE_PARTS; part++)
        count += r->parts[part].count;
    cleanup_free struct run_file *files = calloc(count + 1, sizeof *files);
    if (!files)
        return error_set(f->err, ENOMEM, "check the files: %m");
    for (size_t i = 0; i < array_length(parts); i++)
        for (size_t k = 0; k < r->parts[parts[i].part].count; k++) {
            const struct grade_file *file = &r->parts[parts[i].part].items[k];
            files[n++] = (struct run_file){.name = file->name, .data = file->data, .size = file->size};
        }
    const struct run_request whole = {
        .language = r->language->name, .files = files, .file_count = count, .limits = r->limits};
    int e = run_request_check(&whole, f->pointer, f->err);
    if (e < 0)
        point_into_part(f, r);
    return e;
}

/* Texts that stand in the order or in the answer, on one line. */
static bool one_line(const char *text, size_t most)
{
    size_t n = strlen(text);
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)text[i] < ' ' || text[i] == 127)
            return false;
    return n > 0 && n <= most && utf8_valid(text, n);
}

static int check_rules(char *const *words, const char *kind, struct finding *f)
{
    char pointer[64];
    size_t n = strings_count(words);
    snprintf(pointer, sizeof pointer, "/rules/%s", kind);
    if (n > GRADE_RULES_MOST)
        return wrong(f, pointer, "more than %d rules", GRADE_RULES_MOST);
    for (size_t i = 0; i < n; i++) {
        snprintf(pointer, sizeof pointer, "/rules/%s/%zu", kind, i);
        if (!one_line(words[i], GRADE_RULE_BYTES_MOST))
            return wrong(f, pointer, "it must be one line of 1 to %d bytes", GRADE_RULE_BYTES_MOST);
    }
    return 0;
}

static int check_case(const struct grade_case *c, size_t i, struct finding *f)
{
    char pointer[64];
    const char *texts[] = {c->output, c->call, c->value};
    snprintf(pointer, sizeof pointer, "/expect/%zu", i);
    if (!c->output == !c->call)
        return wrong(f, pointer, "a case has either stdout, and then perhaps stdin, or call and value");
    if (!c->call != !c->value)
        return wrong(f, pointer, "call and value need each other");
    if (c->call && c->input)
        return wrong(f, pointer, "a call takes no stdin");
    for (size_t k = 0; k < array_length(texts); k++)
        if (texts[k] && strlen(texts[k]) > GRADE_CASE_BYTES_MOST)
            return wrong(f, pointer, "more than %d bytes in one text", GRADE_CASE_BYTES_MOST);
    if (c->input_size > GRADE_CASE_BYTES_MOST)
        return wrong(f, pointer, "more than %d bytes of standard input", GRADE_CASE_BYTES_MOST);
    if (c->name && !one_line(c->name, GRADE_NAME_MOST))
        return wrong(f, pointer, "its name must be one line of 1 to %d bytes", GRADE_NAME_MOST);
    return 0;
}

/* A program of ours is put beside the files of the request, where no file or folder may have its name. */
static int check_own_file(const struct grade_request *r, const char *name, const char *what,
                          struct finding *f)
{
    char pointer[64];
    size_t n = strlen(name);
    for (size_t i = 0; i < array_length(parts); i++)
        for (size_t k = 0; k < r->parts[parts[i].part].count; k++) {
            const char *other = r->parts[parts[i].part].items[k].name;
            snprintf(pointer, sizeof pointer, "%s/%zu/name", parts[i].pointer, k);
            if (!strncmp(other, name, n) && (other[n] == 0 || other[n] == '/'))
                return wrong(f, pointer, "the program that %s has this name", what);
        }
    return 0;
}

static int check_cases(const struct grade_request *r, bool *unable, struct finding *f)
{
    bool calls = false;
    if (r->case_count > GRADE_CASES_MOST)
        return wrong(f, "/expect", "more than %d cases", GRADE_CASES_MOST);
    for (size_t i = 0; i < r->case_count; i++) {
        int e = check_case(&r->cases[i], i, f);
        if (e < 0)
            return e;
        calls |= r->cases[i].call != NULL;
    }
    if (!calls)
        return 0;
    if (r->language->grade.call)
        return check_own_file(r, r->language->grade.call_file, "makes the calls", f);
    *unable = true;
    return wrong(f, "/expect", "calls cannot be made in %s; judge by stdout", r->language->title);
}

static int check_tests(const struct grade_request *r, bool *unable, struct finding *f)
{
    const char *name = r->language->grade.tests_file;
    if (r->language->grade.tests && (!r->apart_only || grade_plan(r) == GRADE_APART)) {
        int e = name ? check_own_file(r, name, "runs the tests", f) : 0;
        return e == 0 && name && *name == '@' ? check_own_file(r, name + 1, "runs the tests", f) : e;
    }
    *unable = true;
    if (r->language->grade.tests)
        return wrong(f, "/together", "tests and solution cannot be apart in %s", r->language->title);
    return wrong(f, "/tests", "tests cannot be run in %s; judge by what it prints (expect)",
                 r->language->title);
}

int grade_request_check(const struct grade_request *r, char pointer[static 256], bool *unable,
                        struct error *err)
{
    struct finding f = {pointer, err};
    *unable = false;
    if (r->parts[GRADE_SOLUTION].count == 0)
        return wrong(&f, "/files", "there is no file of a solution");
    if (r->parts[GRADE_TESTS].count == 0 && r->case_count == 0)
        return wrong(&f, "/tests", "there is nothing to judge by: neither tests nor cases (expect)");
    if (r->parts[GRADE_TESTS].count > 0 && r->case_count > 0)
        return wrong(&f, "/expect", "there are tests and cases; a solution is judged by one or the other");
    int e = check_files(r, &f);
    if (e == 0)
        e = check_rules(r->forbid, "forbid", &f);
    if (e == 0)
        e = check_rules(r->require, "require", &f);
    if (e == 0)
        e = r->case_count > 0 ? check_cases(r, unable, &f) : check_tests(r, unable, &f);
    if (e == 0)
        pointer[0] = 0;
    return e;
}

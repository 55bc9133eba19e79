/* language.yaml: a table of fields (base/fields.h). */
#include "language/read.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

enum { YAML_BYTES_MOST = 1 << 16, LANGUAGE_PROCESSES_MOST = 4096 };

static int read_limits(struct fields_reader *r, const yaml_node_t *node, const struct field *f, void *place)
{
    struct limits *limits = place;
    size_t n;
    int e = fields_mapping_length(r, node, f->name, &n);
    for (size_t i = 0; e == 0 && i < n; i++) {
        const char *key, *text = "";
        const yaml_node_t *value_node;
        e = fields_pair(r, node, i, f->name, NULL, &key, &value_node);
        if (e == 0)
            e = fields_scalar(r, value_node, key, NULL, &text);
        if (e < 0)
            return e;
        uint64_t *limit = limits_field(limits, key), value;
        if (!limit)
            return fields_fault(r, node, f->name, "there is no limit \"%.60s\"", key);
        struct limits least = limits_least, ceiling = limits_ceiling;
        uint64_t low = *limits_field(&least, key), high = *limits_field(&ceiling, key);
        if (fields_parse_amount(key, text, &value) < 0 || value < low || value > high)
            return fields_fault(r, value_node, key, "\"%.60s\" must be a number from %llu to %llu", text,
                                (unsigned long long)low, (unsigned long long)high);
        *limit = value;
    }
    return e;
}

#define IN_LANGUAGE(member) offsetof(struct language, member)

static const struct field image_fields[] = {
    {"name", FIELD_TEXT, true, IN_LANGUAGE(recipe.name), .check = check_name},
    {"packages", FIELD_LIST, true, IN_LANGUAGE(recipe.packages), .check = check_package},
    {"keep", FIELD_LIST, false, IN_LANGUAGE(recipe.keep), .check = check_glob},
    {"remove", FIELD_LIST, false, IN_LANGUAGE(recipe.remove), .check = check_glob},
    {"files", FIELD_PAIRS, false, IN_LANGUAGE(recipe.files), .check = check_absolute,
     .check_key = check_source},
    {"setup", FIELD_COMMANDS, false, IN_LANGUAGE(recipe.setup), .check = check_argument},
    {NULL},
};
#define BOOT_FIELDS(boot)                                                                                    \
    {"wall_ms", FIELD_NUMBER, true, IN_LANGUAGE(boot.wall_ms), .most = 600000},                              \
        {"memory_bytes", FIELD_NUMBER, true, IN_LANGUAGE(boot.memory_bytes), .most = 1ULL << 34},            \
    {                                                                                                        \
        "processes", FIELD_NUMBER, true, IN_LANGUAGE(boot.processes), .most = LANGUAGE_PROCESSES_MOST        \
    }

static const struct field boot_fields[] = {BOOT_FIELDS(boot), {NULL}};
static const struct field template_boot_fields[] = {BOOT_FIELDS(template.boot), {NULL}};
static const struct field template_fields[] = {
    {"warm_up", FIELD_TEXT, true, IN_LANGUAGE(template.warm_up), .check = check_absolute},
    {"reseed", FIELD_TEXT, false, IN_LANGUAGE(template.reseed), .check = check_absolute},
    {"rehearsal", FIELD_TEXT, false, IN_LANGUAGE(template.rehearsal), .check = check_absolute},
    {"helper", FIELD_TEXT, false, IN_LANGUAGE(template.helper), .check = check_program_name},
    {"run", FIELD_LIST, false, IN_LANGUAGE(template.run), .check = check_argument},
    {"env", FIELD_ASSIGNMENTS, false, IN_LANGUAGE(template.env), .check = check_argument,
     .check_key = check_environment_name},
    {"boot", FIELD_SECTION, true, 0, .section = template_boot_fields},
    {NULL},
};
static const struct field grade_fields[] = {
    {"tests", FIELD_TEXT, false, IN_LANGUAGE(grade.tests), .check = check_tests_run},
    {"tests_file", FIELD_TEXT, false, IN_LANGUAGE(grade.tests_file), .check = check_file_name},
    {"tests_text", FIELD_TEXT, false, IN_LANGUAGE(grade.tests_text), .check = check_tests_text},
    {"test_files", FIELD_LIST, false, IN_LANGUAGE(grade.test_files), .check = check_argument},
    {"call_file", FIELD_TEXT, false, IN_LANGUAGE(grade.call_file), .check = check_file_name},
    {"call", FIELD_TEXT, false, IN_LANGUAGE(grade.call), .check = check_call},
    {NULL},
};
static const struct field language_fields[] = {
    {"name", FIELD_TEXT, true, IN_LANGUAGE(name), .check = check_name},
    {"title", FIELD_TEXT, true, IN_LANGUAGE(title), .check = check_title},
    {"aliases", FIELD_LIST, false, IN_LANGUAGE(aliases), .check = check_name},
    {"extensions", FIELD_LIST, true, IN_LANGUAGE(extensions), .check = check_extension},
    {"file", FIELD_TEXT, true, IN_LANGUAGE(file), .check = check_file_name},
    {"version_package", FIELD_TEXT, true, IN_LANGUAGE(version_package), .check = check_package},
    {"image", FIELD_SECTION, true, 0, .section = image_fields},
    {"compile", FIELD_LIST, false, IN_LANGUAGE(compile), .check = check_argument},
    {"run", FIELD_LIST, true, IN_LANGUAGE(run), .check = check_argument},
    {"env", FIELD_ASSIGNMENTS, false, IN_LANGUAGE(env), .check = check_argument,
     .check_key = check_environment_name},
    {"harness", FIELD_BOOL, false, IN_LANGUAGE(harness)},
    {"boot", FIELD_SECTION, false, 0, .section = boot_fields},
    {"template", FIELD_SECTION, false, 0, .section = template_fields},
    {"grade", FIELD_SECTION, false, 0, .section = grade_fields},
    {"limits", FIELD_OWN, false, IN_LANGUAGE(limits), .own = read_limits},
    {"seccomp", FIELD_LIST, false, IN_LANGUAGE(seccomp), .check = check_system_call},
    {NULL},
};

/* Lists that were left out are empty, never NULL. */
static int fill_lists(struct language *l)
{
    char ***lists[] = {
        &l->aliases,      &l->extensions,      &l->compile,         &l->run,           &l->env,
        &l->seccomp,      &l->recipe.packages, &l->recipe.keep,     &l->recipe.remove, &l->recipe.files,
        &l->template.run, &l->template.env,    &l->grade.test_files};
    for (size_t i = 0; i < array_length(lists); i++)
        if (!*lists[i] && !(*lists[i] = calloc(1, sizeof(char *))))
            return -ENOMEM;
    if (!l->recipe.setup && !(l->recipe.setup = calloc(1, sizeof(char **))))
        return -ENOMEM;
    return 0;
}

static int check_grade(struct fields_reader *r, const yaml_node_t *root, const struct language *l)
{
    const struct language_grade *how = &l->grade;
    if (!how->call != !how->call_file)
        return fields_fault(r, root, "grade", "\"call\" and \"call_file\" need each other");
    if (!how->tests_text != !how->tests_file)
        return fields_fault(r, root, "grade", "\"tests_text\" and \"tests_file\" need each other");
    if (how->tests && !how->test_files[0])
        return fields_fault(r, root, "grade", "\"tests\" needs \"test_files\"");
    if (how->tests && !l->harness == !how->tests_text)
        return fields_fault(r, root, "grade",
                            "\"tests\" needs a harness or, where there is none, \"tests_text\"");
    if (how->tests && !l->harness && strcmp(how->tests, "together") != 0)
        return fields_fault(r, root, "grade", "without a harness \"tests\" can only be together");
    return 0;
}

/* What concerns more than one field. */
static int check_fields(struct fields_reader *r, const yaml_node_t *root, const struct language *l,
                        const char *folder)
{
    if (strcmp(l->name, folder) != 0)
        return fields_fault(r, root, "name", "\"%s\" must be the name of the folder, \"%s\"", l->name,
                            folder);
    if (!l->run[0])
        return fields_fault(r, root, "run", "must hold a program");
    if (!l->recipe.packages[0])
        return fields_fault(r, root, "packages", "must hold a package");
    if (!l->extensions[0])
        return fields_fault(r, root, "extensions", "must hold an extension");
    if (check_absolute(l->run[0]) && (strncmp(l->run[0], "./", 2) != 0 || check_file_name(l->run[0] + 2)))
        return fields_fault(r, root, "run",
                            "its program must be an absolute path in the image or ./NAME in the work folder");
    if (l->compile[0] && check_absolute(l->compile[0]))
        return fields_fault(r, root, "compile", "its program must be an absolute path in the image");
    for (size_t i = 0; l->recipe.setup && l->recipe.setup[i]; i++)
        if (check_absolute(l->recipe.setup[i][0]))
            return fields_fault(r, root, "setup", "\"%s\" must be an absolute path in the image",
                                l->recipe.setup[i][0]);
    if (l->harness != (l->boot.wall_ms != 0))
        return fields_fault(r, root, "boot", "must be there when, and only when, \"harness\" is true");
    if (l->template.warm_up && !l->harness)
        return fields_fault(r, root, "template", "may be there only when \"harness\" is true");
    if (l->template.run[0] && check_absolute(l->template.run[0]))
        return fields_fault(r, root, "template",
                            "the program of its \"run\" must be an absolute path in the image");
    return check_grade(r, root, l);
}

/* What is read: the language first, since the table's offsets count from its start. */
struct reading {
    struct language language;
    const char *folder;
};

static int check_whole(struct fields_reader *r, const yaml_node_t *root)
{
    struct reading *reading = r->target;
    struct language *l = &reading->language;
    if (fill_lists(l) < 0)
        return error_set(r->err, ENOMEM, "read %s: %m", r->path);
    int e = check_fields(r, root, l, reading->folder);
    if (e == 0 && !(l->image = strdup(l->recipe.name)))
        e = error_set(r->err, ENOMEM, "read %s: %m", r->path);
    return e;
}

int language_read(struct language *language, const char *dir, const char *folder, struct error *err)
{
    cleanup_free char *path = NULL, *text = NULL;
    size_t size;
    *language = (struct language){0};
    if (asprintf(&path, "%s/%s/language.yaml", dir, folder) < 0)
        return error_set(err, ENOMEM, "read a language: %m");
    int e = read_file_at(AT_FDCWD, path, YAML_BYTES_MOST, &text, &size, err);
    if (e < 0)
        return e;
    struct reading reading = {.language.limits = limits_standard, .folder = folder};
    struct fields_reader r = {
        .path = path, .manual = "docs/languages.md", .first_line = 1, .target = &reading, .err = err};
    e = fields_read(&r, text, size, "language", language_fields, check_whole);
    if (e < 0)
        language_free(&reading.language);
    *language = reading.language;
    return e;
}

void language_free(struct language *l)
{
    char *texts[] = {l->name,
                     l->title,
                     l->version,
                     l->file,
                     l->image,
                     l->version_package,
                     l->recipe.name,
                     l->template.warm_up,
                     l->template.reseed,
                     l->template.rehearsal,
                     l->template.helper,
                     l->grade.tests,
                     l->grade.tests_file,
                     l->grade.tests_text,
                     l->grade.call_file,
                     l->grade.call};
    char **lists[] = {
        l->aliases,      l->extensions,      l->compile,         l->run,           l->env,
        l->seccomp,      l->recipe.packages, l->recipe.keep,     l->recipe.remove, l->recipe.files,
        l->template.run, l->template.env,    l->grade.test_files};
    for (size_t i = 0; i < array_length(texts); i++)
        free(texts[i]);
    for (size_t i = 0; i < array_length(lists); i++)
        strings_free(lists[i]);
    for (size_t i = 0; l->recipe.setup && l->recipe.setup[i]; i++)
        strings_free(l->recipe.setup[i]);
    free(l->recipe.setup);
    *l = (struct language){0};
}

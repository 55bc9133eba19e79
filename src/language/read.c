/* language.yaml: a table of fields, read from libyaml's document, whose nodes carry the line that a message
 * names. */
#include "language/read.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <yaml.h>

enum { YAML_BYTES_MOST = 1 << 16, LIST_MOST = 200, LANGUAGE_PROCESSES_MOST = 4096 };

enum kind {
    KIND_TEXT,     /* char * */
    KIND_LIST,     /* char **, NULL-ended */
    KIND_COMMANDS, /* char ***: a list of lists */
    KIND_PAIRS,    /* char **: key, value, key, value, ... */
    KIND_ENV,      /* char **: "key=value" */
    KIND_BOOL,
    KIND_LIMITS,  /* struct limits */
    KIND_NUMBER,  /* uint64_t, between 1 and `most` */
    KIND_SECTION, /* a mapping with a table of its own */
};

struct field {
    const char *name;
    enum kind kind;
    bool required;
    size_t offset;
    text_check *check, *check_key;
    const struct field *section;
    uint64_t most;
};

#define IN_LANGUAGE(member) offsetof(struct language, member)

static const struct field image_fields[] = {
    {"name", KIND_TEXT, true, IN_LANGUAGE(recipe.name), .check = check_name},
    {"packages", KIND_LIST, true, IN_LANGUAGE(recipe.packages), .check = check_package},
    {"keep", KIND_LIST, false, IN_LANGUAGE(recipe.keep), .check = check_glob},
    {"remove", KIND_LIST, false, IN_LANGUAGE(recipe.remove), .check = check_glob},
    {"files", KIND_PAIRS, false, IN_LANGUAGE(recipe.files), .check = check_absolute,
     .check_key = check_source},
    {"setup", KIND_COMMANDS, false, IN_LANGUAGE(recipe.setup), .check = check_argument},
    {NULL},
};
#define BOOT_FIELDS(boot)                                                                                    \
    {"wall_ms", KIND_NUMBER, true, IN_LANGUAGE(boot.wall_ms), .most = 600000},                               \
        {"memory_bytes", KIND_NUMBER, true, IN_LANGUAGE(boot.memory_bytes), .most = 1ULL << 34},             \
    {                                                                                                        \
        "processes", KIND_NUMBER, true, IN_LANGUAGE(boot.processes), .most = LANGUAGE_PROCESSES_MOST         \
    }

static const struct field boot_fields[] = {BOOT_FIELDS(boot), {NULL}};
static const struct field template_boot_fields[] = {BOOT_FIELDS(template.boot), {NULL}};
static const struct field template_fields[] = {
    {"warm_up", KIND_TEXT, true, IN_LANGUAGE(template.warm_up), .check = check_absolute},
    {"reseed", KIND_TEXT, false, IN_LANGUAGE(template.reseed), .check = check_absolute},
    {"rehearsal", KIND_TEXT, false, IN_LANGUAGE(template.rehearsal), .check = check_absolute},
    {"helper", KIND_TEXT, false, IN_LANGUAGE(template.helper), .check = check_program_name},
    {"run", KIND_LIST, false, IN_LANGUAGE(template.run), .check = check_argument},
    {"env", KIND_ENV, false, IN_LANGUAGE(template.env), .check = check_argument,
     .check_key = check_environment_name},
    {"boot", KIND_SECTION, true, 0, .section = template_boot_fields},
    {NULL},
};
static const struct field language_fields[] = {
    {"name", KIND_TEXT, true, IN_LANGUAGE(name), .check = check_name},
    {"title", KIND_TEXT, true, IN_LANGUAGE(title), .check = check_title},
    {"aliases", KIND_LIST, false, IN_LANGUAGE(aliases), .check = check_name},
    {"extensions", KIND_LIST, true, IN_LANGUAGE(extensions), .check = check_extension},
    {"file", KIND_TEXT, true, IN_LANGUAGE(file), .check = check_file_name},
    {"version_package", KIND_TEXT, true, IN_LANGUAGE(version_package), .check = check_package},
    {"image", KIND_SECTION, true, 0, .section = image_fields},
    {"compile", KIND_LIST, false, IN_LANGUAGE(compile), .check = check_argument},
    {"run", KIND_LIST, true, IN_LANGUAGE(run), .check = check_argument},
    {"env", KIND_ENV, false, IN_LANGUAGE(env), .check = check_argument, .check_key = check_environment_name},
    {"harness", KIND_BOOL, false, IN_LANGUAGE(harness)},
    {"boot", KIND_SECTION, false, 0, .section = boot_fields},
    {"template", KIND_SECTION, false, 0, .section = template_fields},
    {"limits", KIND_LIMITS, false, IN_LANGUAGE(limits)},
    {"seccomp", KIND_LIST, false, IN_LANGUAGE(seccomp), .check = check_system_call},
    {NULL},
};

struct reader {
    yaml_document_t document;
    const char *path;
    struct language *language;
    struct error *err;
};

__attribute__((format(printf, 4, 5))) static void record(struct reader *r, const yaml_node_t *node,
                                                         const char *field, const char *format, ...)
{
    char why[512];
    va_list args;
    va_start(args, format);
    vsnprintf(why, sizeof why, format, args);
    va_end(args);
    error_set(r->err, EINVAL, "%s:%lu: %s: %s", r->path, (unsigned long)node->start_mark.line + 1, field,
              why);
}
#define fault(...) (record(__VA_ARGS__), -EINVAL)

static yaml_node_t *node_at(struct reader *r, int index)
{
    return yaml_document_get_node(&r->document, index);
}

/* The text of a scalar, a view into the document. */
static int scalar(struct reader *r, const yaml_node_t *node, const char *field, text_check *check,
                  const char **text)
{
    if (node->type != YAML_SCALAR_NODE)
        return fault(r, node, field, "must be one plain value, not a list or a mapping");
    *text = (const char *)node->data.scalar.value;
    if (strlen(*text) != node->data.scalar.length)
        return fault(r, node, field, "holds a zero byte");
    const char *why = check ? check(*text) : NULL;
    return why ? fault(r, node, field, "\"%.100s\" %s", *text, why) : 0;
}

static int read_text(struct reader *r, const yaml_node_t *node, const char *field, text_check *check,
                     char **text)
{
    const char *view;
    int e = scalar(r, node, field, check, &view);
    if (e < 0)
        return e;
    *text = strdup(view);
    return *text ? 0 : error_set(r->err, ENOMEM, "read %s: %m", r->path);
}

static int sequence_length(struct reader *r, const yaml_node_t *node, const char *field, size_t *n)
{
    if (node->type != YAML_SEQUENCE_NODE)
        return fault(r, node, field, "must be a list, such as [a, b], or [] for none");
    *n = (size_t)(node->data.sequence.items.top - node->data.sequence.items.start);
    return *n <= LIST_MOST ? 0 : fault(r, node, field, "has more than %d entries", LIST_MOST);
}

static int read_list(struct reader *r, const yaml_node_t *node, const char *field, text_check *check,
                     char ***list)
{
    size_t n;
    int e = sequence_length(r, node, field, &n);
    for (size_t i = 0; e == 0 && i < n; i++) {
        char *text = NULL;
        e = read_text(r, node_at(r, node->data.sequence.items.start[i]), field, check, &text);
        if (e == 0 && list_add(list, text) < 0)
            e = error_set(r->err, ENOMEM, "read %s: %m", r->path);
    }
    return e;
}

static int read_commands(struct reader *r, const yaml_node_t *node, const char *field, text_check *check,
                         char ****commands)
{
    size_t n;
    int e = sequence_length(r, node, field, &n);
    if (e < 0)
        return e;
    for (size_t i = 0; i < n; i++) {
        const yaml_node_t *command = node_at(r, node->data.sequence.items.start[i]);
        e = read_list(r, command, field, check, &(*commands)[i]);
        if (e < 0)
            return e;
        if (!(*commands)[i])
            return fault(r, command, field, "holds an empty command");
    }
    return 0;
}

static int mapping_length(struct reader *r, const yaml_node_t *node, const char *field, size_t *n)
{
    if (node->type != YAML_MAPPING_NODE)
        return fault(r, node, field, "must be a mapping, such as {a: b}, or {} for none");
    *n = (size_t)(node->data.mapping.pairs.top - node->data.mapping.pairs.start);
    return *n <= LIST_MOST ? 0 : fault(r, node, field, "has more than %d entries", LIST_MOST);
}

/* Fails when the key of pair `i` stood in the mapping before. */
static int check_duplicate(struct reader *r, const yaml_node_t *node, size_t i, const char *key)
{
    for (size_t j = 0; j < i; j++) {
        const yaml_node_t *earlier = node_at(r, node->data.mapping.pairs.start[j].key);
        if (earlier->type == YAML_SCALAR_NODE && !strcmp((const char *)earlier->data.scalar.value, key))
            return fault(r, node_at(r, node->data.mapping.pairs.start[i].key), key, "is there twice");
    }
    return 0;
}

static int pair_at(struct reader *r, const yaml_node_t *node, size_t i, const char *field,
                   text_check *check_key, const char **key, yaml_node_t **value)
{
    yaml_node_pair_t pair = node->data.mapping.pairs.start[i];
    int e = scalar(r, node_at(r, pair.key), field, check_key, key);
    *value = node_at(r, pair.value);
    return e < 0 ? e : check_duplicate(r, node, i, *key);
}

static int read_pairs(struct reader *r, const yaml_node_t *node, const struct field *f, char ***list)
{
    size_t n;
    int e = mapping_length(r, node, f->name, &n);
    for (size_t i = 0; e == 0 && i < n; i++) {
        const char *key, *value;
        yaml_node_t *value_node;
        char *joined = NULL;
        e = pair_at(r, node, i, f->name, f->check_key, &key, &value_node);
        if (e == 0)
            e = scalar(r, value_node, f->name, f->check, &value);
        if (e < 0)
            return e;
        bool bad;
        if (f->kind == KIND_ENV)
            bad = asprintf(&joined, "%s=%s", key, value) < 0 || list_add(list, joined) < 0;
        else
            bad = list_add(list, strdup(key)) < 0 || list_add(list, strdup(value)) < 0;
        if (bad)
            e = error_set(r->err, ENOMEM, "read %s: %m", r->path);
    }
    return e;
}

static int parse_amount(const char *name, const char *text, uint64_t *value)
{
    size_t n = strlen(name);
    if (n > 6 && !strcmp(name + n - 6, "_bytes"))
        return parse_size(text, value);
    if (n > 3 && !strcmp(name + n - 3, "_ms"))
        return parse_duration_ms(text, value);
    return parse_u64(text, value);
}

static int read_limits(struct reader *r, const yaml_node_t *node, const struct field *f,
                       struct limits *limits)
{
    size_t n;
    int e = mapping_length(r, node, f->name, &n);
    for (size_t i = 0; e == 0 && i < n; i++) {
        const char *key, *text = "";
        yaml_node_t *value_node;
        e = pair_at(r, node, i, f->name, NULL, &key, &value_node);
        if (e == 0)
            e = scalar(r, value_node, key, NULL, &text);
        if (e < 0)
            return e;
        uint64_t *limit = limits_field(limits, key), value;
        if (!limit)
            return fault(r, node, f->name, "there is no limit \"%.60s\"", key);
        struct limits least = limits_least, ceiling = limits_ceiling;
        uint64_t low = *limits_field(&least, key), high = *limits_field(&ceiling, key);
        if (parse_amount(key, text, &value) < 0 || value < low || value > high)
            return fault(r, value_node, key, "\"%.60s\" must be a number from %llu to %llu", text,
                         (unsigned long long)low, (unsigned long long)high);
        *limit = value;
    }
    return e;
}

static int read_number(struct reader *r, const yaml_node_t *node, const struct field *f, uint64_t *value)
{
    const char *text = "";
    int e = scalar(r, node, f->name, NULL, &text);
    if (e < 0)
        return e;
    if (parse_amount(f->name, text, value) < 0 || *value < 1 || *value > f->most)
        return fault(r, node, f->name, "\"%.60s\" must be a number from 1 to %llu", text,
                     (unsigned long long)f->most);
    return 0;
}

static int read_bool(struct reader *r, const yaml_node_t *node, const struct field *f, bool *value)
{
    const char *text = "";
    int e = scalar(r, node, f->name, NULL, &text);
    if (e < 0)
        return e;
    *value = !strcmp(text, "true");
    if (!*value && strcmp(text, "false") != 0)
        return fault(r, node, f->name, "\"%.60s\" must be true or false", text);
    return 0;
}

static int read_section(struct reader *r, const yaml_node_t *node, const char *name,
                        const struct field *fields);

static int read_field(struct reader *r, const yaml_node_t *node, const struct field *f)
{
    void *place = (char *)r->language + f->offset;
    switch (f->kind) {
    case KIND_TEXT:
        return read_text(r, node, f->name, f->check, place);
    case KIND_LIST:
        return read_list(r, node, f->name, f->check, place);
    case KIND_COMMANDS:
        return read_commands(r, node, f->name, f->check, place);
    case KIND_PAIRS:
    case KIND_ENV:
        return read_pairs(r, node, f, place);
    case KIND_BOOL:
        return read_bool(r, node, f, place);
    case KIND_LIMITS:
        return read_limits(r, node, f, place);
    case KIND_NUMBER:
        return read_number(r, node, f, place);
    case KIND_SECTION:
        return read_section(r, node, f->name, f->section);
    }
    return -EINVAL;
}

static int read_section(struct reader *r, const yaml_node_t *node, const char *name,
                        const struct field *fields)
{
    size_t n;
    uint64_t seen = 0;
    int e = mapping_length(r, node, name, &n);
    for (size_t i = 0; e == 0 && i < n; i++) {
        const char *key;
        yaml_node_t *value;
        e = pair_at(r, node, i, name, NULL, &key, &value);
        if (e < 0)
            return e;
        const struct field *f = fields;
        while (f->name && strcmp(f->name, key) != 0)
            f++;
        if (!f->name)
            return fault(r, node_at(r, node->data.mapping.pairs.start[i].key), name,
                         "there is no field \"%.60s\"; docs/languages.md lists them", key);
        seen |= 1ULL << (f - fields);
        e = read_field(r, value, f);
    }
    for (const struct field *f = fields; e == 0 && f->name; f++)
        if (f->required && !(seen & 1ULL << (f - fields)))
            return fault(r, node, name, "\"%s\" is missing", f->name);
    return e;
}

/* Lists that were left out are empty, never NULL. */
static int fill_lists(struct language *l)
{
    char ***lists[] = {&l->aliases,       &l->extensions,   &l->compile,         &l->run,
                       &l->env,           &l->seccomp,      &l->recipe.packages, &l->recipe.keep,
                       &l->recipe.remove, &l->recipe.files, &l->template.run,    &l->template.env};
    for (size_t i = 0; i < array_length(lists); i++)
        if (!*lists[i] && !(*lists[i] = calloc(1, sizeof(char *))))
            return -ENOMEM;
    return 0;
}

/* What concerns more than one field. */
static int check_whole(struct reader *r, const yaml_node_t *root, const char *folder)
{
    struct language *l = r->language;
    if (strcmp(l->name, folder) != 0)
        return fault(r, root, "name", "\"%s\" must be the name of the folder, \"%s\"", l->name, folder);
    if (!l->run[0])
        return fault(r, root, "run", "must hold a program");
    if (!l->recipe.packages[0])
        return fault(r, root, "packages", "must hold a package");
    if (!l->extensions[0])
        return fault(r, root, "extensions", "must hold an extension");
    if (check_absolute(l->run[0]) && (strncmp(l->run[0], "./", 2) != 0 || check_file_name(l->run[0] + 2)))
        return fault(r, root, "run",
                     "its program must be an absolute path in the image or ./NAME in the work folder");
    if (l->compile[0] && check_absolute(l->compile[0]))
        return fault(r, root, "compile", "its program must be an absolute path in the image");
    for (size_t i = 0; l->recipe.setup && l->recipe.setup[i]; i++)
        if (check_absolute(l->recipe.setup[i][0]))
            return fault(r, root, "setup", "\"%s\" must be an absolute path in the image",
                         l->recipe.setup[i][0]);
    if (l->harness != (l->boot.wall_ms != 0))
        return fault(r, root, "boot", "must be there when, and only when, \"harness\" is true");
    if (l->template.warm_up && !l->harness)
        return fault(r, root, "template", "may be there only when \"harness\" is true");
    if (l->template.run[0] && check_absolute(l->template.run[0]))
        return fault(r, root, "template", "the program of its \"run\" must be an absolute path in the image");
    return 0;
}

static int read_document(struct reader *r, const char *folder)
{
    yaml_node_t *root = yaml_document_get_root_node(&r->document);
    if (!root)
        return error_set(r->err, EINVAL, "%s:1: the file is empty", r->path);
    r->language->limits = limits_standard;
    r->language->recipe.setup = calloc(LIST_MOST + 1, sizeof(char **));
    int e = r->language->recipe.setup ? read_section(r, root, "language", language_fields) : -ENOMEM;
    if (e == 0)
        e = fill_lists(r->language);
    if (e == -ENOMEM)
        return error_set(r->err, ENOMEM, "read %s: %m", r->path);
    if (e == 0)
        e = check_whole(r, root, folder);
    if (e == 0 && !(r->language->image = strdup(r->language->recipe.name)))
        e = error_set(r->err, ENOMEM, "read %s: %m", r->path);
    return e;
}

static int load_document(struct reader *r, yaml_parser_t *parser, const char *folder)
{
    yaml_document_t second;
    if (!yaml_parser_load(parser, &r->document))
        goto bad;
    int e = read_document(r, folder);
    yaml_document_delete(&r->document);
    if (e < 0)
        return e;
    if (!yaml_parser_load(parser, &second))
        goto bad;
    bool more = yaml_document_get_root_node(&second) != NULL;
    yaml_document_delete(&second);
    return more ? error_set(r->err, EINVAL, "%s: holds more than one document", r->path) : 0;
bad:
    return error_set(r->err, EINVAL, "%s:%lu: not valid YAML: %s", r->path,
                     (unsigned long)parser->problem_mark.line + 1,
                     parser->problem ? parser->problem : "unreadable");
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
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser))
        return error_set(err, ENOMEM, "read %s: %m", path);
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, size);
    struct reader r = {.path = path, .language = language, .err = err};
    e = load_document(&r, &parser, folder);
    yaml_parser_delete(&parser);
    if (e < 0)
        language_free(language);
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
                     l->template.helper};
    char **lists[] = {l->aliases,       l->extensions,   l->compile,         l->run,
                      l->env,           l->seccomp,      l->recipe.packages, l->recipe.keep,
                      l->recipe.remove, l->recipe.files, l->template.run,    l->template.env};
    for (size_t i = 0; i < array_length(texts); i++)
        free(texts[i]);
    for (size_t i = 0; i < array_length(lists); i++)
        strings_free(lists[i]);
    for (size_t i = 0; l->recipe.setup && l->recipe.setup[i]; i++)
        strings_free(l->recipe.setup[i]);
    free(l->recipe.setup);
    *l = (struct language){0};
}

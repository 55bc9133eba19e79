#include "base/fields.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#undef fields_fault

int fields_fault(struct fields_reader *r, const yaml_node_t *node, const char *field, const char *format, ...)
{
    char why[512];
    va_list args;
    va_start(args, format);
    vsnprintf(why, sizeof why, format, args);
    va_end(args);
    return error_set(r->err, EINVAL, "%s:%lu: %s: %s", r->path,
                     (unsigned long)node->start_mark.line + r->first_line, field, why);
}
#ifdef __clang_analyzer__
#define fields_fault(...) (fields_fault(__VA_ARGS__), -1)
#endif

static int no_memory(struct fields_reader *r)
{
    return error_set(r->err, ENOMEM, "read %s: %m", r->path);
}

static yaml_node_t *node_at(struct fields_reader *r, int index)
{
    return yaml_document_get_node(&r->document, index);
}

int fields_scalar(struct fields_reader *r, const yaml_node_t *node, const char *field, text_check *check,
                  const char **text)
{
    if (node->type != YAML_SCALAR_NODE)
        return fields_fault(r, node, field, "must be one plain value, not a list or a mapping");
    *text = (const char *)node->data.scalar.value;
    if (strlen(*text) != node->data.scalar.length)
        return fields_fault(r, node, field, "holds a zero byte");
    const char *why = check ? check(*text) : NULL;
    return why ? fields_fault(r, node, field, "\"%.100s\" %s", *text, why) : 0;
}

static int read_text(struct fields_reader *r, const yaml_node_t *node, const char *field, text_check *check,
                     char **text)
{
    const char *view;
    int e = fields_scalar(r, node, field, check, &view);
    if (e < 0)
        return e;
    *text = strdup(view);
    return *text ? 0 : no_memory(r);
}

static int sequence_length(struct fields_reader *r, const yaml_node_t *node, const char *field, size_t least,
                           size_t *n)
{
    if (node->type != YAML_SEQUENCE_NODE)
        return fields_fault(r, node, field, "must be a list, such as [a, b], or [] for none");
    *n = (size_t)(node->data.sequence.items.top - node->data.sequence.items.start);
    if (*n < least)
        return fields_fault(r, node, field, "has %zu entries; at least %zu are needed", *n, least);
    return *n <= FIELDS_LIST_MOST
               ? 0
               : fields_fault(r, node, field, "has more than %d entries", FIELDS_LIST_MOST);
}

static int read_list(struct fields_reader *r, const yaml_node_t *node, const struct field *f, char ***list)
{
    size_t n;
    int e = sequence_length(r, node, f->name, f->least, &n);
    for (size_t i = 0; e == 0 && i < n; i++) {
        char *text = NULL;
        e = read_text(r, node_at(r, node->data.sequence.items.start[i]), f->name, f->check, &text);
        if (e == 0 && strings_add(list, text) < 0)
            e = no_memory(r);
    }
    return e;
}

static int read_commands(struct fields_reader *r, const yaml_node_t *node, const struct field *f,
                         char ****commands)
{
    size_t n;
    int e = sequence_length(r, node, f->name, f->least, &n);
    if (e < 0)
        return e;
    *commands = calloc(n + 1, sizeof **commands);
    if (!*commands)
        return no_memory(r);
    for (size_t i = 0; i < n; i++) {
        const yaml_node_t *command = node_at(r, node->data.sequence.items.start[i]);
        e = read_list(r, command, f, &(*commands)[i]);
        if (e < 0)
            return e;
        if (!(*commands)[i])
            return fields_fault(r, command, f->name, "holds an empty command");
    }
    return 0;
}

int fields_mapping_length(struct fields_reader *r, const yaml_node_t *node, const char *field, size_t *n)
{
    if (node->type != YAML_MAPPING_NODE)
        return fields_fault(r, node, field, "must be a mapping, such as {a: b}, or {} for none");
    *n = (size_t)(node->data.mapping.pairs.top - node->data.mapping.pairs.start);
    return *n <= FIELDS_LIST_MOST
               ? 0
               : fields_fault(r, node, field, "has more than %d entries", FIELDS_LIST_MOST);
}

/* Fails when the key of pair `i` stood in the mapping before. */
static int check_duplicate(struct fields_reader *r, const yaml_node_t *node, size_t i, const char *key)
{
    for (size_t j = 0; j < i; j++) {
        const yaml_node_t *earlier = node_at(r, node->data.mapping.pairs.start[j].key);
        if (earlier->type == YAML_SCALAR_NODE && !strcmp((const char *)earlier->data.scalar.value, key))
            return fields_fault(r, node_at(r, node->data.mapping.pairs.start[i].key), key, "is there twice");
    }
    return 0;
}

int fields_pair(struct fields_reader *r, const yaml_node_t *node, size_t i, const char *field,
                text_check *check_key, const char **key, const yaml_node_t **value)
{
    yaml_node_pair_t pair = node->data.mapping.pairs.start[i];
    int e = fields_scalar(r, node_at(r, pair.key), field, check_key, key);
    *value = node_at(r, pair.value);
    return e < 0 ? e : check_duplicate(r, node, i, *key);
}

static int read_pairs(struct fields_reader *r, const yaml_node_t *node, const struct field *f, char ***list)
{
    size_t n;
    int e = fields_mapping_length(r, node, f->name, &n);
    for (size_t i = 0; e == 0 && i < n; i++) {
        const char *key = "", *value = "";
        const yaml_node_t *value_node;
        char *joined = NULL;
        e = fields_pair(r, node, i, f->name, f->check_key, &key, &value_node);
        if (e == 0)
            e = fields_scalar(r, value_node, f->name, f->check, &value);
        if (e < 0)
            return e;
        bool bad;
        if (f->kind == FIELD_ASSIGNMENTS)
            bad = asprintf(&joined, "%s=%s", key, value) < 0 || strings_add(list, joined) < 0;
        else
            bad = strings_add(list, strdup(key)) < 0 || strings_add(list, strdup(value)) < 0;
        if (bad)
            e = no_memory(r);
    }
    return e;
}

int fields_parse_amount(const char *name, const char *text, uint64_t *value)
{
    size_t n = strlen(name);
    if (n > 6 && !strcmp(name + n - 6, "_bytes"))
        return parse_size(text, value);
    if (n > 3 && !strcmp(name + n - 3, "_ms"))
        return parse_duration_ms(text, value);
    return parse_u64(text, value);
}

static int read_number(struct fields_reader *r, const yaml_node_t *node, const struct field *f,
                       uint64_t *value)
{
    const char *text = "";
    int e = fields_scalar(r, node, f->name, NULL, &text);
    if (e < 0)
        return e;
    if (fields_parse_amount(f->name, text, value) < 0 || *value < 1 || *value > f->most)
        return fields_fault(r, node, f->name, "\"%.60s\" must be a number from 1 to %llu", text,
                            (unsigned long long)f->most);
    return 0;
}

static int read_bool(struct fields_reader *r, const yaml_node_t *node, const struct field *f, bool *value)
{
    const char *text = "";
    int e = fields_scalar(r, node, f->name, NULL, &text);
    if (e < 0)
        return e;
    *value = !strcmp(text, "true");
    if (!*value && strcmp(text, "false") != 0)
        return fields_fault(r, node, f->name, "\"%.60s\" must be true or false", text);
    return 0;
}

static int read_section(struct fields_reader *r, const yaml_node_t *node, const char *name,
                        const struct field *table);

static int read_items(struct fields_reader *r, const yaml_node_t *node, const struct field *f, void *place)
{
    void *outer = r->target;
    size_t n, *count = (size_t *)((char *)outer + f->count);
    int e = sequence_length(r, node, f->name, f->least, &n);
    if (e < 0)
        return e;
    char *items = calloc(n ? n : 1, f->item_size);
    if (!items)
        return no_memory(r);
    *(void **)place = items;
    *count = n;
    for (size_t i = 0; e == 0 && i < n; i++) {
        r->target = items + i * f->item_size;
        e = read_section(r, node_at(r, node->data.sequence.items.start[i]), f->name, f->section);
    }
    r->target = outer;
    return e;
}

static int read_field(struct fields_reader *r, const yaml_node_t *node, const struct field *f)
{
    void *place = (char *)r->target + f->offset;
    switch (f->kind) {
    case FIELD_TEXT:
        return read_text(r, node, f->name, f->check, place);
    case FIELD_LIST:
        return read_list(r, node, f, place);
    case FIELD_COMMANDS:
        return read_commands(r, node, f, place);
    case FIELD_PAIRS:
    case FIELD_ASSIGNMENTS:
        return read_pairs(r, node, f, place);
    case FIELD_BOOL:
        return read_bool(r, node, f, place);
    case FIELD_NUMBER:
        return read_number(r, node, f, place);
    case FIELD_SECTION:
        return read_section(r, node, f->name, f->section);
    case FIELD_ITEMS:
        return read_items(r, node, f, place);
    case FIELD_OWN:
        return f->own(r, node, f, place);
    }
    return -EINVAL;
}

static int read_section(struct fields_reader *r, const yaml_node_t *node, const char *name,
                        const struct field *table)
{
    size_t n;
    uint64_t seen = 0;
    int e = fields_mapping_length(r, node, name, &n);
    for (size_t i = 0; e == 0 && i < n; i++) {
        const char *key;
        const yaml_node_t *value;
        e = fields_pair(r, node, i, name, NULL, &key, &value);
        if (e < 0)
            return e;
        const struct field *f = table;
        while (f->name && strcmp(f->name, key) != 0)
            f++;
        if (!f->name)
            return fields_fault(r, node_at(r, node->data.mapping.pairs.start[i].key), name,
                                "there is no field \"%.60s\"; %s lists them", key, r->manual);
        seen |= 1ULL << (f - table);
        e = read_field(r, value, f);
    }
    for (const struct field *f = table; e == 0 && f->name; f++)
        if (f->required && !(seen & 1ULL << (f - table)))
            return fields_fault(r, node, name, "\"%s\" is missing", f->name);
    return e;
}

static int not_yaml(struct fields_reader *r, const yaml_parser_t *parser)
{
    return error_set(r->err, EINVAL, "%s:%lu: not valid YAML: %s", r->path,
                     (unsigned long)parser->problem_mark.line + r->first_line,
                     parser->problem ? parser->problem : "unreadable");
}

/* A second document would be passed over in silence. */
static int check_end(struct fields_reader *r, yaml_parser_t *parser)
{
    yaml_document_t second;
    if (!yaml_parser_load(parser, &second))
        return not_yaml(r, parser);
    bool more = yaml_document_get_root_node(&second) != NULL;
    yaml_document_delete(&second);
    return more ? error_set(r->err, EINVAL, "%s: holds more than one document", r->path) : 0;
}

int fields_read(struct fields_reader *r, const char *text, size_t size, const char *name,
                const struct field *table, int (*whole)(struct fields_reader *r, const yaml_node_t *root))
{
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser))
        return no_memory(r);
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, size);
    if (!yaml_parser_load(&parser, &r->document)) {
        int e = not_yaml(r, &parser);
        yaml_parser_delete(&parser);
        return e;
    }
    yaml_node_t *root = yaml_document_get_root_node(&r->document);
    int e = root ? read_section(r, root, name, table)
                 : error_set(r->err, EINVAL, "%s:%u: the file is empty", r->path, r->first_line);
    if (e == 0 && whole)
        e = whole(r, root);
    yaml_document_delete(&r->document);
    if (e == 0)
        e = check_end(r, &parser);
    yaml_parser_delete(&parser);
    return e;
}

/* base/fields: YAML mappings into structs, by a table of fields.
 *
 * The reader walks libyaml's document, whose nodes carry the line that a message names: every error is
 * "path:line: field: why". What a field must look like stands in its row; what concerns several fields is
 * checked at the end by the caller's own function.
 */
#ifndef PHIAL_BASE_FIELDS_H
#define PHIAL_BASE_FIELDS_H

#include "base/base.h"

#include <yaml.h>

enum { FIELDS_LIST_MOST = 200 };

/* A check of one text, of a list's each text, or of a map's key or value: NULL when it is good, else what it
 * must be. */
typedef const char *text_check(const char *text);

struct fields_reader {
    yaml_document_t document;
    const char *path;    /* for messages */
    const char *manual;  /* where the fields are listed: "docs/languages.md" */
    unsigned first_line; /* the line of `path` on which the text begins; 1 for a whole file */
    void *target;        /* the struct that is filled */
    struct error *err;
};

enum field_kind {
    FIELD_TEXT,        /* char * */
    FIELD_LIST,        /* char **, NULL-ended */
    FIELD_COMMANDS,    /* char ***: a list of lists */
    FIELD_PAIRS,       /* char **: key, value, key, value, ... */
    FIELD_ASSIGNMENTS, /* char **: "key=value" */
    FIELD_BOOL,        /* bool */
    FIELD_NUMBER,      /* uint64_t, between 1 and `most`; units by the name's ending, _ms or _bytes */
    FIELD_SECTION,     /* a mapping with a table of its own, into the same struct */
    FIELD_ITEMS,       /* a list of mappings: an array of structs of `item_size`, their count at `count` */
    FIELD_OWN,         /* read by `own` */
};

struct field {
    const char *name;
    enum field_kind kind;
    bool required;
    size_t offset;
    text_check *check, *check_key;
    const struct field *section; /* of FIELD_SECTION and FIELD_ITEMS */
    uint64_t most;               /* FIELD_NUMBER */
    size_t least;                /* FIELD_LIST, FIELD_ITEMS: at least so many */
    size_t item_size, count;     /* FIELD_ITEMS; `count` is the offset of a size_t */
    int (*own)(struct fields_reader *r, const yaml_node_t *node, const struct field *f, void *place);
};

/* Reads the one mapping in `text` into r->target by `table`, which ends with a row without a name; `name` is
 * what messages call the mapping. `whole` (may be NULL) is called last. The caller fills r but for
 * r->document, and on failure frees what has been read. */
int fields_read(struct fields_reader *r, const char *text, size_t size, const char *name,
                const struct field *table, int (*whole)(struct fields_reader *r, const yaml_node_t *root));

/* ---- for FIELD_OWN and `whole` ---- */

/* Records an error about a node: "path:line: field: why"; returns -EINVAL. */
int fields_fault(struct fields_reader *r, const yaml_node_t *node, const char *field, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
#ifdef __clang_analyzer__
#define fields_fault(...) (fields_fault(__VA_ARGS__), -1)
#endif
/* The text of a scalar, a view into the document. */
int fields_scalar(struct fields_reader *r, const yaml_node_t *node, const char *field, text_check *check,
                  const char **text);
int fields_mapping_length(struct fields_reader *r, const yaml_node_t *node, const char *field, size_t *n);
/* The i-th pair of a mapping; a key that was there before is a fault. */
int fields_pair(struct fields_reader *r, const yaml_node_t *node, size_t i, const char *field,
                text_check *check_key, const char **key, const yaml_node_t **value);
/* A number whose unit the field's name tells. */
int fields_parse_amount(const char *name, const char *text, uint64_t *value);

#endif

/* api/body: what the bodies of requests have in common: JSON that anyone may have sent, read with the pointer
 * of what is wrong. Pure and fuzzed. */
#ifndef PHIAL_API_BODY_H
#define PHIAL_API_BODY_H

#include "http/problem.h"
#include "language/language.h"

enum { BODY_POINTER = 256 };

/* Each of these returns -1 with *problem filled in when the value is not what it must be. */
int body_wrong(struct problem *problem, const char *pointer, const char *text);
int body_no_memory(struct problem *problem);
int body_bool(struct problem *problem, const json_t *value, const char *pointer, bool *to);
/* A string without zero characters, as names and arguments must be; NULL when it is none. */
const char *body_text(struct problem *problem, const json_t *value, const char *pointer);
/* The bytes of a string, in base64 or as they are; a zero byte stands behind them. Fresh memory. */
int body_bytes(struct problem *problem, const json_t *value, const char *pointer, bool base64, uint8_t **data,
               size_t *size);
int body_encoding(struct problem *problem, const json_t *value, const char *pointer, bool *base64);
int body_limits(struct problem *problem, const json_t *value, struct limits *limits);
int body_language(struct problem *problem, const json_t *value, const struct languages *languages,
                  const struct language **language);
/* A list with at most `most` entries; its length. */
int body_list(struct problem *problem, const json_t *value, const char *pointer, size_t most,
              const char *what, size_t *n);

struct body_file {
    const char *name; /* lives as long as the JSON, or is the standard name */
    uint8_t *data;    /* fresh memory */
    size_t size;
    bool hidden;
};
/* {"name", "content", "encoding"}, and "hidden" where `may_hide`. `standard` is the name when there is none;
 * NULL when there must be one. On failure nothing is left to free. */
int body_file(struct problem *problem, const json_t *value, const char *pointer, const char *standard,
              bool may_hide, struct body_file *file);

/* "/parent/name" as RFC 6901 has it; a long name is cut. */
const char *body_pointer(char pointer[static BODY_POINTER], const char *parent, const char *name);

struct body_field {
    const char *name;
    bool required;
    int (*read)(void *reader, const json_t *value);
};
/* Reads an object's fields in the order of the table; what is not in it is an error. */
int body_object(struct problem *problem, const json_t *object, const struct body_field *fields, size_t count,
                void *reader);
/* The JSON of a body; a fresh reference, or NULL. One with far more values than any request has is turned
 * away before a tree is made of it. */
json_t *body_load(struct problem *problem, const char *body, size_t size);

#endif

/* What a client can ask for, as JSON: the same for HTTP and the command line. */
#include "run/run.h"

static json_t *words_json(char **words)
{
    json_t *list = json_array();
    for (; *words; words++)
        json_array_append_new(list, json_string(*words));
    return list;
}

static json_t *limits_json(const struct limits *limits)
{
    json_t *object = json_object();
#define X(name, ...) json_object_set_new(object, #name, json_integer((json_int_t)limits->name));
    RUN_LIMITS(X)
#undef X
    return object;
}

json_t *languages_json(const struct languages *ls, const struct limits *ceiling)
{
    json_t *list = json_array();
    for (size_t i = 0; i < ls->count; i++) {
        const struct language *l = &ls->items[i];
        struct limits limits = limits_clamp(l->limits, &limits_standard, ceiling);
        json_t *object =
            json_pack("{s:s,s:s,s:s?,s:o,s:o,s:s,s:b,s:o}", "name", l->name, "title", l->title, "version",
                      l->version, "aliases", words_json(l->aliases), "extensions", words_json(l->extensions),
                      "file", l->file, "warm", 0, "limits", limits_json(&limits));
        json_array_append_new(list, object);
    }
    return list;
}

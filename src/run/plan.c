/* What a run will execute: command lines, environment, the harness's order. Made once, from request and
 * language, before anything is started. */
#include "run/execute.h"

#include <errno.h>
#include <stdio.h>

/* A growing list of strings, NULL-ended. */
struct list {
    char **items;
    size_t count;
    bool failed;
};

static void list_add(struct list *l, char *taken)
{
    char **more = taken ? realloc(l->items, (l->count + 2) * sizeof *more) : NULL;
    if (!more) {
        free(taken);
        l->failed = true;
        return;
    }
    l->items = more;
    l->items[l->count++] = taken;
    l->items[l->count] = NULL;
}

static char **list_end(struct list *l)
{
    if (!l->items && !l->failed)
        l->items = calloc(1, sizeof *l->items);
    return l->items;
}

/* `word` with each "{file}" replaced. A name that begins with '-' would be read as an option: "./-name". */
static char *put_file(const char *word, const char *file)
{
    static const char mark[] = "{file}";
    char *text = NULL;
    const char *at = strstr(word, mark);
    if (!at)
        return strdup(word);
    const char *dash = at == word && file[0] == '-' ? "./" : "";
    if (asprintf(&text, "%.*s%s%s%s", (int)(at - word), word, dash, file, at + strlen(mark)) < 0)
        return NULL;
    return text;
}

static char **make_argv(char *const *words, const char *file, char *const *args)
{
    struct list l = {0};
    for (size_t i = 0; words[i]; i++) {
        if (strcmp(words[i], "{args}") != 0) {
            list_add(&l, put_file(words[i], file));
            continue;
        }
        for (size_t j = 0; args && args[j]; j++)
            list_add(&l, strdup(args[j]));
    }
    char **argv = list_end(&l);
    if (l.failed) {
        strings_free(argv);
        return NULL;
    }
    return argv;
}

static bool order_add(struct evbuffer *order, const char *key, const char *value)
{
    return evbuffer_add(order, key, strlen(key)) == 0 && evbuffer_add(order, "=", 1) == 0 &&
           evbuffer_add(order, value, strlen(value) + 1) == 0;
}

static struct evbuffer *make_order(const struct run_request *r)
{
    struct evbuffer *order = evbuffer_new();
    bool good = order && order_add(order, "file", r->files[0].name);
    if (good && r->trace)
        good = order_add(order, "trace", "1");
    for (size_t i = 0; good && r->args && r->args[i]; i++)
        good = order_add(order, "arg", r->args[i]);
    for (size_t i = 0; good && r->env && r->env[i]; i++)
        good = order_add(order, "env", r->env[i]);
    for (size_t i = 0; good && r->order && r->order[i]; i++)
        good = evbuffer_add(order, r->order[i], strlen(r->order[i]) + 1) == 0;
    if (good && r->linked) /* an empty field, where the end of the pipe would say that this is all */
        good = evbuffer_add(order, "", 1) == 0;
    if (good)
        return order;
    if (order)
        evbuffer_free(order);
    return NULL;
}

static bool copy_files(struct plan *plan, const struct run_request *r)
{
    plan->files = calloc(r->file_count, sizeof *plan->files);
    for (size_t i = 0; plan->files && i < r->file_count; i++) {
        plan->files[i] = (struct plan_file){strdup(r->files[i].name), r->files[i].offset, r->files[i].size};
        if (!plan->files[i].name)
            return false;
        plan->file_count = i + 1;
    }
    return plan->files;
}

int plan_make(struct plan *plan, const struct language *language, const struct run_request *r)
{
    const char *file = r->files[0].name;
    bool harness = language->harness;
    *plan = (struct plan){0};
    plan->compile = make_argv(language->compile, file, NULL);
    plan->argv = make_argv(language->run, file, harness ? NULL : r->args);
    plan->compile_env = language_environment(language, NULL);
    /* A harness sets the request's variables itself, after the boot. */
    plan->env = language_environment(language, harness ? NULL : r->env);
    plan->order = harness ? make_order(r) : NULL;
    if (copy_files(plan, r) && plan->compile && plan->argv && plan->compile_env && plan->env &&
        (plan->order || !harness))
        return 0;
    plan_free(plan);
    return -ENOMEM;
}

void plan_free(struct plan *plan)
{
    for (size_t i = 0; i < plan->file_count; i++)
        free(plan->files[i].name);
    free(plan->files);
    strings_free(plan->compile);
    strings_free(plan->argv);
    strings_free(plan->compile_env);
    strings_free(plan->env);
    if (plan->order)
        evbuffer_free(plan->order);
    *plan = (struct plan){0};
}

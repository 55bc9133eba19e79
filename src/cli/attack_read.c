/* Reads attack programs and their heads (tests/attacks/FORMAT.md). */
#include "cli/attack.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

/* One program while its head is read. */
struct reading {
    struct attack *attack;
    const char *dir;  /* of all attacks */
    char path[512];   /* WALL/FILE */
    const char *file; /* FILE */
    const struct languages *languages;
    const char *language;
    char *first_name;
    char **with;
    size_t with_count;
    bool cut_head;
    uint64_t pad;
};

static int bad(const struct reading *r, struct error *err, const char *what, const char *value)
{
    return error_set(err, EINVAL, "%s: %s: %s; see FORMAT.md", r->path, what, value);
}

/* Appends a copy of `word` to a NULL-ended list. */
static void push(char ***list, size_t *count, const char *word)
{
    char **more = realloc(*list, (*count + 2) * sizeof *more);
    char *copy = strdup(word);
    if (!more || !copy)
        abort();
    more[*count] = copy;
    more[++*count] = NULL;
    *list = more;
}

static size_t length_of(char **list)
{
    size_t n = 0;
    while (list && list[n])
        n++;
    return n;
}

/* ---- the keys ---- */

static int take_text(struct reading *r, char **to, const char *value, struct error *err)
{
    if (*to)
        return bad(r, err, "a key stands twice", value);
    *to = strdup(value);
    return *to ? 0 : error_set(err, ENOMEM, "%s: %m", r->path);
}

static int take_yes(struct reading *r, bool *to, const char *value, struct error *err)
{
    *to = true;
    return strcmp(value, "yes") ? bad(r, err, "only yes is known", value) : 0;
}

static int take_limits(struct reading *r, const char *value, struct error *err)
{
    char text[512];
    snprintf(text, sizeof text, "%s", value);
    char *rest = text;
    for (char *word; (word = strsep(&rest, " "));) {
        char *sign = strchr(word, '=');
        if (!*word)
            continue;
        if (sign)
            *sign = 0;
        uint64_t *field = sign ? limits_field(&r->attack->request.limits, word) : NULL;
        if (!field || parse_u64(sign + 1, field) < 0)
            return bad(r, err, "no limit", word);
    }
    return 0;
}

static int take_stdin(struct reading *r, const char *value, struct error *err)
{
    struct run_request *request = &r->attack->request;
    request->stdin_data = malloc(strlen(value) + 1);
    if (!request->stdin_data)
        return error_set(err, ENOMEM, "%s: %m", r->path);
    size_t n = 0;
    for (; *value; value++) {
        uint8_t byte = (uint8_t)*value;
        if (byte == '\\' && value[1]) {
            value++;
            byte = *value == 'n' ? '\n' : *value == '0' ? 0 : (uint8_t)*value;
        }
        request->stdin_data[n++] = byte;
    }
    request->stdin_size = n;
    return 0;
}

static int take_stdin_bytes(struct reading *r, const char *value, struct error *err)
{
    struct run_request *request = &r->attack->request;
    uint64_t size;
    if (parse_u64(value, &size) < 0 || size > RUN_STDIN_BYTES_MOST + 1)
        return bad(r, err, "stdin_bytes", value);
    request->stdin_data = malloc(size + 1);
    if (!request->stdin_data)
        return error_set(err, ENOMEM, "%s: %m", r->path);
    memset(request->stdin_data, 'x', size);
    request->stdin_size = size;
    return 0;
}

static int take_expect_word(struct reading *r, struct attack_expect *e, const char *word, struct error *err)
{
    const char *value = strchr(word, '=');
    size_t length = value ? (size_t)(value++ - word) : 0;
    const struct {
        const char *name;
        char *to;
        size_t room;
    } texts[] = {{"status", e->status, sizeof e->status},
                 {"signal", e->signal, sizeof e->signal},
                 {"truncated", e->truncated, sizeof e->truncated}};
    for (size_t i = 0; i < array_length(texts); i++)
        if (length == strlen(texts[i].name) && !strncmp(word, texts[i].name, length)) {
            snprintf(texts[i].to, texts[i].room, "%s", value);
            return 0;
        }
    uint64_t number;
    if (length == 4 && !strncmp(word, "exit", 4) && parse_u64(value, &number) == 0) {
        e->exit_code = (long)number;
        return 0;
    }
    e->no_values |= !strcmp(word, "values=0");
    e->no_value |= !strcmp(word, "value=null");
    e->no_diagnostics |= !strcmp(word, "diagnostics=0");
    if (!strcmp(word, "values=0") || !strcmp(word, "value=null") || !strcmp(word, "diagnostics=0"))
        return 0;
    return bad(r, err, "expect", word);
}

/* "status=ok exit=0 stdout=the rest of the line" */
static int take_expect(struct reading *r, const char *value, struct error *err)
{
    struct attack *a = r->attack;
    if (a->expect_count == ATTACK_EXPECTS_MOST)
        return bad(r, err, "too many lines", "expect");
    struct attack_expect *e = &a->expects[a->expect_count++];
    *e = (struct attack_expect){.exit_code = -1};
    while (*value) {
        if (!strncmp(value, "stdout=", 7) || !strncmp(value, "stderr=", 7)) {
            int code = take_text(r, value[3] == 'o' ? &e->out : &e->err, value + 7, err);
            if (code < 0)
                return code;
            break;
        }
        char word[128];
        size_t length = strcspn(value, " ");
        snprintf(word, sizeof word, "%.*s", (int)length, value);
        value += length + strspn(value + length, " ");
        int code = take_expect_word(r, e, word, err);
        if (code < 0)
            return code;
    }
    return *e->status ? 0 : bad(r, err, "expect has no", "status");
}

static int take_differ(struct reading *r, const char *value, struct error *err)
{
    if (r->attack->differ_count == ATTACK_DIFFERS_MOST)
        return bad(r, err, "too many lines", "differ");
    return take_text(r, &r->attack->differs[r->attack->differ_count++], value, err);
}

static int take_attack(struct reading *r, const char *value, struct error *err)
{
    return take_text(r, &r->attack->about, value, err);
}

static int take_language(struct reading *r, const char *value, struct error *err)
{
    const struct language *language = languages_find(r->languages, value);
    r->language = language ? language->name : NULL;
    return language ? 0 : bad(r, err, "no such language", value);
}

static int take_arg(struct reading *r, const char *value, struct error *err)
{
    (void)err;
    size_t count = length_of(r->attack->request.args);
    push(&r->attack->request.args, &count, value);
    return 0;
}

static int take_env(struct reading *r, const char *value, struct error *err)
{
    (void)err;
    size_t count = length_of(r->attack->request.env);
    push(&r->attack->request.env, &count, value);
    return 0;
}

static int take_with(struct reading *r, const char *value, struct error *err)
{
    (void)err;
    push(&r->with, &r->with_count, value);
    return 0;
}

static int take_trace(struct reading *r, const char *value, struct error *err)
{
    return take_yes(r, &r->attack->request.trace, value, err);
}

static int take_name(struct reading *r, const char *value, struct error *err)
{
    return take_text(r, &r->first_name, value, err);
}

static int take_cut(struct reading *r, const char *value, struct error *err)
{
    r->cut_head = true;
    return strcmp(value, "head") != 0 ? bad(r, err, "only head is known", value) : 0;
}

static int take_pad(struct reading *r, const char *value, struct error *err)
{
    return parse_u64(value, &r->pad) < 0 || r->pad > ATTACK_SIZE_MOST ? bad(r, err, "pad", value) : 0;
}

static int take_pair(struct reading *r, const char *value, struct error *err)
{
    return take_text(r, &r->attack->pair, value, err);
}

static int take_order(struct reading *r, const char *value, struct error *err)
{
    r->attack->after = !strcmp(value, "after");
    return !r->attack->after && strcmp(value, "together") != 0 ? bad(r, err, "order", value) : 0;
}

static int take_needs(struct reading *r, const char *value, struct error *err)
{
    return take_text(r, &r->attack->needs, value, err);
}

static int take_slow(struct reading *r, const char *value, struct error *err)
{
    return take_yes(r, &r->attack->slow, value, err);
}

static const struct {
    const char *key;
    int (*take)(struct reading *r, const char *value, struct error *err); /* NULL: for others, not for us */
} keys[] = {
    {"attack", take_attack}, {"expect", take_expect}, {"language", take_language},
    {"limits", take_limits}, {"stdin", take_stdin},   {"stdin_bytes", take_stdin_bytes},
    {"arg", take_arg},       {"env", take_env},       {"with", take_with},
    {"trace", take_trace},   {"name", take_name},     {"cut", take_cut},
    {"pad", take_pad},       {"pair", take_pair},     {"order", take_order},
    {"differ", take_differ}, {"needs", take_needs},   {"slow", take_slow},
    {"host", NULL},
};

static int take_key(struct reading *r, const char *key, const char *value, struct error *err)
{
    for (size_t i = 0; i < array_length(keys); i++)
        if (!strcmp(keys[i].key, key))
            return keys[i].take ? keys[i].take(r, value, err) : 0;
    return bad(r, err, "unknown key", key);
}

/* ---- the head ---- */

/* The text behind a line's comment mark, or NULL when the line is no comment. */
static char *behind_mark(char *line)
{
    char mark = *line;
    if (mark == '/' && line[1] != '/')
        return NULL;
    if (mark != '/' && mark != '#' && mark != '%')
        return NULL;
    char *at = line + strspn(line, (char[]){mark, 0});
    /* In C "#include" is no comment; "#!" and "# -*-" are. */
    if (mark == '#' && *at && !isblank((unsigned char)*at) && *at != '!')
        return NULL;
    return at + strspn(at, " \t");
}

/* Reads the head of `text`; *end gets where it ends. */
static int read_head(struct reading *r, char *text, size_t size, size_t *end, struct error *err)
{
    size_t at = 0;
    while (at < size) {
        char *newline = memchr(text + at, '\n', size - at);
        size_t length = newline ? (size_t)(newline - text) - at : size - at;
        char line[2048];
        snprintf(line, sizeof line, "%.*s", (int)length, text + at);
        char *word = behind_mark(line);
        if (!word)
            break;
        at += length + (newline != NULL);
        size_t key = strspn(word, "abcdefghijklmnopqrstuvwxyz_");
        if (key == 0 || word[key] != ':' || (word[key + 1] && !isblank((unsigned char)word[key + 1])))
            continue;
        word[key] = 0;
        char *value = word + key + 1 + strspn(word + key + 1, " \t");
        for (size_t n = strlen(value); n > 0 && isspace((unsigned char)value[n - 1]); n--)
            value[n - 1] = 0;
        int code = take_key(r, word, value, err);
        if (code < 0)
            return code;
    }
    if (r->cut_head && at < size && text[at] == '\n')
        at++;
    *end = at;
    return 0;
}

/* ---- one program ---- */

static int add_file(struct run_request *request, const char *name, const char *data, size_t size)
{
    struct run_file *more = realloc(request->files, (request->file_count + 1) * sizeof *more);
    if (!more)
        return -ENOMEM;
    request->files = more;
    more[request->file_count] =
        (struct run_file){.name = strdup(name), .data = malloc(size + 1), .size = size};
    if (!more[request->file_count].name || !more[request->file_count].data)
        return -ENOMEM;
    memcpy(more[request->file_count++].data, data, size);
    return 0;
}

static int add_files(struct reading *r, const char *text, size_t size, struct error *err)
{
    struct run_request *request = &r->attack->request;
    size_t padded = r->pad > size ? r->pad : size;
    cleanup_free char *source = malloc(padded + 1);
    if (!source)
        return error_set(err, ENOMEM, "%s: %m", r->path);
    memcpy(source, text, size);
    memset(source + size, '\n', padded - size);
    int code = add_file(request, r->first_name ? r->first_name : r->file, source, padded);
    for (size_t i = 0; code == 0 && i < r->with_count; i++) {
        char path[1024];
        cleanup_free char *data = NULL;
        size_t length;
        snprintf(path, sizeof path, "%s/%s", r->dir, r->with[i]);
        code = read_file_at(AT_FDCWD, path, ATTACK_SIZE_MOST, &data, &length, err);
        const char *slash = strrchr(r->with[i], '/');
        if (code == 0)
            code = add_file(request, slash ? slash + 1 : r->with[i], data, length);
    }
    return code;
}

static int read_program(struct reading *r, struct error *err)
{
    struct run_request *request = &r->attack->request;
    char path[1024];
    cleanup_free char *text = NULL;
    size_t size, head = 0;
    snprintf(path, sizeof path, "%s/%s", r->dir, r->path);
    request->limits = limits_unset();
    int code = read_file_at(AT_FDCWD, path, ATTACK_SIZE_MOST, &text, &size, err);
    if (code == 0)
        code = read_head(r, text, size, &head, err);
    if (code < 0)
        return code;
    if (!r->attack->about || r->attack->expect_count == 0)
        return bad(r, err, "it has no", r->attack->about ? "expect" : "attack");
    const struct language *by_name = languages_by_file(r->languages, r->file);
    if (!r->language && !by_name)
        return bad(r, err, "its name tells no language", r->file);
    request->language = strdup(r->language ? r->language : by_name->name);
    if (!request->args)
        request->args = calloc(1, sizeof *request->args);
    if (!request->env)
        request->env = calloc(1, sizeof *request->env);
    if (!request->language || !request->args || !request->env)
        return error_set(err, ENOMEM, "%s: %m", r->path);
    size_t skip = r->cut_head ? head : 0;
    return add_files(r, text + skip, size - skip, err);
}

/* ---- all programs ---- */

static int is_program(const struct dirent *entry)
{
    return entry->d_name[0] != '.' && strchr(entry->d_name, '.') != NULL;
}

static int is_wall(const struct dirent *entry)
{
    return entry->d_name[0] != '.' && !strchr(entry->d_name, '.') && strcmp(entry->d_name, "Makefile");
}

static void free_names(struct dirent **names, int count)
{
    for (int i = 0; i < count; i++)
        free(names[i]);
    free(names);
}

static int add_program(struct attack_list *list, const char *dir, const char *wall, const char *file,
                       const struct languages *languages, struct error *err)
{
    struct attack *more = realloc(list->items, (list->count + 1) * sizeof *more);
    if (!more)
        return error_set(err, ENOMEM, "%s/%s: %m", wall, file);
    list->items = more;
    struct attack *attack = &more[list->count++];
    *attack = (struct attack){0};
    if (snprintf(attack->name, sizeof attack->name, "%s/%s", wall, file) >= (int)sizeof attack->name)
        return error_set(err, ENAMETOOLONG, "%s/%s: %m", wall, file);
    struct reading r = {.attack = attack, .dir = dir, .file = file, .languages = languages};
    snprintf(r.path, sizeof r.path, "%s/%s", wall, file);
    int code = read_program(&r, err);
    for (size_t i = 0; i < r.with_count; i++)
        free(r.with[i]);
    free(r.with);
    free(r.first_name);
    return code;
}

static int add_wall(struct attack_list *list, const char *dir, const char *wall,
                    const struct languages *languages, struct error *err)
{
    char path[1024];
    struct stat st;
    snprintf(path, sizeof path, "%s/%s", dir, wall);
    if (stat(path, &st) < 0 || !S_ISDIR(st.st_mode))
        return 0;
    struct dirent **names;
    int count = scandir(path, &names, is_program, alphasort), code = 0;
    if (count < 0)
        return error_set(err, errno, "read %s: %m", path);
    for (int i = 0; code == 0 && i < count; i++)
        code = add_program(list, dir, wall, names[i]->d_name, languages, err);
    free_names(names, count);
    return code;
}

/* The programs of a pair stand behind each other, in the order of their names. */
static void gather_pairs(struct attack_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct attack *a = &list->items[i];
        size_t wall = strcspn(a->name, "/"), to = i + 1;
        for (size_t k = i + 1; a->pair && k < list->count; k++) {
            struct attack *b = &list->items[k];
            if (!b->pair || strcmp(a->pair, b->pair) || strncmp(a->name, b->name, wall + 1))
                continue;
            struct attack moved = *b;
            memmove(&list->items[to + 1], &list->items[to], (k - to) * sizeof moved);
            list->items[to++] = moved;
        }
        i = to - 1;
    }
}

int attack_list_read(struct attack_list *list, const char *dir, const struct languages *languages,
                     struct error *err)
{
    struct dirent **walls;
    int count = scandir(dir, &walls, is_wall, alphasort), code = 0;
    if (count < 0)
        return error_set(err, errno, "read %s: %m", dir);
    for (int i = 0; code == 0 && i < count; i++)
        code = add_wall(list, dir, walls[i]->d_name, languages, err);
    free_names(walls, count);
    if (code == 0)
        gather_pairs(list);
    return code;
}

void attack_list_free(struct attack_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        struct attack *a = &list->items[i];
        free(a->about);
        free(a->pair);
        free(a->needs);
        for (size_t k = 0; k < a->expect_count; k++) {
            free(a->expects[k].out);
            free(a->expects[k].err);
        }
        for (size_t k = 0; k < a->differ_count; k++)
            free(a->differs[k]);
        run_request_free(&a->request);
    }
    free(list->items);
    *list = (struct attack_list){0};
}

/* The request: its checks, and the packed form that crosses from the frontend to the executor. Both sides run
 * the same checks: the frontend to tell its client what is wrong, the executor because it trusts nobody. */
#include "run/run.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

enum { LANGUAGE_NAME_MOST = 64 };

/* Where a check writes what it found. */
struct finding {
    char *pointer; /* 256 bytes */
    struct error *err;
};

static void point(struct finding *f, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void point(struct finding *f, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(f->pointer, 256, format, args);
    va_end(args);
}

/* ---- names of files ---- */

static bool is_control(const unsigned char *at)
{
    /* C0, DEL and, in UTF-8, C1. */
    return *at < ' ' || *at == 127 || (*at == 0xc2 && at[1] >= 0x80 && at[1] < 0xa0);
}

/* What is wrong with the name, or NULL. */
static const char *name_fault(const char *name)
{
    size_t n = strlen(name);
    if (n == 0)
        return "is empty";
    if (n > RUN_FILE_NAME_MOST)
        return "is longer than 255 bytes";
    if (!utf8_valid(name, n))
        return "is not UTF-8";
    for (size_t i = 0; i < n; i++)
        if (is_control((const unsigned char *)name + i))
            return "holds a control character";
    if (name[0] == '/')
        return "is absolute; write a relative path";
    if (name[n - 1] == '/')
        return "ends with a slash";
    for (const char *part = name; part; part = strchr(part, '/') ? strchr(part, '/') + 1 : NULL) {
        size_t length = strcspn(part, "/");
        if (length == 0)
            return "holds two slashes in a row";
        if (length == 1 && part[0] == '.')
            return "holds the component '.'";
        if (length == 2 && part[0] == '.' && part[1] == '.')
            return "holds the component '..'";
    }
    return NULL;
}

/* True when `file`, taken as a folder, holds `other`, or when both are the same. */
static bool names_clash(const char *file, const char *other)
{
    size_t n = strlen(file);
    return !strncmp(file, other, n) && (other[n] == 0 || other[n] == '/');
}

static int check_file_names(const struct run_request *r, struct finding *f)
{
    for (size_t i = 0; i < r->file_count; i++) {
        point(f, "/files/%zu/name", i);
        const char *fault = name_fault(r->files[i].name);
        if (fault)
            return error_set(f->err, EINVAL, "the file's name %s", fault);
        for (size_t j = 0; j < i; j++) {
            if (!strcmp(r->files[i].name, r->files[j].name))
                return error_set(f->err, EEXIST, "two files have the name %s", r->files[i].name);
            if (names_clash(r->files[i].name, r->files[j].name) ||
                names_clash(r->files[j].name, r->files[i].name))
                return error_set(f->err, EEXIST, "%s and %s: one name cannot be a file and a folder",
                                 r->files[j].name, r->files[i].name);
        }
    }
    return 0;
}

static int check_files(const struct run_request *r, struct finding *f)
{
    point(f, "/files");
    if (r->file_count == 0)
        return error_set(f->err, EINVAL, "there is no file; the first one is what runs");
    if (r->file_count > RUN_FILES_MOST)
        return error_set(f->err, E2BIG, "more than %d files", RUN_FILES_MOST);
    uint64_t bytes = 0;
    for (size_t i = 0; i < r->file_count; i++) {
        if (r->files[i].size > RUN_FILES_BYTES_MOST || (bytes += r->files[i].size) > RUN_FILES_BYTES_MOST) {
            point(f, "/files/%zu/content", i);
            return error_set(f->err, E2BIG, "the files have more than %d bytes together",
                             RUN_FILES_BYTES_MOST);
        }
    }
    return check_file_names(r, f);
}

/* ---- arguments and environment ---- */

static int check_list_size(char *const *list, size_t most, const char *name, struct finding *f)
{
    point(f, "/%s", name);
    size_t n = strings_count(list), bytes = 0;
    if (n > most)
        return error_set(f->err, E2BIG, "more than %zu entries", most);
    for (size_t i = 0; i < n; i++)
        bytes += strlen(list[i]) + 1;
    if (bytes > RUN_ARGS_BYTES_MOST)
        return error_set(f->err, E2BIG, "more than %d bytes together", RUN_ARGS_BYTES_MOST);
    return 0;
}

/* Length of the name before '=', or 0 when it is none. */
static size_t env_name_length(const char *entry)
{
    if (!isalpha((unsigned char)entry[0]) && entry[0] != '_')
        return 0;
    size_t n = 1;
    while (isalnum((unsigned char)entry[n]) || entry[n] == '_')
        n++;
    return entry[n] == '=' ? n : 0;
}

/* RFC 6901: '~' and '/' of a name are escaped in a pointer. */
static void point_env(struct finding *f, const char *entry)
{
    char escaped[200];
    size_t n = 0;
    for (const char *at = entry; *at && *at != '=' && n < sizeof escaped - 3; at++) {
        if (*at == '~' || *at == '/') {
            escaped[n++] = '~';
            escaped[n++] = *at == '~' ? '0' : '1';
        } else {
            escaped[n++] = *at;
        }
    }
    while (n > 0 && !utf8_valid(escaped, n)) /* cut in the middle of a character */
        n--;
    escaped[n] = 0;
    point(f, "/env/%s", escaped);
}

static int check_env(const struct run_request *r, struct finding *f)
{
    int e = check_list_size(r->env, RUN_ENV_MOST, "env", f);
    if (e < 0)
        return e;
    for (size_t i = 0; r->env && r->env[i]; i++) {
        if (env_name_length(r->env[i]) == 0) {
            point_env(f, r->env[i]);
            return error_set(f->err, EINVAL,
                             "the variable's name must be letters, digits and '_', and begin with no digit");
        }
    }
    return 0;
}

/* Ours, not the client's: but the executor trusts nobody. */
static int check_order(const struct run_request *r, struct finding *f)
{
    int e = check_list_size(r->order, RUN_ORDER_MOST, "order", f);
    for (size_t i = 0; e == 0 && r->order && r->order[i]; i++) {
        size_t n = strspn(r->order[i], "abcdefghijklmnopqrstuvwxyz");
        if (n == 0 || r->order[i][n] != '=')
            return error_set(f->err, EINVAL, "a field of the order is not KEY=value");
    }
    if (e == 0 && r->linked && r->interactive)
        return error_set(f->err, EINVAL, "a linked run cannot be interactive");
    return e;
}

static int check_language(const struct run_request *r, struct finding *f)
{
    point(f, "/language");
    const char *name = r->language ? r->language : "";
    size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789+-");
    if (n == 0 || n > LANGUAGE_NAME_MOST || name[n] || !islower((unsigned char)name[0]))
        return error_set(f->err, EINVAL, "this is not a language's name");
    return 0;
}

int run_request_check(const struct run_request *r, char pointer[static 256], struct error *err)
{
    struct finding f = {pointer, err};
    int e = check_language(r, &f);
    if (e == 0)
        e = check_files(r, &f);
    if (e == 0)
        e = check_list_size(r->args, RUN_ARGS_MOST, "args", &f);
    if (e == 0)
        e = check_env(r, &f);
    if (e == 0)
        e = check_order(r, &f);
    if (e < 0)
        return e;
    point(&f, "/stdin");
    if (r->stdin_size > RUN_STDIN_BYTES_MOST)
        return error_set(err, E2BIG, "more than %d bytes of standard input", RUN_STDIN_BYTES_MOST);
    pointer[0] = 0;
    return 0;
}

/* ---- memory ---- */

void run_request_free(struct run_request *r)
{
    free(r->language);
    for (size_t i = 0; i < r->file_count; i++) {
        free(r->files[i].name);
        free(r->files[i].data);
    }
    free(r->files);
    free(r->stdin_data);
    strings_free(r->args);
    strings_free(r->env);
    strings_free(r->order);
    *r = (struct run_request){0};
}

/* ---- packed form ---- */

enum request_flag { FLAG_TRACE = 1, FLAG_INTERACTIVE = 2, FLAG_LINKED = 4 };

static void pack_list(struct packer *p, char *const *list)
{
    size_t n = strings_count(list);
    pack_u32(p, (uint32_t)n);
    for (size_t i = 0; i < n; i++)
        pack_string(p, list[i]);
}

void run_request_pack(struct packer *p, const struct run_request *r)
{
    pack_u8(p, (uint8_t)((r->trace ? FLAG_TRACE : 0) | (r->interactive ? FLAG_INTERACTIVE : 0) |
                         (r->linked ? FLAG_LINKED : 0)));
    pack_string(p, r->language);
#define X(name, standard, least, ceiling) pack_u64(p, r->limits.name);
    RUN_LIMITS(X)
#undef X
    pack_list(p, r->args);
    pack_list(p, r->env);
    pack_list(p, r->order);
    pack_bytes(p, r->stdin_data, r->stdin_size);
    pack_u32(p, (uint32_t)r->file_count);
    for (size_t i = 0; i < r->file_count; i++) {
        pack_string(p, r->files[i].name);
        pack_bytes(p, r->files[i].data, r->files[i].size);
    }
}

static char **unpack_list(struct unpacker *u, size_t most)
{
    size_t n = unpack_u32(u);
    if (u->failed || n > most) {
        u->failed = true;
        return NULL;
    }
    char **list = calloc(n + 1, sizeof *list);
    for (size_t i = 0; list && i < n; i++) {
        list[i] = unpack_string(u, RUN_ARGS_BYTES_MOST);
        if (!list[i])
            break;
    }
    if (!list)
        u->failed = true;
    return list;
}

static uint8_t *unpack_copy(struct unpacker *u, size_t most, size_t *size, uint64_t *offset)
{
    size_t n;
    const uint8_t *at = unpack_bytes(u, &n);
    uint8_t *copy = u->failed || n > most ? NULL : malloc(n + 1);
    if (!copy) {
        u->failed = true;
        return NULL;
    }
    memcpy(copy, at, n);
    copy[n] = 0;
    *size = n;
    *offset = u->at - n;
    return copy;
}

static void unpack_files(struct unpacker *u, struct run_request *r)
{
    size_t n = unpack_u32(u);
    if (u->failed || n > RUN_FILES_MOST) {
        u->failed = true;
        return;
    }
    r->files = calloc(n + 1, sizeof *r->files);
    if (!r->files) {
        u->failed = true;
        return;
    }
    for (size_t i = 0; i < n && !u->failed; i++) {
        struct run_file *file = &r->files[i];
        r->file_count = i + 1;
        file->name = unpack_string(u, RUN_FILE_NAME_MOST);
        file->data = unpack_copy(u, RUN_FILES_BYTES_MOST, &file->size, &file->offset);
    }
}

int run_request_unpack(struct run_request *r, const void *data, size_t size, struct error *err)
{
    struct unpacker u = {.data = data, .size = size};
    uint64_t ignored;
    char pointer[256];
    *r = (struct run_request){0};
    uint8_t flags = unpack_u8(&u);
    r->trace = flags & FLAG_TRACE;
    r->interactive = flags & FLAG_INTERACTIVE;
    r->linked = flags & FLAG_LINKED;
    r->language = unpack_string(&u, LANGUAGE_NAME_MOST);
#define X(name, standard, least, ceiling) r->limits.name = unpack_u64(&u);
    RUN_LIMITS(X)
#undef X
    r->args = unpack_list(&u, RUN_ARGS_MOST);
    r->env = unpack_list(&u, RUN_ENV_MOST);
    r->order = unpack_list(&u, RUN_ORDER_MOST);
    r->stdin_data = unpack_copy(&u, RUN_STDIN_BYTES_MOST, &r->stdin_size, &ignored);
    unpack_files(&u, r);
    int e = 0;
    if (!unpack_done(&u) || flags & ~(FLAG_TRACE | FLAG_INTERACTIVE | FLAG_LINKED))
        e = error_set(err, EBADMSG, "unpack a request: malformed");
    else if ((e = run_request_check(r, pointer, err)) < 0)
        e = error_context(err, "unpack a request: %.100s", pointer);
    if (e < 0)
        run_request_free(r);
    return e;
}

void run_request_shift(struct run_request *r, uint64_t bytes)
{
    for (size_t i = 0; i < r->file_count; i++)
        r->files[i].offset += bytes;
}

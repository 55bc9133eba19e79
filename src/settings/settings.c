#include "settings/settings.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>

/* The table. Standard values are written as an operator would write them and go the same way. A number's unit
 * is in its name: _ms, _s, bytes; else it is a count. */
enum kind { TEXT, NUMBER, BOOLEAN };

struct setting {
    const char *name;
    enum kind kind;
    size_t at;
    const char *standard;
    uint64_t least, most;
    const char *help;
};

enum { TEXT_MOST = 4096 };

#define ROW(name, kind, standard, least, most, help)                                                         \
    {                                                                                                        \
#name, kind, offsetof(struct settings, name), standard, least, most, help                            \
    }

static const struct setting table[] = {
    ROW(listen, TEXT, "127.0.0.1:4080", 0, 0,
        "addresses to listen on, with commas: HOST:PORT, [IPV6]:PORT or unix:/path; beyond loopback an API "
        "key is "
        "needed"),
    ROW(socket, TEXT, "/run/phial/phial.sock", 0, 0, "Unix socket for the command line; empty for none"),
    ROW(user, TEXT, "phial", 0, 0, "the user that the frontend becomes"),
    ROW(group, TEXT, "phial", 0, 0, "the group that may use the socket"),
    ROW(languages_dir, TEXT, PHIAL_DATADIR "/languages", 0, 0, "folder with one folder for each language"),
    ROW(images_dir, TEXT, "/var/lib/phial/images", 0, 0, "folder with the built images"),
    ROW(state_dir, TEXT, "/var/lib/phial", 0, 0, "folder for the keys"),
    ROW(run_dir, TEXT, "/run/phial", 0, 0, "folder for locks"),
    ROW(audit_log, TEXT, "", 0, 0, "file with one line for each run; empty for standard error"),
    ROW(host_names, TEXT, "", 0, 0,
        "names in the Host header that are this server, besides localhost and the "
        "addresses it listens on, with commas"),
    ROW(cors_origins, TEXT, "", 0, 0, "origins whose pages may call the API, with commas; empty for none"),
    ROW(web_dir, TEXT, "", 0, 0,
        "folder with the pages' style sheet and scripts; empty: the folder 'web' beside languages_dir"),
    ROW(course_dirs, TEXT, "", 0, 0,
        "folders of courses to show, or of several courses each, with commas; empty: the folder 'courses' "
        "beside languages_dir"),
    ROW(preview, BOOLEAN, "false", 0, 0,
        "pages load themselves again when the server has started anew, as 'phial course preview' does after "
        "a "
        "change"),
    ROW(public_site, BOOLEAN, "false", 0, 0,
        "people on other machines may read the site and run programs from its pages without a key"),
    ROW(store, TEXT, "site/site.db", 0, 0,
        "the site's database, FOLDER/FILE below state_dir or an absolute path; its folder is the frontend's "
        "own"),
    ROW(teachers, TEXT, "", 0, 0,
        "names of users who may see everybody's figures, with commas; they sign up before they are named "
        "here"),
    ROW(live_ms, NUMBER, "20s", 0, 3600000,
        "CPU time in a minute for the runs of one learner's code as it is typed; 0 for none"),
    ROW(running_most, NUMBER, "0", 0, 60000, "runs at once; 0 for four on each CPU"),
    ROW(queue_most, NUMBER, "256", 0, 1000000, "runs that wait, of all clients together"),
    ROW(client_running_most, NUMBER, "8", 1, 60000, "runs at once of one client"),
    ROW(client_queue_most, NUMBER, "64", 0, 1000000, "runs of one client that wait"),
    ROW(requests_per_minute, NUMBER, "0", 0, 10000000,
        "calls in a minute of one key or address; 0 for no bound"),
    ROW(request_bytes_most, NUMBER, "24MiB", 1024, 1 << 28, "size of one request's body"),
    ROW(connections_most, NUMBER, "1024", 1, 1000000, "open connections"),
    ROW(keep_answers_s, NUMBER, "10min", 0, 86400, "how long the answer of a run can be asked for"),
    ROW(keep_answers_bytes, NUMBER, "256MiB", 0, UINT64_C(1) << 40, "memory for those answers"),
    ROW(drain_s, NUMBER, "75", 0, 3600, "how long stop and reload wait for running programs"),
    ROW(cpu_percent, NUMBER, "100", 1, 6400, "CPU bandwidth of one run; 100 is one CPU"),
    ROW(templates, BOOLEAN, "true", 0, 0,
        "start runs from warm templates where the language has one; false: every run boots its runtime"),
    ROW(template_clones, NUMBER, "10000", 1, UINT64_C(1) << 40,
        "a template is replaced by a fresh one after so many clones"),
    ROW(template_age_ms, NUMBER, "30min", 1000, UINT64_C(86400000) * 365,
        "and at this age; a new one has a new address layout"),
    ROW(pool_bytes, NUMBER, "256MiB", 0, UINT64_C(1) << 40,
        "memory of all clones together that are made ahead of need; 0 for none"),
    ROW(uid_base, NUMBER, "1879048192", 65536, UINT64_C(4290772992),
        "first of the 4,194,304 user ids for sandboxes; nothing else on the host may use them"),
    ROW(allow_missing_landlock, BOOLEAN, "true", 0, 0, "run on kernels without Landlock"),
    ROW(allow_missing_core_scheduling, BOOLEAN, "true", 0, 0, "run on kernels without core scheduling"),
/* The ceiling may be raised to 64 times the house's. */
#define X(name, standard, least, highest)                                                                    \
    {"limit_" #name,                                                                                         \
     NUMBER,                                                                                                 \
     offsetof(struct settings, ceiling.name),                                                                \
     #highest,                                                                                               \
     least,                                                                                                  \
     UINT64_C(highest) * 64,                                                                                 \
     "the most that a run may ask for as " #name},
    RUN_LIMITS(X)
#undef X
};

/* ---- one value ---- */

static bool name_has(const struct setting *row, const char *part)
{
    return strstr(row->name, part) != NULL;
}

static int parse_number(const struct setting *row, const char *text, uint64_t *value)
{
    int r = parse_u64(text, value);
    if (r == 0 || r == -ERANGE)
        return r;
    if (name_has(row, "bytes"))
        return parse_size(text, value);
    size_t n = strlen(row->name);
    if (!strcmp(row->name + n - 3, "_ms"))
        return parse_duration_ms(text, value);
    if (strcmp(row->name + n - 2, "_s") != 0)
        return r;
    r = parse_duration_ms(text, value);
    if (r == 0 && *value % 1000 != 0)
        return -EINVAL;
    *value /= 1000;
    return r;
}

static const char *unit_help(const struct setting *row)
{
    size_t n = strlen(row->name);
    if (name_has(row, "bytes"))
        return "a number of bytes such as 65536, 64KiB or 1GiB";
    if (!strcmp(row->name + n - 3, "_ms"))
        return "a time such as 500 (milliseconds), 500ms, 2s or 1min";
    if (!strcmp(row->name + n - 2, "_s"))
        return "a time such as 30 (seconds), 30s or 2min";
    return "a number";
}

static int set_number(struct settings *s, const struct setting *row, const char *text, struct error *err)
{
    uint64_t value;
    int r = parse_number(row, text, &value);
    if (r == -EINVAL)
        return error_set(err, EINVAL, "%s: '%.100s' is not %s", row->name, text, unit_help(row));
    if (r < 0 || value < row->least || value > row->most)
        return error_set(err, ERANGE, "%s: %.100s is out of bounds: write a number from %llu to %llu",
                         row->name, text, (unsigned long long)row->least, (unsigned long long)row->most);
    memcpy((char *)s + row->at, &value, sizeof value);
    return 0;
}

static int set_boolean(struct settings *s, const struct setting *row, const char *text, struct error *err)
{
    bool yes = !strcmp(text, "true") || !strcmp(text, "yes") || !strcmp(text, "on");
    if (!yes && strcmp(text, "false") != 0 && strcmp(text, "no") != 0 && strcmp(text, "off") != 0)
        return error_set(err, EINVAL, "%s: '%.100s' is neither true nor false", row->name, text);
    memcpy((char *)s + row->at, &yes, sizeof yes);
    return 0;
}

static int set_text(struct settings *s, const struct setting *row, const char *text, struct error *err)
{
    size_t n = strlen(text);
    if (n > TEXT_MOST)
        return error_set(err, E2BIG, "%s: longer than %d bytes", row->name, TEXT_MOST);
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)text[i] < ' ' || text[i] == 127)
            return error_set(err, EINVAL, "%s: holds a control character", row->name);
    if (!utf8_valid(text, n))
        return error_set(err, EILSEQ, "%s: is not UTF-8", row->name);
    char *copy = strdup(text);
    if (!copy)
        return error_set(err, ENOMEM, "%s: %m", row->name);
    char **place = (char **)((char *)s + row->at);
    free(*place);
    *place = copy;
    return 0;
}

static int set(struct settings *s, const struct setting *row, const char *text, struct error *err)
{
    switch (row->kind) {
    case TEXT:
        return set_text(s, row, text, err);
    case NUMBER:
        return set_number(s, row, text, err);
    case BOOLEAN:
        return set_boolean(s, row, text, err);
    }
    return -EINVAL;
}

/* ---- names ---- */

/* Edit distance (Levenshtein), for "did you mean". */
static size_t distance(const char *a, const char *b)
{
    enum { MOST = 64 };
    size_t n = strlen(b), row[MOST + 1];
    if (n > MOST)
        return SIZE_MAX;
    for (size_t j = 0; j <= n; j++)
        row[j] = j;
    for (size_t i = 1; a[i - 1]; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= n; j++) {
            size_t best = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            if (row[j] + 1 < best)
                best = row[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            row[j] = best;
        }
    }
    return row[n];
}

static const struct setting *find(const char *name, struct error *err)
{
    const struct setting *near = table;
    size_t least = SIZE_MAX;
    for (size_t i = 0; i < array_length(table); i++) {
        size_t d = distance(name, table[i].name);
        if (d == 0)
            return &table[i];
        if (strlen(name) >= 4 && strstr(table[i].name, name)) /* part of a name is nearer than any slip */
            d = 1;
        if (d < least) {
            least = d;
            near = &table[i];
        }
    }
    if (least <= strlen(name) / 2)
        error_set(err, ENOENT, "%.100s: there is no such setting; did you mean %s?", name, near->name);
    else
        error_set(err, ENOENT, "%.100s: there is no such setting; `phial serve --help` lists them", name);
    return NULL;
}

int settings_set(struct settings *s, const char *assignment, struct error *err)
{
    const char *equals = strchr(assignment, '=');
    if (!equals)
        return error_set(err, EINVAL, "'%.100s': write NAME=VALUE", assignment);
    cleanup_free char *name = strndup(assignment, (size_t)(equals - assignment));
    if (!name)
        return error_set(err, ENOMEM, "set '%.100s': %m", assignment);
    const struct setting *row = find(name, err);
    return row ? set(s, row, equals + 1, err) : -ENOENT;
}

/* ---- the whole ---- */

int settings_init(struct settings *s)
{
    struct error err;
    *s = (struct settings){0};
    for (size_t i = 0; i < array_length(table); i++) {
        int r = set(s, &table[i], table[i].standard, &err);
        if (r < 0) {
            settings_free(s);
            return r;
        }
    }
    return 0;
}

void settings_free(struct settings *s)
{
    for (size_t i = 0; i < array_length(table); i++)
        if (table[i].kind == TEXT)
            free(*(char **)((char *)s + table[i].at));
    *s = (struct settings){0};
}

int settings_store_folder(const struct settings *s, char folder[static SETTINGS_PATH_SIZE], const char **file,
                          struct error *err)
{
    const char *slash = strrchr(s->store, '/');
    if (!slash || slash == s->store || !slash[1])
        return error_set(err, EINVAL,
                         "store: '%s' is not FOLDER/FILE: the database needs a folder of its own", s->store);
    bool absolute = *s->store == '/';
    int n = snprintf(folder, SETTINGS_PATH_SIZE, "%s%s%.*s", absolute ? "" : s->state_dir,
                     absolute ? "" : "/", (int)(slash - s->store), s->store);
    *file = slash + 1;
    return n < SETTINGS_PATH_SIZE ? 0 : error_set(err, ENAMETOOLONG, "store: %m");
}

void settings_help(FILE *out, enum settings_help_form form)
{
    if (form == SETTINGS_HELP_MARKDOWN)
        fputs("| setting | standard | bounds | meaning |\n|---|---|---|---|\n", out);
    for (size_t i = 0; i < array_length(table); i++) {
        const struct setting *row = &table[i];
        char bounds[64] = "";
        if (row->kind == NUMBER)
            snprintf(bounds, sizeof bounds, "%llu to %llu", (unsigned long long)row->least,
                     (unsigned long long)row->most);
        else if (row->kind == BOOLEAN)
            snprintf(bounds, sizeof bounds, "true, false");
        if (form == SETTINGS_HELP_MARKDOWN)
            fprintf(out, "| `%s` | `%s` | %s | %s |\n", row->name, row->standard[0] ? row->standard : "\"\"",
                    bounds, row->help);
        else
            fprintf(out, "  %-30s %s (standard: %s)\n", row->name, row->help,
                    row->standard[0] ? row->standard : "none");
    }
}

/* phial course import exercism: each exercise of a track becomes a lesson with one exercise.
 *
 * Read are a track's config.json (names, order, difficulty) and, of each exercise, .meta/config.json (which
 * file is what), .docs (introduction, instructions, hints), the stub, the example or exemplar, the tests, and
 * everything else as support files. */
#include "cli/course_import.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { FILE_BYTES_MOST = 1 << 20, DEPTH_MOST = 8, HINT_BYTES_MOST = 4000 };

struct track {
    const struct course_command *command;
    const char *from, *to;
    json_t *config;
    const struct language *language; /* NULL until the first file tells it */
    unsigned count, skipped;
};
struct source { /* one exercise */
    const char *slug;
    char *folder;
    json_t *meta;
    const char *title, *blurb;
    unsigned difficulty;
};

/* ---- reading ---- */

/* A track may be anybody's: neither ".." nor a link leads out of an exercise's folder, or files of this
 * machine would become part of the course. A pipe does not hold us up. */
static int open_below(const char *folder, const char *name)
{
    struct open_how how = {.flags = O_RDONLY | O_NONBLOCK | O_CLOEXEC,
                           .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS};
    cleanup_fd int below = open(folder, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    return below < 0 ? -1 : (int)syscall(SYS_openat2, below, name, &how, sizeof how);
}

/* NULL when the file is not there; 0 bytes do for one that is empty. */
static char *read_text(const char *folder, const char *name)
{
    struct stat st;
    cleanup_fd int fd = open_below(folder, name);
    if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size > FILE_BYTES_MOST)
        return NULL;
    size_t size = (size_t)st.st_size;
    cleanup_free char *text = calloc(1, size + 1);
    if (!text)
        abort();
    if (pread_all(fd, text, size, 0) < 0 || strlen(text) != size || !utf8_valid(text, size))
        return NULL;
    return steal_pointer(&text);
}

static const char *member(const json_t *object, const char *name, const char *standard)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text && *text ? text : standard;
}

/* The names of a kind of files: "solution", "test", "example", "exemplar", "editor". */
static const json_t *files_of(const struct source *s, const char *kind)
{
    return json_object_get(json_object_get(s->meta, "files"), kind);
}

static bool is_among(const json_t *names, const char *name)
{
    size_t i;
    const json_t *item;
    json_array_foreach(names, i, item)
    {
        if (json_is_string(item) && !strcmp(json_string_value(item), name))
            return true;
    }
    return false;
}

/* All files of a kind, one behind the other: modules may stand in one file as well as in several. */
static char *joined(const struct source *s, const json_t *names)
{
    char *all = NULL;
    size_t i;
    const json_t *item;
    json_array_foreach(names, i, item)
    {
        cleanup_free char *text = json_is_string(item) ? read_text(s->folder, json_string_value(item)) : NULL;
        char *longer = NULL;
        if (text && asprintf(&longer, "%s%s%s", all ? all : "", all ? "\n" : "", text) < 0)
            abort();
        if (text) {
            free(all);
            all = longer;
        }
    }
    return all;
}

/* Practice exercises skip all tests but the first until the learner lets them run; here all run. */
static void run_pending(char *test)
{
    for (char *line = test; *line;) {
        size_t n = strcspn(line, "\n"), skip = strspn(line, " \t#");
        if (skip < n && !strncmp(line + skip, "@tag :pending", 13) && n == skip + 13)
            memset(line, ' ', n);
        line += n + (line[n] == '\n');
    }
}

/* ---- the lesson ---- */

static void put_docs(FILE *out, const struct source *s, const char *name)
{
    static const struct conversion conversion = {.deeper = 1};
    cleanup_free char *text = read_text(s->folder, name);
    if (!text)
        return;
    course_convert(out, text, &conversion);
    fputs("\n\n", out);
}

static int write_lesson(struct track *t, const struct source *s, const char *slug, struct error *err)
{
    struct course_text lesson;
    char name[COURSE_NAME_MOST + 16];
    int r = course_text_begin(&lesson, err);
    if (r < 0)
        return r;
    fputs("---\ntitle: ", lesson.out);
    course_put_yaml(lesson.out, s->title);
    fputs("\nsummary: ", lesson.out);
    course_put_yaml(lesson.out, s->blurb);
    fputs("\n---\n", lesson.out);
    put_docs(lesson.out, s, ".docs/introduction.md");
    put_docs(lesson.out, s, ".docs/instructions.md");
    put_docs(lesson.out, s, ".docs/instructions.append.md");
    fprintf(lesson.out, "\n```%s exercise=%s\n```\n", t->language->name, slug);
    snprintf(name, sizeof name, "%03u-%s.md", t->count + 1, slug);
    return course_text_end(&lesson, t->to, name, err);
}

/* ---- exercise.yaml ---- */

/* The items of the lists in hints.md, with what is indented below them. */
static char **read_hints(const struct source *s)
{
    cleanup_free char *text = read_text(s->folder, ".docs/hints.md");
    char **hints = NULL, *hint = NULL;
    for (char *line = text; line && *line;) {
        size_t n = strcspn(line, "\n");
        bool item = !strncmp(line, "- ", 2) || !strncmp(line, "* ", 2);
        bool more = hint && (n == 0 || !strncmp(line, "  ", 2)) && strlen(hint) < HINT_BYTES_MOST;
        char *longer = NULL;
        if (item || !more) {
            if (hint && strings_add(&hints, hint) < 0)
                abort();
            hint = item ? strndup(line + 2, n - 2) : NULL;
        } else if (asprintf(&longer, "%s\n%.*s", hint, (int)(n > 2 ? n - 2 : 0), n > 2 ? line + 2 : "") < 0) {
            abort();
        } else {
            free(hint);
            hint = longer;
        }
        line += n + (line[n] == '\n');
    }
    if (hint && strings_add(&hints, hint) < 0)
        abort();
    return hints;
}

static void put_hint(FILE *out, const char *hint)
{
    static const struct conversion conversion = {0};
    struct course_text text;
    struct error err;
    if (course_text_begin(&text, &err) < 0)
        abort();
    course_convert(text.out, hint, &conversion);
    if (fclose(text.out) != 0)
        abort();
    fputs("  - ", out);
    course_put_yaml(out, text.data);
    fputc('\n', out);
    free(text.data);
}

static int write_yaml(struct track *t, const struct source *s, const char *slug, const char *file,
                      struct error *err)
{
    struct course_text yaml;
    char name[COURSE_NAME_MOST + 64];
    int r = course_text_begin(&yaml, err);
    if (r < 0)
        return r;
    char **hints = read_hints(s);
    size_t n = strings_count(hints);
    fputs("title: ", yaml.out);
    course_put_yaml(yaml.out, s->title);
    fprintf(yaml.out, "\ndifficulty: %u\n", s->difficulty);
    if (n < COURSE_HINTS_LEAST)
        fputs("hints: []\n", yaml.out);
    else
        fputs("hints:\n", yaml.out);
    for (size_t i = 0; n >= COURSE_HINTS_LEAST && i < n && i < COURSE_HINTS_MOST; i++)
        put_hint(yaml.out, hints[i]);
    strings_free(hints);
    if (file) {
        fputs("file: ", yaml.out);
        course_put_yaml(yaml.out, file);
        fputc('\n', yaml.out);
    }
    snprintf(name, sizeof name, "exercises/%s/exercise.yaml", slug);
    return course_text_end(&yaml, t->to, name, err);
}

/* ---- files ---- */

/* What no test can need. */
static bool is_left_out(const struct source *s, const char *name)
{
    static const char *const names[] = {"README.md", "HELP.md", "HINTS.md", "mix.exs",
                                        "mix.lock",  "_build",  "deps",     "node_modules"};
    static const char *const kinds[] = {"solution", "test", "example", "exemplar"};
    for (size_t i = 0; i < array_length(names); i++)
        if (!strcmp(name, names[i]))
            return true;
    for (size_t i = 0; i < array_length(kinds); i++)
        if (is_among(files_of(s, kinds[i]), name))
            return true;
    return false;
}

static int copy_support(struct track *t, const struct source *s, const char *slug, const char *below,
                        unsigned depth, struct error *err);

static int copy_entry(struct track *t, const struct source *s, const char *slug, const char *name,
                      unsigned depth, struct error *err)
{
    cleanup_free char *path = NULL, *target = NULL, *data = NULL;
    struct stat st;
    size_t size;
    /* Where a course has its helper of the tests. */
    const char *place = !strcmp(name, "test/test_helper.exs") ? "test_helper.exs" : name;
    if (asprintf(&path, "%s/%s", s->folder, name) < 0 ||
        asprintf(&target, "exercises/%s/support/%s", slug, place) < 0)
        return error_set(err, ENOMEM, "import %s: %m", name);
    if (lstat(path, &st) < 0)
        return error_set(err, errno, "read %s: %m", path);
    if (is_left_out(s, name))
        return 0;
    if (S_ISDIR(st.st_mode))
        return copy_support(t, s, slug, name, depth + 1, err);
    if (!S_ISREG(st.st_mode))
        return 0;
    int r = read_file_at(AT_FDCWD, path, COURSE_FILE_BYTES_MOST, &data, &size, err);
    return r < 0 ? r : course_write(t->to, target, data, size, err);
}

static int copy_support(struct track *t, const struct source *s, const char *slug, const char *below,
                        unsigned depth, struct error *err)
{
    cleanup_free char *folder = NULL;
    if (asprintf(&folder, "%s/%s", s->folder, below) < 0)
        return error_set(err, ENOMEM, "import %s: %m", below);
    DIR *d = depth < DEPTH_MOST ? opendir(folder) : NULL;
    if (!d)
        return error_set(err, depth < DEPTH_MOST ? errno : ELOOP, "read %s: %m", folder);
    int r = 0;
    for (const struct dirent *entry; r == 0 && (entry = readdir(d));) {
        cleanup_free char *name = NULL;
        if (entry->d_name[0] == '.')
            continue;
        if (asprintf(&name, "%s%s%s", below, *below ? "/" : "", entry->d_name) < 0)
            r = error_set(err, ENOMEM, "import %s: %m", entry->d_name);
        else
            r = copy_entry(t, s, slug, name, depth, err);
    }
    closedir(d);
    return r;
}

static const char *ending(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot ? dot : "";
}

static int write_code(struct track *t, const char *slug, const char *stem, const char *like, const char *text,
                      struct error *err)
{
    char name[COURSE_NAME_MOST + 64];
    snprintf(name, sizeof name, "exercises/%s/%s%.16s", slug, stem, ending(like));
    return course_write(t->to, name, text, strlen(text), err);
}

/* ---- one exercise ---- */

static int skip(struct track *t, const struct source *s, const char *why)
{
    fprintf(stderr, "phial: course import: %s: left out: %s\n", s->folder, why);
    t->skipped++;
    return 0;
}

static int import_files(struct track *t, const struct source *s, struct error *err)
{
    const json_t *examples = files_of(s, "example") ? files_of(s, "example") : files_of(s, "exemplar");
    cleanup_free char *stub = joined(s, files_of(s, "solution")), *solution = joined(s, examples),
                      *test = joined(s, files_of(s, "test"));
    const char *file = json_string_value(json_array_get(files_of(s, "solution"), 0));
    const char *test_file = json_string_value(json_array_get(files_of(s, "test"), 0));
    char slug[COURSE_NAME_MOST + 1];
    course_make_name(s->slug, slug);
    if (!stub || !solution || !test || !file || !test_file)
        return skip(t, s, "it lacks a stub, an example or a test");
    const struct language *language = languages_by_file(&t->command->languages, file);
    if (!language || (t->language && language != t->language))
        return skip(t, s, "there is no such language here");
    t->language = language;
    run_pending(test);
    const char *slash = strrchr(file, '/');
    /* Elixir finds modules by their names; elsewhere tests find a file by its. */
    int r = write_yaml(t, s, slug, !strncmp(file, "lib/", 4) ? NULL : slash ? slash + 1 : file, err);
    if (r == 0)
        r = write_code(t, slug, "stub", file, stub, err);
    if (r == 0)
        r = write_code(t, slug, "solution", file, solution, err);
    if (r == 0)
        r = write_code(t, slug, "test", test_file, test, err);
    if (r == 0)
        r = copy_support(t, s, slug, "", 0, err);
    if (r == 0)
        r = write_lesson(t, s, slug, err);
    t->count += r == 0;
    return r;
}

/* `entry` is the exercise's in the track's config.json, or NULL. */
static int import_exercise(struct track *t, const char *slug, const char *folder, const json_t *entry,
                           struct error *err)
{
    cleanup_free char *path = NULL;
    json_error_t fault;
    struct source s = {.slug = slug};
    s.folder = strdup(folder);
    if (!s.folder || asprintf(&path, "%s/.meta/config.json", folder) < 0)
        abort();
    s.meta = json_load_file(path, 0, &fault);
    int r;
    if (!s.meta) {
        r = error_set(err, EINVAL, "%s:%d: %s", path, fault.line, fault.text);
    } else {
        json_int_t difficulty = json_integer_value(json_object_get(entry, "difficulty"));
        s.difficulty = difficulty > 0 && difficulty <= 10 ? (unsigned)(difficulty + 1) / 2 : 1;
        s.title = member(entry, "name", member(s.meta, "title", slug));
        s.blurb = member(s.meta, "blurb", s.title);
        r = import_files(t, &s, err);
    }
    json_decref(s.meta);
    free(s.folder);
    return r;
}

/* ---- the track ---- */

static bool is_exercise(const char *folder)
{
    cleanup_free char *path = NULL;
    if (asprintf(&path, "%s/.meta/config.json", folder) < 0)
        abort();
    return access(path, R_OK) == 0;
}

static int import_kind(struct track *t, const char *kind, struct error *err)
{
    size_t i;
    const json_t *entry;
    int r = 0;
    json_array_foreach(json_object_get(json_object_get(t->config, "exercises"), kind), i, entry)
    {
        cleanup_free char *folder = NULL;
        const char *slug = member(entry, "slug", "");
        if (r < 0 || !*slug || !strcmp(member(entry, "status", ""), "deprecated"))
            continue;
        if (strchr(slug, '/') || asprintf(&folder, "%s/exercises/%s/%s", t->from, kind, slug) < 0)
            return error_set(err, EINVAL, "%s/config.json: no slug: %.60s", t->from, slug);
        if (is_exercise(folder))
            r = import_exercise(t, slug, folder, entry, err);
    }
    return r;
}

static int visible_entry(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* A folder of exercises without a track's config.json. */
static int import_folder(struct track *t, struct error *err)
{
    struct dirent **entries;
    int n = scandir(t->from, &entries, visible_entry, alphasort), r = 0;
    if (n < 0)
        return error_set(err, errno, "read %s: %m", t->from);
    for (int i = 0; i < n; i++) {
        cleanup_free char *folder = NULL;
        if (asprintf(&folder, "%s/%s", t->from, entries[i]->d_name) < 0)
            abort();
        if (r == 0 && is_exercise(folder))
            r = import_exercise(t, entries[i]->d_name, folder, NULL, err);
        free(entries[i]);
    }
    free(entries);
    return r;
}

static int import_track(struct track *t, struct error *err)
{
    const char *slash = strrchr(t->from, '/');
    if (is_exercise(t->from))
        return import_exercise(t, slash ? slash + 1 : t->from, t->from, NULL, err);
    if (!t->config)
        return import_folder(t, err);
    int r = import_kind(t, "concept", err);
    return r < 0 ? r : import_kind(t, "practice", err);
}

int course_import_exercism(const struct course_command *c, const char *from, const char *to,
                           struct error *err)
{
    cleanup_free char *path = NULL, *real = realpath(from, NULL);
    struct track t = {.command = c, .from = real, .to = to};
    if (!real)
        return error_set(err, errno, "read %s: %m", from);
    if (asprintf(&path, "%s/config.json", real) < 0)
        return error_set(err, ENOMEM, "read %s: %m", from);
    t.config = json_load_file(path, 0, NULL);
    int r = course_make_folder(to, err);
    if (r == 0)
        r = import_track(&t, err);
    if (r == 0 && t.count == 0)
        r = error_set(
            err, ENOENT,
            "%s: there is no exercise; name a track, a folder of exercises, or one exercise with its "
            ".meta/config.json",
            from);
    if (r == 0) {
        cleanup_free char *title = NULL;
        if (asprintf(&title, "%s exercises", member(t.config, "language", t.language->title)) < 0)
            abort();
        r = course_write_yaml(to, title, t.language->name, title, err);
    }
    if (r == 0)
        printf("%s: %u exercises, %u left out\n", to, t.count, t.skipped);
    json_decref(t.config);
    return r;
}

/* The course as a whole: course.yaml, the list of lessons, what holds across them. */
#include "site/course.h"
#include "site/course_read.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>

/* ---- faults ---- */

static void add_fault(struct course_reader *r, const char *file, unsigned line, const char *text)
{
    struct course_faults *f = r->faults;
    if (f->count == COURSE_FAULTS_MOST) {
        f->more++;
        return;
    }
    struct course_fault fault = {.file = strdup(file), .line = line, .text = strdup(text)};
    if (!fault.file || !fault.text)
        abort();
    f->items[f->count++] = fault;
}

void course_fault(struct course_reader *r, const char *file, unsigned line, const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    add_fault(r, file, line, text);
}

void course_fault_error(struct course_reader *r, const char *file, const struct error *err)
{
    const char *text = err->text;
    unsigned line = 0;
    size_t n = strlen(file);
    if (!strncmp(text, file, n) && text[n] == ':') {
        char *end;
        unsigned long number = strtoul(text + n + 1, &end, 10);
        if (end > text + n + 1 && end[0] == ':' && end[1] == ' ') {
            line = (unsigned)number;
            text = end + 2;
        }
    }
    add_fault(r, file, line, text);
}

void course_faults_free(struct course_faults *f)
{
    for (size_t i = 0; i < f->count; i++) {
        free(f->items[i].file);
        free(f->items[i].text);
    }
    f->count = f->more = 0;
}

/* ---- checks of texts ---- */

const char *course_name_fault(const char *text)
{
    size_t n = strlen(text);
    bool good =
        n > 0 && n <= COURSE_NAME_MOST && (islower((unsigned char)*text) || isdigit((unsigned char)*text));
    for (size_t i = 0; i < n; i++)
        good &= islower((unsigned char)text[i]) || isdigit((unsigned char)text[i]) || strchr("-_", text[i]);
    return good ? NULL : "must be 1 to 64 of a-z, 0-9, - and _, beginning with a letter or a digit";
}

const char *check_course_line(const char *text)
{
    size_t n = strlen(text);
    bool good = n > 0 && n <= 500;
    for (size_t i = 0; i < n; i++)
        good &= (unsigned char)text[i] >= 0x20 && text[i] != 0x7f;
    return good ? NULL : "must be one line of 1 to 500 bytes";
}

const char *check_course_text(const char *text)
{
    return *text && strlen(text) <= 1 << 16 ? NULL : "must be a text of 1 to 65536 bytes";
}

/* ---- reading files ---- */

/* The line in which the first byte stands that is not UTF-8, or is zero. */
static unsigned bad_line(const char *text, size_t size)
{
    unsigned line = 1;
    while (size > 0) {
        const char *end = memchr(text, '\n', size);
        size_t n = end ? (size_t)(end - text) + 1 : size;
        if (!utf8_valid(text, n) || memchr(text, 0, n))
            return line;
        text += n;
        size -= n;
        line++;
    }
    return 0;
}

int course_read_text(struct course_reader *r, const char *path, size_t most, char **text, size_t *size)
{
    struct error err = {0};
    struct stat st;
    *text = NULL;
    *size = 0;
    /* Reading a pipe or a device would not end; and a link in a course from elsewhere could lead to what only
     * root may read, and put it on the site. */
    if (lstat(path, &st) == 0 && !S_ISREG(st.st_mode)) {
        course_fault(r, path, 0, "it must be a plain file, and no link");
        return 0;
    }
    int e = read_file_at(AT_FDCWD, path, most, text, size, &err);
    if (e == -ENOMEM)
        return e;
    if (e < 0) {
        course_fault(r, path, 0, "%s", e == -ENOENT ? "the file is missing" : err.text);
        return 0;
    }
    unsigned line = bad_line(*text, *size);
    if (!line)
        return 1;
    course_fault(r, path, line, "this is not UTF-8, or holds a zero byte; save the file as UTF-8");
    free(*text);
    *text = NULL;
    return 0;
}

int course_read_fields(struct course_reader *r, const char *path, unsigned first_line, const char *text,
                       size_t size, const struct field *table, void *target)
{
    struct error err = {0};
    struct fields_reader reader = {
        .path = path, .manual = "docs/lessons.md", .first_line = first_line, .target = target, .err = &err};
    const char *slash = strrchr(path, '/');
    int e = fields_read(&reader, text, size, slash ? slash + 1 : path, table, NULL);
    if (e == -ENOMEM)
        return e;
    if (e < 0)
        course_fault_error(r, path, &err);
    return e == 0;
}

/* ---- course.yaml ---- */

struct course_words {
    char *title, *language, *summary, *author, *license;
};

#define IN_WORDS(member) offsetof(struct course_words, member)

static const struct field course_fields[] = {
    {"title", FIELD_TEXT, true, IN_WORDS(title), .check = check_course_line},
    {"language", FIELD_TEXT, true, IN_WORDS(language), .check = check_course_line},
    {"summary", FIELD_TEXT, true, IN_WORDS(summary), .check = check_course_text},
    {"author", FIELD_TEXT, true, IN_WORDS(author), .check = check_course_line},
    {"license", FIELD_TEXT, true, IN_WORDS(license), .check = check_course_line},
    {NULL},
};

static int read_course_yaml(struct course_reader *r)
{
    struct course *c = r->course;
    struct course_words words = {0};
    cleanup_free char *path = NULL, *text = NULL;
    size_t size;
    if (asprintf(&path, "%s/course.yaml", c->folder) < 0)
        return -ENOMEM;
    int e = course_read_text(r, path, COURSE_FILE_BYTES_MOST, &text, &size);
    if (e == 1)
        e = course_read_fields(r, path, 1, text, size, course_fields, &words);
    c->title = words.title;
    c->summary = words.summary;
    c->author = words.author;
    c->license = words.license;
    cleanup_free char *name = words.language;
    const struct language *language = e == 1 ? languages_find(r->languages, name) : NULL;
    if (language)
        c->language = language->name;
    else if (e == 1)
        course_fault(r, path, 0, "language: there is no language \"%s\"; 'phial languages' lists them", name);
    return e < 0 ? e : 0;
}

/* ---- lessons ---- */

/* "01-values.md": a number, a hyphen, the lesson's id. */
static bool is_lesson(const char *file)
{
    size_t digits = strspn(file, "0123456789"), n = strlen(file);
    return digits > 0 && n > 4 && file[digits] == '-' && !strcmp(file + n - 3, ".md");
}

static int lesson_entry(const struct dirent *entry)
{
    return is_lesson(entry->d_name);
}

/* "2-b.md" comes before "10-a.md". */
static int by_number(const struct dirent **a, const struct dirent **b)
{
    unsigned long one = strtoul((*a)->d_name, NULL, 10), other = strtoul((*b)->d_name, NULL, 10);
    return one != other ? (one < other ? -1 : 1) : strcmp((*a)->d_name, (*b)->d_name);
}

static int add_lesson(struct course_reader *r, const char *file)
{
    struct course *c = r->course;
    const char *id = strchr(file, '-') + 1;
    struct course_lesson *lesson = &c->lessons[c->lesson_count++];
    if (asprintf(&lesson->file, "%s/%s", c->folder, file) < 0) {
        lesson->file = NULL;
        return -ENOMEM;
    }
    lesson->id = strndup(id, strlen(id) - 3);
    if (!lesson->id)
        return -ENOMEM;
    const char *why = course_name_fault(lesson->id);
    if (why)
        course_fault(r, lesson->file, 0, "the file's name between the number and .md %s", why);
    for (size_t i = 0; i + 1 < c->lesson_count; i++)
        if (!strcmp(c->lessons[i].id, lesson->id))
            course_fault(r, lesson->file, 0, "%s has the same name after its number", c->lessons[i].file);
    return course_read_lesson(r, lesson);
}

static int read_lessons(struct course_reader *r)
{
    struct course *c = r->course;
    struct dirent **entries;
    int n = scandir(c->folder, &entries, lesson_entry, by_number);
    if (n < 0) {
        course_fault(r, c->folder, 0, "read the folder: %s", strerror(errno));
        return 0;
    }
    int e = 0;
    if (n == 0)
        course_fault(r, c->folder, 0, "there is no lesson; a lesson is a file such as 01-values.md");
    else if (n > COURSE_LESSONS_MOST)
        course_fault(r, c->folder, 0, "there are more than %d lessons", COURSE_LESSONS_MOST);
    else if (!(c->lessons = calloc((size_t)n, sizeof *c->lessons)))
        e = -ENOMEM;
    for (int i = 0; i < n; i++) {
        if (e == 0 && c->lessons)
            e = add_lesson(r, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    return e;
}

/* ---- what holds across lessons ---- */

static int visible_entry(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* Work that no learner can reach is a mistake. */
static int check_exercises_used(struct course_reader *r)
{
    struct dirent **entries;
    cleanup_free char *folder = NULL;
    if (asprintf(&folder, "%s/exercises", r->course->folder) < 0)
        return -ENOMEM;
    struct stat st;
    if (lstat(folder, &st) < 0)
        return 0; /* a course may have none */
    if (!S_ISDIR(st.st_mode)) {
        course_fault(r, folder, 0, "it must be a folder of the course's own, and no link");
        return 0;
    }
    int n = scandir(folder, &entries, visible_entry, alphasort);
    if (n < 0) {
        course_fault(r, folder, 0, "read the folder: %s", strerror(errno));
        return 0;
    }
    int e = 0;
    for (int i = 0; i < n; i++) {
        cleanup_free char *path = NULL;
        if (e == 0 && asprintf(&path, "%s/%s", folder, entries[i]->d_name) < 0)
            e = -ENOMEM;
        if (e == 0 && !strings_have(r->exercises, entries[i]->d_name))
            course_fault(r, path, 0,
                         "no lesson has this exercise; put a fence with exercise=%s where it belongs",
                         entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    return e;
}

static bool has_place(const struct course_lesson *lesson, const char *place)
{
    for (size_t i = 0; i < lesson->section_count; i++)
        if (!strcmp(lesson->sections[i].id, place))
            return true;
    for (size_t i = 0; i < lesson->block_count; i++)
        if (lesson->blocks[i].exercise && !strcmp(lesson->blocks[i].exercise->name, place))
            return true;
    return false;
}

static void check_links(struct course_reader *r)
{
    for (size_t i = 0; i < r->link_count; i++) {
        const struct course_link *link = &r->links[i];
        const struct course_lesson *to = course_find_lesson(r->course, link->lesson);
        if (!to)
            course_fault(r, link->from->file, link->line, "the link leads to no lesson: there is no \"%s\"",
                         link->lesson);
        else if (link->place && !has_place(to, link->place))
            course_fault(r, link->from->file, link->line,
                         "the link leads nowhere: %s has no heading or exercise \"%s\"", to->file,
                         link->place);
    }
}

static int read_course(struct course_reader *r, const char *dir)
{
    struct course *c = r->course;
    size_t length = strlen(dir);
    while (length > 1 && dir[length - 1] == '/')
        length--;
    c->folder = strndup(dir, length);
    cleanup_free char *real = realpath(dir, NULL);
    if (!c->folder)
        return -ENOMEM;
    if (!real) {
        course_fault(r, c->folder, 0, "read the course: %s", strerror(errno));
        return 0;
    }
    c->id = strdup(strrchr(real, '/') + 1);
    if (!c->id)
        return -ENOMEM;
    const char *why = course_name_fault(c->id);
    if (why)
        course_fault(r, c->folder, 0, "the folder's name is the course's and %s", why);
    int e = read_course_yaml(r);
    if (e == 0)
        e = read_lessons(r);
    if (e == 0)
        check_links(r);
    return e < 0 ? e : check_exercises_used(r);
}

void course_reader_free(struct course_reader *r)
{
    for (size_t i = 0; i < r->link_count; i++) {
        free(r->links[i].lesson);
        free(r->links[i].place);
    }
    free(r->links);
    strings_free(r->exercises);
}

int course_read(struct course *course, const char *dir, const struct languages *languages,
                struct course_faults *faults, struct error *err)
{
    struct course_faults *own = calloc(1, sizeof *own);
    struct course_reader r = {.course = course, .languages = languages, .faults = faults ? faults : own};
    *course = (struct course){0};
    int e = own ? read_course(&r, dir) : -ENOMEM;
    if (e < 0)
        e = error_set(err, ENOMEM, "read the course %s: %m", dir);
    else if (r.faults->count) {
        const struct course_fault *f = &r.faults->items[0];
        e = f->line ? error_set(err, EINVAL, "%s:%u: %s", f->file, f->line, f->text)
                    : error_set(err, EINVAL, "%s: %s", f->file, f->text);
    }
    course_reader_free(&r);
    if (own)
        course_faults_free(own);
    free(own);
    if (e == -ENOMEM || (e < 0 && !faults))
        course_free(course);
    return e;
}

void course_free(struct course *c)
{
    for (size_t i = 0; i < c->lesson_count; i++)
        course_lesson_free(&c->lessons[i]);
    free(c->lessons);
    char *texts[] = {c->id, c->folder, c->title, c->summary, c->author, c->license};
    for (size_t i = 0; i < array_length(texts); i++)
        free(texts[i]);
    *c = (struct course){0};
}

/* ---- finding ---- */

const struct course_lesson *course_find_lesson(const struct course *course, const char *id)
{
    for (size_t i = 0; i < course->lesson_count; i++)
        if (course->lessons[i].id && !strcmp(course->lessons[i].id, id))
            return &course->lessons[i];
    return NULL;
}

const struct course_exercise *course_find_exercise(const struct course *course, const char *name,
                                                   const struct course_lesson **lesson)
{
    for (size_t i = 0; i < course->lesson_count; i++) {
        const struct course_lesson *l = &course->lessons[i];
        for (size_t k = 0; k < l->block_count; k++) {
            const struct course_exercise *e = l->blocks[k].exercise;
            if (!e || (strcmp(e->name, name) != 0 && strcmp(e->id, name) != 0))
                continue;
            if (lesson)
                *lesson = l;
            return e;
        }
    }
    return NULL;
}

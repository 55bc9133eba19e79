/* phial course check: what there is to check, and what came of it. */
#include "cli/course_check.h"
#include "cli/local.h"

#include <errno.h>

enum { WARNING_BYTES = 500 };

/* ---- what there is to check ---- */

static struct check_job *add_job(struct check *c, enum check_kind kind, const struct course_lesson *lesson,
                                 const struct course_block *block)
{
    struct check_job *job = &c->jobs[c->job_count++];
    *job = (struct check_job){.check = c, .kind = kind, .lesson = lesson, .block = block};
    return job;
}

/* A misconception that the reference solution has is none. */
static void check_misconceptions(struct check_job *job)
{
    const struct course_exercise *e = job->block->exercise;
    for (size_t i = 0; i < e->misconception_count && !job->fault; i++)
        if (course_misconception_matches(&e->misconceptions[i], e->solution, strlen(e->solution)))
            check_fault(job, e->folder, 0, "misconceptions: the reference solution matches the pattern %s",
                        e->misconceptions[i].pattern);
    job->alone = job->fault != NULL;
}

static void note_language(struct check *c, const char *language, bool *several)
{
    *several |= c->language && strcmp(c->language, language) != 0;
    c->language = language;
}

static int collect(struct check *c)
{
    size_t most = 0;
    bool several = false;
    for (size_t i = 0; i < c->course.lesson_count; i++)
        most += 2 * c->course.lessons[i].block_count;
    c->jobs = calloc(most + 1, sizeof *c->jobs);
    if (!c->jobs)
        return -ENOMEM;
    for (size_t i = 0; i < c->course.lesson_count; i++) {
        const struct course_lesson *l = &c->course.lessons[i];
        for (size_t k = 0; k < l->block_count; k++) {
            const struct course_block *b = &l->blocks[k];
            if (b->kind == COURSE_EXERCISE) {
                check_misconceptions(add_job(c, CHECK_SOLUTION, l, b));
                add_job(c, CHECK_STUB, l, b);
                note_language(c, b->exercise->language, &several);
            } else if (b->kind != COURSE_TEXT) {
                add_job(c, CHECK_SNIPPET, l, b);
                note_language(c, b->language, &several);
            }
        }
    }
    if (several)
        c->language = NULL;
    return 0;
}

/* ---- the report ---- */

void course_print_fault(const char *file, unsigned line, const char *text)
{
    fprintf(stderr, "%s%s", style_on(stderr, STYLE_BOLD), file);
    if (line)
        fprintf(stderr, ":%u", line);
    fprintf(stderr, ":%s ", style_on(stderr, STYLE_PLAIN));
    for (const char *at = text; *at;) { /* what programs said stands indented below */
        size_t n = strcspn(at, "\n");
        fprintf(stderr, "%s%.*s\n", at == text ? "" : "    ", (int)n, at);
        at += n + (at[n] == '\n');
    }
}

/* What is to be said of a job that is right; it fails nothing. */
static bool warning_of(const struct check_job *job, char text[static WARNING_BYTES])
{
    if (job->fault)
        return false;
    if (job->first_fault)
        snprintf(text, WARNING_BYTES, "it is right alone, but was not beside others: %.*s",
                 (int)strcspn(job->first_fault, "\n"), job->first_fault);
    else if (job->slow)
        snprintf(text, WARNING_BYTES, "the snippet took longer than live mode waits; say live=off");
    return job->first_fault || job->slow;
}

static const char *warning_file(const struct check_job *job)
{
    return job->first_fault ? job->file : job->lesson->file;
}

static unsigned warning_line(const struct check_job *job)
{
    return job->first_fault ? job->line : job->block->line;
}

static json_int_t count_blocks(const struct course *course, enum course_block_kind kind)
{
    json_int_t n = 0;
    for (size_t i = 0; i < course->lesson_count; i++)
        for (size_t k = 0; k < course->lessons[i].block_count; k++)
            n += course->lessons[i].blocks[k].kind == kind;
    return n;
}

static json_int_t count_snippets(const struct course *course)
{
    return count_blocks(course, COURSE_RUN) + count_blocks(course, COURSE_ERROR);
}

static void add_json(json_t *list, const char *file, unsigned line, const char *text)
{
    json_t *object = json_object();
    json_object_set_new(object, "file", json_string(file));
    json_object_set_new(object, "line", line ? json_integer(line) : json_null());
    json_object_set_new(object, "text", json_string(text));
    json_array_append_new(list, object);
}

static void print_json(const struct check *c, size_t failed, double seconds)
{
    json_t *object = json_object(), *faults = json_array(), *warnings = json_array();
    char warning[WARNING_BYTES];
    for (size_t i = 0; i < c->faults.count; i++)
        add_json(faults, c->faults.items[i].file, c->faults.items[i].line, c->faults.items[i].text);
    for (size_t i = 0; i < c->job_count; i++) {
        const struct check_job *job = &c->jobs[i];
        if (job->fault)
            add_json(faults, job->file, job->line, job->fault);
        if (warning_of(job, warning))
            add_json(warnings, warning_file(job), warning_line(job), warning);
    }
    json_object_set_new(object, "course", c->course.id ? json_string(c->course.id) : json_null());
    json_object_set_new(object, "ok", json_boolean(failed == 0));
    json_object_set_new(object, "lessons", json_integer((json_int_t)c->course.lesson_count));
    json_object_set_new(object, "snippets", json_integer(count_snippets(&c->course)));
    json_object_set_new(object, "exercises", json_integer(count_blocks(&c->course, COURSE_EXERCISE)));
    json_object_set_new(object, "checked", json_integer((json_int_t)c->job_count));
    json_object_set_new(object, "failed", json_integer((json_int_t)failed));
    json_object_set_new(object, "seconds", json_real(seconds));
    json_object_set_new(object, "faults", faults);
    json_object_set_new(object, "warnings", warnings);
    json_dumpf(object, stdout, JSON_INDENT(2) | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(4));
    putchar('\n');
    json_decref(object);
}

static void print_words(const struct check *c, size_t failed, double seconds)
{
    char warning[WARNING_BYTES];
    fflush(stdout);
    for (size_t i = 0; i < c->faults.count; i++)
        course_print_fault(c->faults.items[i].file, c->faults.items[i].line, c->faults.items[i].text);
    for (size_t i = 0; i < c->job_count; i++) {
        const struct check_job *job = &c->jobs[i];
        if (job->fault)
            course_print_fault(job->file, job->line, job->fault);
        if (warning_of(job, warning))
            course_print_fault(warning_file(job), warning_line(job), warning);
    }
    if (c->faults.more)
        fprintf(stderr, "and %zu more\n", c->faults.more);
    printf("%s: %zu lessons, %lld snippets, %lld exercises, %.1f s\n",
           c->course.id ? c->course.id : "the course", c->course.lesson_count, count_snippets(&c->course),
           count_blocks(&c->course, COURSE_EXERCISE), seconds);
    printf("%zu passed, %zu failed\n", c->job_count - c->failed, failed);
}

int check_report(const struct check *c)
{
    size_t failed = c->failed + c->faults.count + c->faults.more;
    double seconds = (double)(clock_now_ns() - c->started_ns) / 1e9;
    if (c->command->json)
        print_json(c, failed, seconds);
    else
        print_words(c, failed, seconds);
    return failed ? EXIT_BAD : EXIT_OK;
}

/* ---- the command ---- */

static int run_all(struct check *c)
{
    struct error err = {0};
    if (c->job_count == 0)
        return check_report(c);
    if (geteuid() != 0) {
        error_set(&err, EPERM, "course check: only root can make sandboxes; run it as root");
        return command_error(&err);
    }
    int code = local_run(&c->command->settings, c->language, true, check_client, c, EXIT_BAD, &err);
    return code < 0 ? command_error(&err) : code;
}

int course_check(struct course_command *command, const char *dir)
{
    static struct check c;
    struct error err = {0};
    c = (struct check){.command = command, .started_ns = clock_now_ns()};
    int exit_code = EXIT_BAD;
    if (course_read(&c.course, dir, &command->languages, &c.faults, &err) == -ENOMEM || collect(&c) < 0)
        command_error(&err);
    else
        exit_code = run_all(&c);
    for (size_t i = 0; i < c.job_count; i++) {
        free(c.jobs[i].fault);
        free(c.jobs[i].first_fault);
    }
    free(c.jobs);
    course_faults_free(&c.faults);
    course_free(&c.course);
    return exit_code;
}

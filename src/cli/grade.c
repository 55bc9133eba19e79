/* phial grade: from the command line to a request. */
#include "cli/grade.h"
#include "cli/run.h"
#include "cli/settings_options.h"
#include "cli/way.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>

enum {
    OPTION_HIDDEN = 256,
    OPTION_SUPPORT,
    OPTION_EXPECT,
    OPTION_FORBID,
    OPTION_REQUIRE,
    OPTION_LIMIT,
    OPTION_JSON,
    OPTION_SERVER,
    OPTION_LOCAL
};

static const struct option_row rows[] = {
    {'t', "test", "[NAME=]FILE",
     "a test file, or a helper or fixture of the tests; may be given several times"},
    {OPTION_HIDDEN, "hidden", "[NAME=]FILE", "a test file of which only names and statuses are told"},
    {OPTION_SUPPORT, "support", "[NAME=]FILE", "a file for the tests and for the solution"},
    {OPTION_EXPECT, "expect", "FILE",
     "judge by output, not by tests: FILE is JSON,\n"
     "[{\"stdin\": TEXT, \"stdout\": TEXT}, {\"call\": TEXT, \"value\": TEXT}]"},
    {OPTION_FORBID, "forbid", "WORD", "say where the solution uses this (Enum.reverse, for)"},
    {OPTION_REQUIRE, "require", "WORD", "say when the solution does not use this (recursion, pipe)"},
    {'l', "language", "NAME", "the language; else it is told from the first file's extension"},
    {OPTION_LIMIT, "limit", "NAME=VALUE", "a limit of each run, as in phial run: --limit wall=2s"},
    {OPTION_JSON, "json", NULL, "print the API's answer instead of a list"},
    {OPTION_SERVER, "server", NULL, "use the running server (its Unix socket), or fail"},
    {OPTION_LOCAL, "local", NULL, "make the sandboxes without a server; needs root"},
    SETTINGS_OPTION_ROWS,
};

static int grade_main(const struct command *command, int argc, char **argv);

const struct command command_grade = {
    .name = "grade",
    .summary = "Judge a solution by tests that it cannot reach",
    .usage = "[OPTION...] --test FILE... SOLUTION...",
    .text =
        "SOLUTION are the files of the solution. Tests and solution run in sandboxes of their own, unless "
        "the answer\n"
        "says 'together'. The exit code is 0 for a pass, 1 for a fail, 3 when it did not compile, the tests "
        "did not\n"
        "run to their end or phial failed, 2 for wrong usage.\n",
    COMMAND_OPTIONS(rows),
    .main = grade_main,
    .usage_exit = GRADE_EXIT_USAGE,
};

struct grade_words {
    json_t *body; /* filled as the options come, so that files keep their order */
    const char *language, *expect;
    struct limits limits;
    bool json, server, local;
    struct settings_options settings;
    struct error err; /* of the first option that could not be taken */
};

/* ---- files ---- */

static json_t *read_file(const char *word, struct error *err)
{
    char name[RUN_FILE_NAME_MOST + 2];
    const char *path = run_file_word(word, name);
    cleanup_free char *data = NULL;
    size_t size;
    if (read_file_at(AT_FDCWD, path, RUN_FILES_BYTES_MOST, &data, &size, err) < 0)
        return NULL;
    return run_file_json(&(struct run_file){.name = name, .data = (uint8_t *)data, .size = size});
}

static json_t *list_of(json_t *object, const char *name)
{
    json_t *list = json_object_get(object, name);
    if (!list && json_object_set_new(object, name, json_array()) == 0)
        list = json_object_get(object, name);
    return list;
}

static int add_file(struct grade_words *w, const char *part, const char *word, bool hidden)
{
    json_t *file = read_file(word, &w->err);
    if (!file)
        return -w->err.code;
    if (hidden)
        json_object_set_new(file, "hidden", json_true());
    json_array_append_new(list_of(w->body, part), file);
    return 0;
}

static void add_rule(struct grade_words *w, const char *kind, const char *word)
{
    json_t *rules = json_object_get(w->body, "rules");
    if (!rules && json_object_set_new(w->body, "rules", json_object()) == 0)
        rules = json_object_get(w->body, "rules");
    json_array_append_new(list_of(rules, kind), json_string(word));
}

static int add_cases(struct grade_words *w)
{
    json_error_t where;
    if (!w->expect)
        return 0;
    json_t *cases = json_load_file(w->expect, JSON_REJECT_DUPLICATES, &where);
    if (!cases)
        return error_set(&w->err, EINVAL, "%s:%d: %s", w->expect, where.line, where.text);
    json_object_set_new(w->body, "expect", cases);
    return 0;
}

/* ---- options ---- */

static int take_option(struct grade_words *w, int id, const char *value)
{
    switch (id) {
    case 't':
        return add_file(w, "tests", value, false);
    case OPTION_HIDDEN:
        return add_file(w, "tests", value, true);
    case OPTION_SUPPORT:
        return add_file(w, "support", value, false);
    case OPTION_EXPECT:
        w->expect = value;
        return 0;
    case OPTION_FORBID:
        add_rule(w, "forbid", value);
        return 0;
    case OPTION_REQUIRE:
        add_rule(w, "require", value);
        return 0;
    case 'l':
        w->language = value;
        return 0;
    case OPTION_LIMIT:
        return run_set_limit(&w->limits, value, &w->err);
    case OPTION_JSON:
        w->json = true;
        return 0;
    case OPTION_SERVER:
        w->server = true;
        return 0;
    case OPTION_LOCAL:
        w->local = true;
        return 0;
    default:
        settings_options_take(&w->settings, id, value);
        return 0;
    }
}

/* By the option, else by the first file's extension. Without a readable languages folder (a client's machine)
 * the server knows what a name means. */
static int choose_language(struct grade_job *job, struct grade_words *w, const char *path)
{
    if (languages_load(&job->languages, job->settings.languages_dir, NULL, &w->err) < 0) {
        if (!w->language || w->local)
            return -w->err.code;
        json_object_set_new(w->body, "language", json_string(w->language));
        return 0;
    }
    const struct language *language =
        w->language ? languages_find(&job->languages, w->language) : languages_by_file(&job->languages, path);
    if (!language && w->language)
        return error_set(&w->err, EINVAL, "no such language: %s; see 'phial languages'", w->language);
    if (!language)
        return error_set(
            &w->err, EINVAL,
            "%s: its name does not tell the language; add --language NAME (see 'phial languages')", path);
    json_object_set_new(w->body, "language", json_string(language->name));
    return 0;
}

static int fill_body(struct grade_job *job, struct grade_words *w, char **solution, int count)
{
    int r = choose_language(job, w, solution[0]);
    for (int i = 0; r == 0 && i < count; i++)
        r = add_file(w, "files", solution[i], false);
    if (r == 0)
        r = add_cases(w);
    json_object_set_new(w->body, "limits", run_limits_json(&w->limits));
    job->body = w->body;
    return r;
}

static int grade(struct grade_words *w, char **solution, int count)
{
    struct grade_job job = {.json = w->json};
    int code = GRADE_EXIT_USAGE;
    if (settings_options_load(&w->settings, &job.settings, &w->err) < 0) {
        fprintf(stderr, "phial: grade: %s\n", w->err.text);
        return code;
    }
    if (fill_body(&job, w, solution, count) < 0) {
        fprintf(stderr, "phial: grade: %s\n", w->err.text);
    } else {
        enum way way = way_choose("grade", &job.settings, w->server, w->local);
        code = way == WAY_SERVER  ? grade_job_server(&job)
               : way == WAY_LOCAL ? grade_job_local(&job)
                                  : GRADE_EXIT_ERROR;
    }
    languages_free(&job.languages);
    settings_free(&job.settings);
    return code;
}

static int grade_main(const struct command *command, int argc, char **argv)
{
    struct grade_words words = {.body = json_object(), .limits = limits_unset()};
    const char *value;
    int exit_code = -1;
    for (int id; exit_code < 0 && (id = options_next(command, argc, argv, &value, &exit_code)) != OPTION_END;)
        if (id != OPTION_STOP && take_option(&words, id, value) < 0) {
            fprintf(stderr, "phial: grade: %s\n", words.err.text);
            exit_code = GRADE_EXIT_USAGE;
        }
    if (exit_code < 0 && optind == argc)
        exit_code = command_usage_error(command, "which SOLUTION?");
    if (exit_code < 0 && words.server && words.local)
        exit_code = command_usage_error(command, "--server and --local exclude each other");
    if (exit_code < 0 && !words.expect && !json_object_get(words.body, "tests"))
        exit_code = command_usage_error(command, "judge by what? Give --test FILE or --expect FILE");
    if (exit_code < 0)
        exit_code = grade(&words, argv + optind, argc - optind);
    json_decref(words.body);
    return exit_code;
}

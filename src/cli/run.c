/* phial run: from the command line to a request. */
#include "cli/run.h"
#include "cli/settings_options.h"
#include "cli/way.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>

enum {
    OPTION_ARG = 256,
    OPTION_FILE,
    OPTION_LIMIT,
    OPTION_ENV,
    OPTION_TRACE,
    OPTION_JSON,
    OPTION_SERVER,
    OPTION_LOCAL,
    OPTION_STDIN
};

static const struct option_row rows[] = {
    {'l', "language", "NAME", "the language; else it is told from the file's extension"},
    {OPTION_STDIN, "stdin", "FILE", "the program's standard input; '-', the standard, is phial's own"},
    {OPTION_ARG, "arg", "TEXT", "one argument for the program; may be given several times"},
    {OPTION_FILE, "file", "[NAME=]FILE", "one more file in the program's folder; may be given several times"},
    {OPTION_LIMIT, "limit", "NAME=VALUE",
     "wall_ms, cpu_ms, memory_bytes, processes, output_bytes, disk_bytes;\n"
     "units are understood: --limit wall=2s --limit memory=64MiB"},
    {'e', "env", "NAME[=VALUE]", "an environment variable; without a value, that of phial's own environment"},
    {OPTION_TRACE, "trace", NULL, "say what each top-level expression evaluated to"},
    {OPTION_JSON, "json", NULL, "print the API's answer instead of the output"},
    {OPTION_SERVER, "server", NULL, "use the running server (its Unix socket), or fail"},
    {OPTION_LOCAL, "local", NULL, "make the sandbox without a server; needs root"},
    SETTINGS_OPTION_ROWS,
};

static int run_main(const struct command *command, int argc, char **argv);

const struct command command_run = {
    .name = "run",
    .summary = "Run a program once, in a fresh sandbox",
    .usage = "FILE [OPTION...] [-- ARGUMENT...]",
    .text = "FILE is the program; '-' reads it from standard input. Output is passed on as it comes. The "
            "exit code is\n"
            "the program's, 128 and the signal's number when a signal ended it, 123 when it wrote too much, "
            "124 when\n"
            "its time was over, 137 when it wanted too much memory, 125 when phial failed, 126 when the "
            "program could\n"
            "not be started as asked for.\n",
    COMMAND_OPTIONS(rows),
    .main = run_main,
    .usage_exit = RUN_EXIT_USAGE,
};

/* What the options said, before anything is opened. The strings are argv's or the environment's. */
struct run_words {
    const char *language, *input;
    const char *files[RUN_FILES_MOST + 1], *args[RUN_ARGS_MOST + 1], *env[RUN_ENV_MOST + 1], *limits[64];
    size_t file_count, arg_count, env_count, limit_count;
    bool trace, json, server, local;
    struct settings_options settings;
};

/* One more than the bound is kept, so that the check of the request finds it and names it. */
#define add(words, list, value)                                                                              \
    do {                                                                                                     \
        if ((words)->list##_count < array_length((words)->list##s))                                          \
            (words)->list##s[(words)->list##_count++] = (value);                                             \
    } while (0)

static bool take_option(struct run_words *w, int id, const char *value)
{
    switch (id) {
    case 'l':
        w->language = value;
        return true;
    case OPTION_STDIN:
        w->input = value;
        return true;
    case OPTION_ARG:
        add(w, arg, value);
        return true;
    case OPTION_FILE:
        add(w, file, value);
        return true;
    case OPTION_LIMIT:
        add(w, limit, value);
        return true;
    case 'e':
        if (w->env_count < array_length(w->env))
            w->env[w->env_count++] = value;
        return true;
    case OPTION_TRACE:
        return w->trace = true;
    case OPTION_JSON:
        return w->json = true;
    case OPTION_SERVER:
        return w->server = true;
    case OPTION_LOCAL:
        return w->local = true;
    default:
        return settings_options_take(&w->settings, id, value);
    }
}

int run_set_limit(struct limits *limits, const char *assignment, struct error *err)
{
    static const char *const endings[] = {"", "_ms", "_bytes"};
    size_t length = strcspn(assignment, "=");
    if (!assignment[length])
        return error_set(err, EINVAL, "--limit %s: no value; write NAME=VALUE", assignment);
    for (size_t i = 0; i < array_length(endings); i++) {
        char name[64];
        snprintf(name, sizeof name, "%.*s%s", (int)length, assignment, endings[i]);
        uint64_t *field = limits_field(limits, name);
        if (!field)
            continue;
        const char *value = assignment + length + 1, *ending = strrchr(name, '_');
        int r = ending && !strcmp(ending, "_ms")      ? parse_duration_ms(value, field)
                : ending && !strcmp(ending, "_bytes") ? parse_size(value, field)
                                                      : parse_u64(value, field);
        if (r < 0 || *field == UINT64_MAX)
            return error_set(err, EINVAL,
                             "--limit %s: not a number in range; write digits and a unit, as in 2s or 64MiB",
                             assignment);
        return 0;
    }
    return error_set(
        err, EINVAL,
        "--limit %s: no such limit; there are wall_ms, cpu_ms, memory_bytes, processes, output_bytes, "
        "disk_bytes",
        assignment);
}

/* Reads the file at `path` (or standard input) as `name`. */
static int add_file(struct run_request *request, const char *path, const char *name, struct error *err)
{
    struct run_file *file = &request->files[request->file_count];
    char *data;
    int r = read_file_at(AT_FDCWD, path, RUN_FILES_BYTES_MOST, &data, &file->size, err);
    if (r < 0)
        return r;
    file->data = (uint8_t *)data;
    file->name = strdup(name);
    request->file_count++;
    return file->name ? 0 : error_set(err, ENOMEM, "%s: %m", name);
}

const char *run_file_word(const char *word, char name[static RUN_FILE_NAME_MOST + 2])
{
    const char *sign = strchr(word, '=');
    bool plain = !sign || access(word, F_OK) == 0;
    /* Of a longer name one byte more than is allowed, for the request's check to find. */
    if (plain)
        snprintf(name, RUN_FILE_NAME_MOST + 2, "%s", basename(word));
    else
        snprintf(name, RUN_FILE_NAME_MOST + 2, "%.*s", (int)(sign - word), word);
    return plain ? word : sign + 1;
}

static int add_extra_file(struct run_request *request, const char *word, struct error *err)
{
    char name[RUN_FILE_NAME_MOST + 2];
    const char *path = run_file_word(word, name);
    return add_file(request, path, name, err);
}

static char **copy_list(const char *const *words, size_t count)
{
    char **list = calloc(count + 1, sizeof *list);
    for (size_t i = 0; list && i < count; i++)
        if (!(list[i] = strdup(words[i])))
            abort();
    return list;
}

static int fill_env(struct run_request *request, const struct run_words *w, struct error *err)
{
    request->env = calloc(w->env_count + 1, sizeof *request->env);
    if (!request->env)
        return error_set(err, ENOMEM, "environment: %m");
    size_t n = 0;
    for (size_t i = 0; i < w->env_count; i++) {
        const char *value = getenv(w->env[i]);
        if (strchr(w->env[i], '='))
            request->env[n] = strdup(w->env[i]);
        else if (!value)
            continue; /* as env(1) and docker do: what is not set here is not set there */
        else if (asprintf(&request->env[n], "%s=%s", w->env[i], value) < 0)
            request->env[n] = NULL;
        if (!request->env[n++])
            return error_set(err, ENOMEM, "environment: %m");
    }
    return 0;
}

/* The language's own name, or NULL with the error set. Without a readable languages folder (a client's
 * machine) the server knows what a name means. */
static const char *choose_language(struct run_job *job, const struct run_words *w, const char *path,
                                   struct error *err)
{
    int r = languages_load(&job->languages, job->settings.languages_dir, NULL, err);
    if (r < 0)
        return w->language && !w->local ? w->language : NULL;
    const struct language *language =
        w->language ? languages_find(&job->languages, w->language) : languages_by_file(&job->languages, path);
    if (language)
        return language->name;
    if (w->language)
        error_set(err, EINVAL, "no such language: %s; see 'phial languages'", w->language);
    else
        error_set(err, EINVAL,
                  "%s: its name does not tell the language; add --language NAME (see 'phial languages')",
                  path);
    return NULL;
}

static int fill_request(struct run_job *job, const struct run_words *w, const char *path, struct error *err)
{
    struct run_request *request = &job->request;
    const char *name = choose_language(job, w, path, err);
    if (!name)
        return -err->code;
    const struct language *language = languages_find(&job->languages, name);
    request->language = strdup(name);
    request->files = calloc(w->file_count + 1, sizeof *request->files);
    request->args = copy_list(w->args, w->arg_count);
    if (!request->language || !request->files || !request->args)
        return error_set(err, ENOMEM, "request: %m");
    request->trace = w->trace;
    request->limits = limits_unset();
    int r = fill_env(request, w, err);
    for (size_t i = 0; r == 0 && i < w->limit_count; i++)
        r = run_set_limit(&request->limits, w->limits[i], err);
    bool from_input = !strcmp(path, "-");
    if (r == 0)
        r = from_input ? add_file(request, "/dev/stdin", language ? language->file : "main", err)
                       : add_file(request, path, basename(path), err);
    for (size_t i = 0; r == 0 && i < w->file_count; i++)
        r = add_extra_file(request, w->files[i], err);
    if (r == 0 && !(from_input && !w->input))
        r = run_job_set_input(job, w->input ? w->input : "-", err);
    char pointer[256];
    return r < 0 ? r : run_request_check(request, pointer, err);
}

static int run_somewhere(struct run_job *job, const struct run_words *w)
{
    switch (way_choose("run", &job->settings, w->server, w->local)) {
    case WAY_SERVER:
        return run_job_server(job);
    case WAY_LOCAL:
        return run_job_local(job);
    case WAY_NONE:
        break;
    }
    return RUN_EXIT_FAULT;
}

static void job_free(struct run_job *job)
{
    for (size_t i = 0; i < array_length(job->kept); i++)
        packer_free(&job->kept[i]);
    if (job->input > 0)
        close(job->input);
    run_request_free(&job->request);
    languages_free(&job->languages);
    settings_free(&job->settings);
}

static int run_main(const struct command *command, int argc, char **argv)
{
    struct run_words words = {0};
    const char *value;
    int exit_code;
    for (int id; (id = options_next(command, argc, argv, &value, &exit_code)) != OPTION_END;)
        if (id == OPTION_STOP)
            return exit_code;
        else
            take_option(&words, id, value);
    if (optind == argc)
        return command_usage_error(command, "which FILE?");
    if (words.server && words.local)
        return command_usage_error(command, "--server and --local exclude each other");
    const char *path = argv[optind++];
    while (optind < argc) {
        add(&words, arg, argv[optind]);
        optind++;
    }
    struct error err = {0};
    struct run_job job = {.input = -1, .json = words.json};
    if (settings_options_load(&words.settings, &job.settings, &err) < 0) {
        fprintf(stderr, "phial: run: %s\n", err.text);
        return RUN_EXIT_USAGE;
    }
    if (fill_request(&job, &words, path, &err) < 0) {
        fprintf(stderr, "phial: run: %s\n", err.text);
        exit_code = RUN_EXIT_USAGE;
    } else {
        exit_code = run_somewhere(&job, &words);
    }
    job_free(&job);
    return exit_code;
}

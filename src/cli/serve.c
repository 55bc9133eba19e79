/* phial serve: from the command line to a supervisor. */
#include "cli/cli.h"
#include "cli/supervisor.h"
#include "http/keys.h"

#include <errno.h>
#include <getopt.h>
#include <sys/stat.h>

enum { OPTION_LISTEN = 256, OPTION_COURSE };

static const struct option_row rows[] = {
    {OPTION_LISTEN, "listen", "ADDRESS",
     "HOST:PORT, [IPV6]:PORT or unix:/PATH; several with commas, or given\n"
     "several times; instead of the setting 'listen'"},
    {OPTION_COURSE, "course", "DIR",
     "a course, or a folder of courses, to show on the site; may be given several times; instead of the\n"
     "setting 'course_dirs'"},
    SETTINGS_OPTION_ROWS,
};

static int serve_main(const struct command *command, int argc, char **argv);

static void print_settings(FILE *out)
{
    fputs("\nSettings, for --set and the settings file:\n", out);
    settings_help(out, SETTINGS_HELP_PLAIN);
}

const struct command command_serve = {
    .name = "serve",
    .summary = "Serve the HTTP API",
    .usage = "[OPTION...]",
    .text = "Needs root: it starts a privileged executor, which makes the sandboxes, and an unprivileged "
            "frontend, which\n"
            "speaks HTTP, and starts each anew when it dies. SIGTERM and SIGINT stop it once running "
            "programs have\n"
            "ended; a second one stops it at once. SIGHUP reads the settings again.\n",
    COMMAND_OPTIONS(rows),
    .more_help = print_settings,
    .main = serve_main,
    .usage_exit = EXIT_USAGE,
};

/* Beyond loopback anyone can call, so there must be a key that they can be asked for. */
static int check_keys(const struct supervisor *s, struct error *err)
{
    for (size_t i = 0; i < s->listeners.count && !s->settings.public_site; i++) {
        if (s->listeners.items[i].loopback)
            continue;
        int count = keys_count(s->settings.state_dir, err);
        if (count < 0)
            return count;
        if (count == 0)
            return error_set(
                err, EACCES,
                "listen on %s: other machines could run programs here without an API key; make one first "
                "with 'phial key new', or listen on 127.0.0.1, or set 'public_site'",
                s->listeners.items[i].name);
    }
    return 0;
}

static int load(struct supervisor *s, struct error *err)
{
    int r = settings_options_load(&s->options, &s->settings, err);
    if (r < 0)
        return r;
    r = languages_load(&s->languages, s->settings.languages_dir, s->settings.images_dir, err);
    if (r < 0)
        return r;
    mkdir(s->settings.run_dir, 0755);
    mkdir(s->settings.state_dir, 0755);
    r = listeners_open(&s->listeners, &s->settings, err);
    return r < 0 ? r : check_keys(s, err);
}

int serve(struct supervisor *s)
{
    struct error err = {0};
    if (geteuid() != 0) {
        error_set(&err, EPERM,
                  "serve: only root can make sandboxes; run it as root, or install the systemd unit");
        return command_error(&err);
    }
    int exit_code = load(s, &err) < 0 ? command_error(&err) : supervise(s);
    listeners_close(&s->listeners);
    languages_free(&s->languages);
    settings_free(&s->settings);
    return exit_code;
}

/* "NAME=FIRST,SECOND", as --set takes it, of an option that may be given several times. */
struct option_list {
    const char *name;
    char text[4096];
};

static void list_add(struct option_list *list, const char *value)
{
    size_t length = strlen(list->text);
    if (length == 0)
        snprintf(list->text, sizeof list->text, "%s=%s", list->name, value);
    else
        snprintf(list->text + length, sizeof list->text - length, ",%s", value);
}

static int serve_main(const struct command *command, int argc, char **argv)
{
    static struct supervisor s = {.watch = -1};
    static struct option_list listen = {.name = "listen"}, courses = {.name = "course_dirs"};
    const char *value;
    int exit_code;
    for (int id; (id = options_next(command, argc, argv, &value, &exit_code)) != OPTION_END;) {
        if (id == OPTION_STOP)
            return exit_code;
        if (id == OPTION_LISTEN)
            list_add(&listen, value);
        else if (id == OPTION_COURSE)
            list_add(&courses, value);
        else
            settings_options_take(&s.options, id, value);
    }
    if (optind < argc)
        return command_usage_error(command, "no operand is expected: %s", argv[optind]);
    const struct option_list *lists[] = {&listen, &courses};
    for (size_t i = 0; i < array_length(lists); i++)
        if (*lists[i]->text)
            settings_options_take(&s.options, OPTION_SET, lists[i]->text);
    return serve(&s);
}

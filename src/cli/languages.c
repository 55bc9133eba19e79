/* phial languages: what can be run here. */
#include "cli/cli.h"
#include "cli/settings_options.h"
#include "run/run.h"

#include <getopt.h>

enum { OPTION_JSON = 256 };

static const struct option_row rows[] = {
    {OPTION_JSON, "json", NULL, "print JSON"},
    SETTINGS_OPTION_ROWS,
};

static int languages_main(const struct command *command, int argc, char **argv);

const struct command command_languages = {
    .name = "languages",
    .summary = "List the languages",
    .usage = "[OPTION...]",
    COMMAND_OPTIONS(rows),
    .main = languages_main,
    .usage_exit = EXIT_USAGE,
};

static void print_json(const struct languages *ls, const struct limits *ceiling)
{
    json_t *list = languages_json(ls, ceiling);
    json_dumpf(list, stdout, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
    putchar('\n');
    json_decref(list);
}

static void join(char *to, size_t room, char **words)
{
    *to = 0;
    for (size_t at = 0; *words && at < room; words++)
        at += (size_t)snprintf(to + at, room - at, "%s%s", at ? " " : "", *words);
}

static void print_table(const struct languages *ls)
{
    const char *bold = style_on(stdout, STYLE_BOLD), *warn = style_on(stdout, STYLE_WARN);
    const char *plain = style_on(stdout, STYLE_PLAIN);
    printf("%s%-12s %-20s %-22s %s%s\n", bold, "NAME", "VERSION", "EXTENSIONS", "ALIASES", plain);
    for (size_t i = 0; i < ls->count; i++) {
        const struct language *l = &ls->items[i];
        char extensions[256], aliases[256];
        join(extensions, sizeof extensions, l->extensions);
        join(aliases, sizeof aliases, l->aliases);
        printf("%-12s %s%-20s%s %-22s %s\n", l->name, l->version ? "" : warn,
               l->version ? l->version : "no image yet", plain, extensions, aliases);
    }
}

static int languages_main(const struct command *command, int argc, char **argv)
{
    struct settings_options options = {0};
    const char *value;
    bool json = false;
    int exit_code;
    for (int id; (id = options_next(command, argc, argv, &value, &exit_code)) != OPTION_END;)
        if (id == OPTION_STOP)
            return exit_code;
        else if (id == OPTION_JSON)
            json = true;
        else
            settings_options_take(&options, id, value);
    if (optind < argc)
        return command_usage_error(command, "no operand is expected: %s", argv[optind]);
    struct error err = {0};
    struct settings settings;
    struct languages languages = {0};
    if (settings_options_load(&options, &settings, &err) < 0)
        return command_error(&err);
    int r = languages_load(&languages, settings.languages_dir, settings.images_dir, &err);
    if (r >= 0)
        json ? print_json(&languages, &settings.ceiling) : print_table(&languages);
    languages_free(&languages);
    settings_free(&settings);
    return r < 0 ? command_error(&err) : EXIT_OK;
}

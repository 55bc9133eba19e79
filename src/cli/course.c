/* phial course: from the command line to one of its parts. */
#include "cli/course.h"

#include <getopt.h>

enum { OPTION_JSON = 256, OPTION_LISTEN };

static const struct option_row rows[] = {
    {OPTION_JSON, "json", NULL, "check: print JSON"},
    {OPTION_LISTEN, "listen", "ADDRESS", "preview: HOST:PORT instead of the setting 'listen'"},
    SETTINGS_OPTION_ROWS,
};

static int course_main(const struct command *command, int argc, char **argv);

const struct command command_course = {
    .name = "course",
    .summary = "Check, preview, begin and import courses",
    .usage = "check DIR | preview DIR | new DIR | import exercism DIR OUT | import livebook FILE OUT",
    .text =
        "A course is a folder of lessons and exercises; docs/lessons.md says how to write one.\n"
        "'check' reads it and runs every snippet, every reference solution (which must pass) and every stub "
        "(which\n"
        "must not), each in a sandbox, and exits with 1 when anything is wrong. 'preview' serves it on this "
        "machine\n"
        "and shows it anew when a file is saved. Both need root. 'new' makes a small one to begin with; "
        "'import' makes\n"
        "one of an Exercism track (or a folder of its exercises), or of a Livebook notebook.\n",
    COMMAND_OPTIONS(rows),
    .main = course_main,
    .usage_exit = EXIT_USAGE,
};

static int load(struct course_command *c, struct error *err)
{
    int r = settings_options_load(&c->options, &c->settings, err);
    if (r < 0)
        return r;
    return languages_load(&c->languages, c->settings.languages_dir, c->settings.images_dir, err);
}

static int check(struct course_command *c, char **operands)
{
    return course_check(c, operands[0]);
}

static int preview(struct course_command *c, char **operands)
{
    return course_preview(c, operands[0]);
}

static int new (struct course_command *c, char **operands)
{
    return course_new(c, operands[0]);
}

static int import(struct course_command *c, char **operands)
{
    return course_import(c, operands[0], operands[1], operands[2]);
}

static const struct part {
    const char *name, *operands;
    int operand_count;
    int (*main)(struct course_command *c, char **operands);
} parts[] = {
    {"check", "DIR", 1, check},
    {"preview", "DIR", 1, preview},
    {"new", "DIR", 1, new},
    {"import", "KIND, FROM and OUT", 3, import},
};

static const struct part *find_part(const char *name)
{
    for (size_t i = 0; i < array_length(parts); i++)
        if (!strcmp(parts[i].name, name))
            return &parts[i];
    return NULL;
}

static int course_main(const struct command *command, int argc, char **argv)
{
    struct course_command c = {.command = command};
    const char *value;
    int exit_code;
    for (int id; (id = options_next(command, argc, argv, &value, &exit_code)) != OPTION_END;) {
        if (id == OPTION_STOP)
            return exit_code;
        if (id == OPTION_JSON)
            c.json = true;
        else if (id == OPTION_LISTEN)
            c.listen = value;
        else
            settings_options_take(&c.options, id, value);
    }
    if (optind == argc)
        return command_usage_error(command, "what is to be done?");
    const struct part *part = find_part(argv[optind]);
    if (!part)
        return command_usage_error(command, "no such part: %s", argv[optind]);
    if (argc - optind != part->operand_count + 1)
        return command_usage_error(command, "%s: which %s?", part->name, part->operands);
    struct error err = {0};
    exit_code = load(&c, &err) < 0 ? command_error(&err) : part->main(&c, argv + optind + 1);
    languages_free(&c.languages);
    settings_free(&c.settings);
    return exit_code;
}

/* phial: runs code that nobody trusts. Finds the subcommand; does nothing else. */
#include "cli/cli.h"
#include "settings/settings.h"

#include <errno.h>
#include <fcntl.h>

static int help_main(const struct command *command, int argc, char **argv);

enum { OPTION_MARKDOWN = 256 };

static const struct option_row help_rows[] = {
    {OPTION_MARKDOWN, "markdown", NULL, "settings: as a Markdown table"},
};

const struct command command_help = {
    .name = "help",
    .summary = "Explain a subcommand",
    .usage = "[COMMAND | settings]",
    .text = "'phial help settings' lists what --set and the settings file know.\n",
    COMMAND_OPTIONS(help_rows),
    .main = help_main,
    .usage_exit = EXIT_USAGE,
};

static const struct command *const commands[] = {
    &command_run, &command_grade,  &command_serve,  &command_doctor, &command_languages, &command_image,
    &command_key, &command_backup, &command_attack, &command_course, &command_help,
};

static const struct command *find_command(const char *name)
{
    for (size_t i = 0; i < array_length(commands); i++)
        if (!strcmp(commands[i]->name, name))
            return commands[i];
    return NULL;
}

static void print_overview(FILE *out)
{
    fputs("Usage: phial COMMAND [OPTION...]\n"
          "Run code that nobody trusts, each run in a fresh sandbox.\n\nCommands:\n",
          out);
    for (size_t i = 0; i < array_length(commands); i++)
        fprintf(out, "  %-11s %s\n", commands[i]->name, commands[i]->summary);
    fputs("\n'phial help COMMAND' explains a command; 'phial --version' prints the version.\n", out);
}

static int unknown_command(const char *name)
{
    fprintf(stderr, "phial: no such command: %s; see 'phial help'\n", name);
    return EXIT_USAGE;
}

static int help_main(const struct command *command, int argc, char **argv)
{
    const char *value;
    int exit_code;
    enum settings_help_form form = SETTINGS_HELP_PLAIN;
    for (int id; (id = options_next(command, argc, argv, &value, &exit_code)) != OPTION_END;)
        if (id == OPTION_STOP)
            return exit_code;
        else
            form = SETTINGS_HELP_MARKDOWN;
    if (optind == argc) {
        print_overview(stdout);
        return EXIT_OK;
    }
    if (!strcmp(argv[optind], "settings")) {
        settings_help(stdout, form);
        return EXIT_OK;
    }
    const struct command *named = find_command(argv[optind]);
    if (!named)
        return unknown_command(argv[optind]);
    command_print_help(named, stdout);
    return EXIT_OK;
}

/* A closed descriptor 0, 1 or 2 would be taken by the next file that is opened, and a message would then go
 * into it. */
static void fill_standard_descriptors(void)
{
    for (int fd = open("/dev/null", O_RDWR); fd >= 0; fd = dup(fd))
        if (fd > 2) {
            close(fd);
            break;
        }
}

int main(int argc, char **argv)
{
    fill_standard_descriptors();
    if (argc < 2) {
        print_overview(stderr);
        return EXIT_USAGE;
    }
    if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")) {
        print_overview(stdout);
        return EXIT_OK;
    }
    if (!strcmp(argv[1], "--version") || !strcmp(argv[1], "-V")) {
        puts("phial " PHIAL_VERSION);
        return EXIT_OK;
    }
    const struct command *command = find_command(argv[1]);
    if (!command)
        return unknown_command(argv[1]);
    int code = command->main(command, argc - 1, argv + 1);
    if (fflush(stdout) != 0 && code == EXIT_OK) {
        fprintf(stderr, "phial: writing standard output failed: %s\n", strerror(errno));
        return EXIT_BAD;
    }
    return code;
}

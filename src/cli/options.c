/* One table of options a subcommand: parsing and --help are made from it. */
#include "cli/cli.h"

#include <getopt.h>
#include <stdarg.h>

enum { OPTIONS_MOST = 32, HELP_COLUMN = 30 };

/* getopt_long's own two tables, made from ours. "+" is not set: options may stand behind operands, as users
 * of GNU tools expect; "--" ends them. */
static void make_tables(const struct command *command, struct option *rows, char *letters)
{
    size_t n = command->option_count < OPTIONS_MOST ? command->option_count : OPTIONS_MOST;
    *letters++ = ':';
    for (size_t i = 0; i < n; i++) {
        const struct option_row *row = &command->options[i];
        rows[i] = (struct option){row->name, row->argument ? required_argument : no_argument, NULL, row->id};
        if (row->id < 256) {
            *letters++ = (char)row->id;
            if (row->argument)
                *letters++ = ':';
        }
    }
    rows[n] = (struct option){"help", no_argument, NULL, 'h'};
    rows[n + 1] = (struct option){0};
    *letters++ = 'h';
    *letters = 0;
}

int options_next(const struct command *command, int argc, char **argv, const char **value, int *exit_code)
{
    struct option rows[OPTIONS_MOST + 2];
    char letters[2 * OPTIONS_MOST + 4];
    make_tables(command, rows, letters);
    opterr = 0;
    int before = optind ? optind : 1;
    int id = getopt_long(argc, argv, letters, rows, NULL);
    *value = optarg;
    switch (id) {
    case -1:
        return OPTION_END;
    case 'h':
        command_print_help(command, stdout);
        *exit_code = EXIT_OK;
        return OPTION_STOP;
    case ':':
        *exit_code = command_usage_error(command, "%s needs a value", argv[optind - 1]);
        return OPTION_STOP;
    case '?':
        if (optopt > 0 && optopt < 256)
            *exit_code = command_usage_error(command, "no such option: -%c", optopt);
        else
            *exit_code = command_usage_error(command, "no such option, or a value where none belongs: %s",
                                             argv[optind > before ? optind - 1 : before]);
        return OPTION_STOP;
    default:
        return id;
    }
}

static void print_row(const struct option_row *row, FILE *out)
{
    char left[80];
    const char *space = row->argument ? " " : "", *argument = row->argument ? row->argument : "";
    int width = row->id < 256
                    ? snprintf(left, sizeof left, "  -%c, --%s%s%s", row->id, row->name, space, argument)
                    : snprintf(left, sizeof left, "      --%s%s%s", row->name, space, argument);
    fputs(left, out);
    if (width >= HELP_COLUMN) {
        fputc('\n', out);
        width = 0;
    }
    for (const char *line = row->help; line;) {
        int length = (int)strcspn(line, "\n");
        fprintf(out, "%*s%.*s\n", HELP_COLUMN - width, "", length, line);
        width = 0;
        line = line[length] ? line + length + 1 : NULL;
    }
}

void command_print_help(const struct command *command, FILE *out)
{
    fprintf(out, "Usage: phial %s%s%s\n%s.\n", command->name, *command->usage ? " " : "", command->usage,
            command->summary);
    if (command->text)
        fprintf(out, "\n%s", command->text);
    fputs("\nOptions:\n", out);
    for (size_t i = 0; i < command->option_count; i++)
        print_row(&command->options[i], out);
    print_row(&(struct option_row){'h', "help", NULL, "print this help"}, out);
    if (command->more_help)
        command->more_help(out);
}

int command_usage_error(const struct command *command, const char *format, ...)
{
    char text[1024];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    fprintf(stderr, "phial %s: %s; see 'phial help %s'\n", command->name, text, command->name);
    return command->usage_exit;
}

int command_error(const struct error *err)
{
    fprintf(stderr, "phial: %s\n", err->text);
    return EXIT_BAD;
}

/* cli: the phial command. One file a subcommand; what they share is declared here.
 *
 * main.c finds the subcommand in its table; each subcommand has one table of options, from which both parsing
 * and
 * --help are made (options.c). This room may touch what the rooms above it may; it holds no rules of its own
 * about sandboxes, HTTP or languages.
 */
#ifndef PHIAL_CLI_CLI_H
#define PHIAL_CLI_CLI_H

#include "base/base.h"

#include <stdio.h>

/* Exit codes of every subcommand but `run`, whose own stand in run.h. */
enum { EXIT_OK = 0, EXIT_BAD = 1, EXIT_USAGE = 2 };

/* ---- options (options.c) ---- */

struct option_row {
    int id;               /* what options_next() returns: the short letter, or a number from 256 on */
    const char *name;     /* the long name */
    const char *argument; /* NULL when it takes none */
    const char *help;     /* one line; further lines after "\n" */
};

struct command {
    const char *name, *summary;
    const char *usage; /* what stands behind "phial NAME" */
    const char *text;  /* further lines of --help; may be NULL */
    const struct option_row *options;
    size_t option_count;
    void (*more_help)(FILE *out); /* what --help prints below the options; may be NULL */
    int (*main)(const struct command *command, int argc, char **argv);
    int usage_exit; /* the exit code of a usage error */
};
#define COMMAND_OPTIONS(rows) .options = (rows), .option_count = array_length(rows)

extern const struct command command_run, command_grade, command_serve, command_doctor, command_languages,
    command_image, command_key, command_backup, command_attack, command_course, command_help;

enum { OPTION_END = -1, OPTION_STOP = -2 };
/* The next option's id, with its argument in *value; OPTION_END when only operands are left (from `optind`
 * on); OPTION_STOP when --help was asked or the usage was wrong: all is printed, leave with *exit_code. */
int options_next(const struct command *command, int argc, char **argv, const char **value, int *exit_code);
void command_print_help(const struct command *command, FILE *out);
/* Prints "phial NAME: text; see 'phial help NAME'" and returns the command's usage_exit. */
int command_usage_error(const struct command *command, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Prints "phial: text" on standard error and returns EXIT_BAD. */
int command_error(const struct error *err);

/* Gives up root for good and becomes `user` (nobody when there is no such user), and looks whether root is
 * gone; the caller then ends with its parent (drop_root.c). */
int drop_root(const char *user, struct error *err);

/* ---- the terminal (terminal.c) ---- */

enum style { STYLE_PLAIN, STYLE_BOLD, STYLE_GOOD, STYLE_BAD, STYLE_WARN, STYLE_DIM };
/* The sequence that begins a style on `out`, "" when it is no terminal or NO_COLOR is set; STYLE_PLAIN ends
 * it. */
const char *style_on(FILE *out, enum style style);
/* Columns of the terminal, 80 when unknown. */
unsigned terminal_width(void);

#endif

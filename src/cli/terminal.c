/* Colours and widths: only on a terminal, and never against the user's wish (https://no-color.org). */
#include "cli/cli.h"

#include <sys/ioctl.h>

const char *style_on(FILE *out, enum style style)
{
    static const char *const sequences[] = {
        [STYLE_PLAIN] = "\033[0m", [STYLE_BOLD] = "\033[1m",  [STYLE_GOOD] = "\033[32m",
        [STYLE_BAD] = "\033[31m",  [STYLE_WARN] = "\033[33m", [STYLE_DIM] = "\033[2m",
    };
    const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
    if ((no_color && *no_color) || !term || !strcmp(term, "dumb") || !isatty(fileno(out)))
        return "";
    return sequences[style];
}

unsigned terminal_width(void)
{
    struct winsize size;
    for (int fd = 1; fd <= 2; fd++)
        if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
            return size.ws_col;
    return 80;
}

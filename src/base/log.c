#include "base/base.h"

#include <stdarg.h>
#include <stdio.h>

void log_line(enum log_level level, const char *part, const char *format, ...)
{
    /* sd-daemon(3): a line that journald reads may begin with its syslog priority. */
    static const struct {
        const char *journal, *plain;
    } marks[] = {{"<3>", "error"}, {"<4>", "warning"}, {"<6>", "info"}, {"<7>", "debug"}};
    char line[2048];
    if (level > LOG_LEVEL_WARNING && getenv("PHIAL_QUIET"))
        return;
    bool journal = getenv("JOURNAL_STREAM") != NULL;
    int n = snprintf(line, sizeof line, "%s phial[%s]: ", journal ? marks[level].journal : marks[level].plain,
                     part);
    va_list args;
    va_start(args, format);
    n += vsnprintf(line + n, sizeof line - (size_t)n, format, args);
    va_end(args);
    if (n > (int)sizeof line - 2)
        n = sizeof line - 2;
    /* What comes from outside must not forge a second line. */
    for (int i = 0; i < n; i++)
        if ((unsigned char)line[i] < ' ')
            line[i] = ' ';
    line[n++] = '\n';
    (void)!write(STDERR_FILENO, line, (size_t)n); /* one write: lines of several processes do not mix */
}

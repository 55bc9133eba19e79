#include "base/base.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#undef error_set
#undef error_context

int error_set(struct error *err, int code, const char *format, ...)
{
    if (!err)
        return -code;
    va_list args;
    va_start(args, format);
    err->code = code;
    errno = code; /* for %m */
    vsnprintf(err->text, sizeof err->text, format, args);
    va_end(args);
    return -code;
}

int error_context(struct error *err, const char *format, ...)
{
    if (!err)
        return -EIO;
    char context[512], old[sizeof err->text];
    va_list args;
    va_start(args, format);
    vsnprintf(context, sizeof context, format, args);
    va_end(args);
    memcpy(old, err->text, sizeof old);
    if (snprintf(err->text, sizeof err->text, "%s: %s", context, old) >= (int)sizeof err->text)
        memcpy(err->text + sizeof err->text - 4, "...", 4);
    return -err->code;
}

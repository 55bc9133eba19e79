/* What the texts of language.yaml must look like. */
#include "language/read.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>

static bool only(const char *text, const char *also)
{
    for (; *text; text++)
        if (!islower((unsigned char)*text) && !isdigit((unsigned char)*text) && !strchr(also, *text))
            return false;
    return true;
}

static bool printable(const char *text)
{
    size_t n = strlen(text);
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
            return false;
    return utf8_valid(text, n);
}

const char *check_name(const char *text)
{
    if (!islower((unsigned char)text[0]) || !only(text, "+-") || strlen(text) > 32)
        return "must be 1 to 32 of a-z, 0-9, + and -, beginning with a letter";
    return NULL;
}

const char *check_title(const char *text)
{
    return *text && strlen(text) <= 64 && printable(text) ? NULL : "must be 1 to 64 printable bytes";
}

const char *check_extension(const char *text)
{
    if (text[0] != '.' || !text[1] || strlen(text) > 16 || !only(text + 1, "+-_"))
        return "must be a dot and 1 to 15 of a-z, 0-9, +, - and _";
    return NULL;
}

/* True when no component of the path is "", "." or "..". A leading slash is passed over. */
static bool plain_path(const char *text)
{
    if (*text == '/')
        text++;
    for (;;) {
        size_t n = strcspn(text, "/");
        if (n == 0 || n > NAME_MAX || (n == 1 && text[0] == '.') || (n == 2 && !strncmp(text, "..", 2)))
            return false;
        if (!text[n])
            return true;
        text += n + 1;
    }
}

const char *check_file_name(const char *text)
{
    if (text[0] == '/' || text[0] == '-' || !plain_path(text) || strlen(text) > 255 || !printable(text))
        return "must be a relative path without \"..\" that does not begin with \"-\"";
    return NULL;
}

const char *check_source(const char *text)
{
    return check_file_name(text) ? "must be a relative path in the language's folder, without \"..\"" : NULL;
}

const char *check_package(const char *text)
{
    if (!isalnum((unsigned char)text[0]) || !only(text, "+-.") || strlen(text) < 2 || strlen(text) > 128)
        return "must be the name of a Debian package";
    return NULL;
}

const char *check_absolute(const char *text)
{
    if (text[0] != '/' || !plain_path(text) || strlen(text) >= PATH_MAX || !printable(text))
        return "must be an absolute path without \"..\"";
    return NULL;
}

const char *check_glob(const char *text)
{
    return check_absolute(text) ? "must be an absolute path, or a pattern for such, without \"..\"" : NULL;
}

const char *check_argument(const char *text)
{
    return *text && strlen(text) <= 4096 && printable(text) ? NULL : "must be 1 to 4096 printable bytes";
}

const char *check_tests_run(const char *text)
{
    return !strcmp(text, "apart") || !strcmp(text, "together") ? NULL : "must be apart or together";
}

const char *check_tests_text(const char *text)
{
    return strstr(text, "{solution}") && strstr(text, "{test}") && strlen(text) <= 4096 &&
                   utf8_valid(text, strlen(text))
               ? NULL
               : "must be a program of at most 4096 bytes with {solution} and {test} in it";
}

const char *check_call(const char *text)
{
    return strstr(text, "{call}") && strlen(text) <= 4096 && utf8_valid(text, strlen(text))
               ? NULL
               : "must be a program of at most 4096 bytes with {call} in it";
}

const char *check_environment_name(const char *text)
{
    if (!*text || isdigit((unsigned char)*text) || strlen(text) > 64)
        return "must be the name of an environment variable";
    for (; *text; text++)
        if (!isalnum((unsigned char)*text) && *text != '_')
            return "must be the name of an environment variable: letters, digits and _";
    return NULL;
}

/* The kernel keeps no more than 15 bytes of a program's name (TASK_COMM_LEN). */
const char *check_program_name(const char *text)
{
    size_t n = strlen(text);
    for (size_t i = 0; i < n; i++)
        if (!isalnum((unsigned char)text[i]) && !strchr("_.+-", text[i]))
            n = 0;
    return n >= 1 && n <= 15 && text[0] != '.'
               ? NULL
               : "must be a program's name without a path: 1 to 15 letters, digits, _, ., + and -";
}

const char *check_system_call(const char *text)
{
    return *text && only(text, "_") && strlen(text) <= 64 ? NULL : "must be the name of a system call";
}

/* phial course import: a course from content that is there. */
#include "cli/course_import.h"

int course_import(const struct course_command *c, const char *kind, const char *from, const char *to)
{
    static const struct {
        const char *kind;
        int (*import)(const struct course_command *c, const char *from, const char *to, struct error *err);
    } kinds[] = {{"exercism", course_import_exercism}, {"livebook", course_import_livebook}};
    struct error err = {0};
    for (size_t i = 0; i < array_length(kinds); i++) {
        if (strcmp(kinds[i].kind, kind) != 0)
            continue;
        int r = course_check_name(to, &err);
        if (r == 0)
            r = kinds[i].import(c, from, to, &err);
        return r < 0 ? command_error(&err) : EXIT_OK;
    }
    return command_usage_error(c->command, "import: what is %s? There are exercism and livebook", kind);
}

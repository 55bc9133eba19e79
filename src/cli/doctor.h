/* `phial doctor`: its files share the list of findings. doctor.c: walls, host, images; doctor_warm.c: warm
 * templates. */
#ifndef PHIAL_CLI_DOCTOR_H
#define PHIAL_CLI_DOCTOR_H

#include "cli/cli.h"
#include "language/language.h"
#include "settings/settings.h"

#include <jansson.h>

/* How a finding is to be taken. Only a bad one makes phial unusable. */
enum grade { GRADE_GOOD, GRADE_NOTE, GRADE_BAD };

struct doctor {
    struct settings settings;
    struct languages languages;
    bool json, bad;
    json_t *walls, *host, *language_list, *templates, *sleepers;
};

/* Puts it into `list` (as {kind: name, state, why, cure}) and on the screen. `cure` "" for none. Returns the
 * object, which is the list's, for what else there is to say. */
json_t *doctor_add(struct doctor *d, json_t *list, const char *kind, const char *name, enum grade grade,
                   const char *why, const char *cure);
void doctor_heading(const struct doctor *d, const char *text);
/* The first line of a file of the kernel's. */
bool doctor_read_line(const char *path, char line[static 256]);

/* Boots the template of each language and says which become warm and why the others do not; then, what a
 * thousand and five thousand sleeping runs of each need, and whether this host has it. */
void doctor_check_templates(struct doctor *d);

#endif

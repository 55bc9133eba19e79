/* language/read: language.yaml into a struct language. Private to this room. */
#ifndef PHIAL_LANGUAGE_READ_H
#define PHIAL_LANGUAGE_READ_H

#include "language/language.h"

/* Reads and checks DIR/FOLDER/language.yaml. On failure nothing is left in *language. */
int language_read(struct language *language, const char *dir, const char *folder, struct error *err);
void language_free(struct language *language);

/* A check of one text, of a list's each text, or of a map's key or value (check.c): NULL when it is good,
 * else what it must be. */
typedef const char *text_check(const char *text);
text_check check_name, check_title, check_extension, check_file_name, check_package, check_absolute,
    check_glob, check_source, check_argument, check_environment_name, check_program_name, check_system_call;

/* Lists that end with NULL. */
/* Appends `text` (taken, also on failure). 0 or -ENOMEM. */
int list_add(char ***list, char *text);

#endif

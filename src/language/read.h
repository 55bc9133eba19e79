/* language/read: language.yaml into a struct language. Private to this room. */
#ifndef PHIAL_LANGUAGE_READ_H
#define PHIAL_LANGUAGE_READ_H

#include "base/fields.h"
#include "language/language.h"

/* Reads and checks DIR/FOLDER/language.yaml. On failure nothing is left in *language. */
int language_read(struct language *language, const char *dir, const char *folder, struct error *err);
void language_free(struct language *language);

/* What the texts of language.yaml must look like (check.c). */
text_check check_name, check_title, check_extension, check_file_name, check_package, check_absolute,
    check_glob, check_source, check_argument, check_environment_name, check_program_name, check_system_call,
    check_tests_run, check_tests_text, check_call;

#endif

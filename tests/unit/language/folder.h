/* A folder for one test, with files in it. */
#ifndef PHIAL_TESTS_LANGUAGE_FOLDER_H
#define PHIAL_TESTS_LANGUAGE_FOLDER_H

#include "unit.h"

#include "base/base.h"

struct folder {
    char path[64];
    int fd;
};
/* cmocka set-up and tear-down: *state is a struct folder. */
int folder_make(void **state);
int folder_remove(void **state);
/* Writes a file below the folder; makes the folders on the way. */
void folder_put(const struct folder *f, const char *name, const char *text);
/* The path of something in the folder, in one of a few static buffers. */
const char *folder_path(const struct folder *f, const char *name);
bool folder_has(const struct folder *f, const char *name);

#endif

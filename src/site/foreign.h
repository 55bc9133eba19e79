/* site/foreign: what browsers send in forms, beyond their coding. Pure and fuzzed. */
#ifndef PHIAL_SITE_FOREIGN_H
#define PHIAL_SITE_FOREIGN_H

#include "base/base.h"

/* Line feeds for browsers' CR LF; zero-ended as before. */
void foreign_line_ends(char *text, size_t *size);
/* True for a path of this site, nothing that a browser would take for another's address or that would end a
 * header field. */
bool foreign_is_own_path(const char *path);

/* "COURSE/LESSON#run.BLOCK": the place of a snippet. */
struct foreign_place {
    char course[65], lesson[65];
    uint64_t block;
};
bool foreign_place(struct foreign_place *place, const char *text);

#endif

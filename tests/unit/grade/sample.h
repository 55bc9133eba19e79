/* A request such as the tests of this room take: one solution, two files of tests, one of them hidden. */
#ifndef PHIAL_TESTS_GRADE_SAMPLE_H
#define PHIAL_TESTS_GRADE_SAMPLE_H

#include "grade/grade.h"
#include "unit.h"

/* A language with both ways to judge by tests chosen by `tests`: "apart", "together" or NULL. */
const struct language *sample_language(const char *tests);
struct grade_request sample_tests(const struct language *language);
/* Two visible cases of output, one hidden. */
struct grade_request sample_cases(const struct language *language);
void add_file(struct grade_request *r, enum grade_part part, const char *name, const char *text, bool hidden);

#endif

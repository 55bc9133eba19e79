/* api/grade_parse: the body of POST /api/v1/grade into a request. Pure and fuzzed. */
#ifndef PHIAL_API_GRADE_PARSE_H
#define PHIAL_API_GRADE_PARSE_H

#include "grade/grade.h"
#include "http/problem.h"

/* Fills the exercise named `id` into an empty request: language, tests, support, rules, cases, `exercise`,
 * `file`. 0, -ENOENT or -ENOMEM. */
typedef int api_exercise_lookup(void *context, const char *id, struct grade_request *to);

/* Reads and checks the body; `lookup` may be NULL when there are no exercises. 0, or -1 with *problem filled
 * in; grade_request_free() in any case. */
int parse_grade(struct grade_request *to, const char *body, size_t size, const struct languages *languages,
                api_exercise_lookup *lookup, void *lookup_context, struct problem *problem);
/* grade_request_check(), with a problem. */
int grade_problem(const struct grade_request *r, struct problem *problem);

#endif

/* From an exercise to what is to be judged. */
#include "grade/grade.h"
#include "site/course.h"

#include <errno.h>

static int add_files(struct grade_request *to, enum grade_part part, const struct course_files *files)
{
    int e = 0;
    for (size_t i = 0; e == 0 && i < files->count; i++) {
        const struct course_file *f = &files->items[i];
        e = grade_add_file(to, part, f->name, f->data, f->size, f->hidden);
    }
    return e;
}

static int add_cases(struct grade_request *to, const struct course_exercise *exercise)
{
    int e = 0;
    for (size_t i = 0; e == 0 && i < exercise->case_count; i++) {
        const struct course_case *c = &exercise->cases[i];
        struct grade_case added = {.name = c->name,
                                   .input = c->input,
                                   .input_size = c->input ? strlen(c->input) : 0,
                                   .output = c->output,
                                   .call = c->call,
                                   .value = c->value,
                                   .hidden = c->hidden};
        e = grade_add_case(to, &added);
    }
    return e;
}

int course_grade_request(struct grade_request *to, const struct course_exercise *exercise,
                         const struct languages *languages, const void *code, size_t size)
{
    *to = grade_request_new(languages_find(languages, exercise->language));
    int e = code ? grade_add_file(to, GRADE_SOLUTION, exercise->file, code, size, false) : 0;
    if (e == 0)
        e = add_files(to, GRADE_TESTS, &exercise->tests);
    if (e == 0)
        e = add_files(to, GRADE_SUPPORT, &exercise->support);
    if (e == 0)
        e = add_cases(to, exercise);
    if (e == 0)
        e = grade_add_rules(&to->forbid, exercise->forbid);
    if (e == 0)
        e = grade_add_rules(&to->require, exercise->require);
    /* Else a learner could make a macro of a function that the tests import, and so get to where they run. */
    to->apart_only = grade_plan(to) == GRADE_APART && !exercise->together;
    to->exercise = strdup(exercise->id);
    to->file = strdup(exercise->file);
    return e == 0 && (!to->exercise || !to->file) ? -ENOMEM : e;
}

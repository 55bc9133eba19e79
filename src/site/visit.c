#include "site/internal.h"

#include <errno.h>

void visit_begin(struct visit *visit, struct site *site, struct http_request *request)
{
    *visit = (struct visit){.site = site, .request = request};
    session_open(site->learners, request, &visit->session);
}

void visit_end(struct visit *visit)
{
    html_free(&visit->result.html);
    free(visit->result.code);
    free(visit->result.input);
    free(visit->passed);
    *visit = (struct visit){0};
}

/* ---- what has been passed ---- */

static void on_work(void *context, const char *id, const struct store_work *work)
{
    struct visit *visit = context;
    const struct course_exercise *exercise = work->passed ? site_find_exercise(visit->site, id) : NULL;
    if (!exercise) /* not passed yet, or no longer in the course */
        return;
    if (visit->passed_count == visit->passed_room) {
        size_t room = visit->passed_room ? 2 * visit->passed_room : 32;
        const struct course_exercise **more = realloc(visit->passed, room * sizeof *more);
        if (!more)
            return;
        visit->passed = more;
        visit->passed_room = room;
    }
    visit->passed[visit->passed_count++] = exercise;
}

static void learn_passed(struct visit *visit)
{
    if (visit->knows_passed)
        return;
    visit->knows_passed = true;
    if (visit->session.learner.id == 0)
        return;
    int e = store_all_work(visit->site->store, visit->session.learner.id, "", on_work, visit);
    if (e < 0 && e != -ENOENT)
        log_error("site", "read what a learner has passed: %s", strerror(-e));
}

bool visit_has_passed(struct visit *visit, const struct course_exercise *exercise)
{
    learn_passed(visit);
    for (size_t i = 0; i < visit->passed_count; i++)
        if (visit->passed[i] == exercise)
            return true;
    return false;
}

size_t visit_passed_of(struct visit *visit, const struct course_lesson *lesson)
{
    size_t n = 0;
    for (size_t i = 0; i < lesson->block_count; i++)
        if (lesson->blocks[i].kind == COURSE_EXERCISE)
            n += visit_has_passed(visit, lesson->blocks[i].exercise);
    return n;
}

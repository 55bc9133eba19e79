/* site: what the files of this room share. */
#ifndef PHIAL_SITE_INTERNAL_H
#define PHIAL_SITE_INTERNAL_H

#include "site/course.h"
#include "site/learners.h"
#include "site/page.h"
#include "site/site.h"
#include "site/static.h"

/* ---- courses as they are served (site.c, lesson.c) ---- */

struct site_lesson {
    const struct course_lesson *lesson;
    struct site_course *course;
    size_t index;
    struct pages pages;
};
struct site_course {
    struct course course;
    struct site_lesson *lessons; /* in the order of course.lessons */
};
struct live;
struct site {
    const struct settings *settings;
    const struct languages *languages;
    struct api *api;
    struct store *store;
    struct learners *learners;
    struct assets assets;
    struct site_course *courses;
    size_t course_count;
    struct pages home;
    struct live *live;
};
/* NULL when there is none. */
struct site_lesson *site_find_lesson(const struct site *site, const char *course, const char *lesson);
/* By its id "COURSE/LESSON/NAME". *lesson gets where it stands. */
const struct course_exercise *site_find_exercise(const struct site *site, const char *id);
/* Where it stands. */
struct site_lesson *site_lesson_of(const struct site *site, const struct course_exercise *exercise);
/* Renders every lesson, and the home page. */
int lessons_render(struct site *site);
int home_render(struct site *site);

/* All lessons into the store's index (search.c). */
int search_fill(struct site *site, struct error *err);
/* The budgets of live runs (live.c). */
int live_new(struct live **live, const struct settings *settings);
void live_free(struct live *live);

/* ---- what a request holds (form.c) ---- */

/* A parameter of the address, decoded, fresh memory; NULL when it is not there, malformed or no UTF-8 text.
 */
char *site_query(struct http_request *request, const char *name);
/* A field of a form: text with line feeds for browsers' CR LF. NULL as above; zero bytes are no text. */
char *site_field(struct http_request *request, const char *name, size_t *size);
/* The JSON object of the body, or NULL and *problem. */
json_t *site_body(struct http_request *request, struct problem *problem);
/* A string of an object; "" when it is not there, NULL and *problem when it is something else. */
const char *site_text(const json_t *object, const char *name, struct problem *problem);

/* A run of one program for a page: `before`, then `code`. parsed_run_free() in any case. */
int site_make_run(struct parsed_run *parsed, const struct language *language, const char *before,
                  const char *code, const char *input, struct problem *problem);

/* ---- a visit: one request for a page (visit.c) ---- */

/* Where the result of a form stands in its page. */
struct visit_result {
    const void *of; /* the block or the exercise; NULL: the playground */
    bool there;
    struct html html;
    char *code, *input; /* as they were sent, to stand in the form again; NULL: what stands there anyway */
    size_t code_size, input_size;
};
struct visit {
    struct site *site;
    struct http_request *request;
    struct session session;
    struct visit_result result;
    /* What has been passed, read when the first slot asks for it. */
    bool knows_passed;
    const struct course_exercise **passed;
    size_t passed_count, passed_room;
};
/* With the session of the one who asks. */
void visit_begin(struct visit *visit, struct site *site, struct http_request *request);
void visit_end(struct visit *visit);
/* A page with a word about what is wrong, or about where to go. */
void page_problem(struct site *site, struct http_request *request, const struct problem *problem);
/* The page of the account; `message` says what is wrong with the form that was sent, NULL for nothing. */
void page_account(struct site *site, struct http_request *request, const struct session *session, int status,
                  const char *message);
bool visit_has_passed(struct visit *visit, const struct course_exercise *exercise);
/* How many exercises of the lesson have been passed. */
size_t visit_passed_of(struct visit *visit, const struct course_lesson *lesson);
/* What a slot becomes in this visit (slots.c). */
void visit_slot(struct visit *visit, const struct slot *slot, struct html *out);

/* ---- pieces of pages ---- */

/* One snippet's form (snippet.c). */
struct snippet {
    const struct language *language;
    const char *id;     /* of the section */
    const char *at;     /* where a result is shown: "elixir/values#run.3" */
    const char *before; /* NULL: none */
    bool live, must_fail;
    const struct course_block *block; /* whose slots stand in it; NULL for the playground's */
};
void snippet_put(struct page *page, const struct site *site, const struct snippet *snippet);
/* The playground, with a program in it (play.c). */
void page_play(struct visit *visit, const struct language *language, int status);
/* What a run came to (result.c); lines are told minus `before_lines`. */
void result_put(struct html *h, const json_t *answer, unsigned before_lines);
void diagnostics_put(struct html *h, const json_t *list, unsigned before_lines);
void problem_put(struct html *h, const struct problem *problem);
/* What a grading came to (verdict.c), with `say`: what is known of such code, as HTML texts; may be NULL. */
void verdict_put(struct html *h, const json_t *answer, const json_t *say);
/* The answer's rules, said in words: [{"line": 4 or null, "message": "..."}]. */
json_t *verdict_rules(const json_t *answer);

/* ---- routes of this room's files; each puts its own into the server (site.c calls them) ---- */

int lesson_routes(struct site *site, struct http_server *server);
int search_routes(struct site *site, struct http_server *server);
int play_routes(struct site *site, struct http_server *server);
int run_routes(struct site *site, struct http_server *server);
int practice_routes(struct site *site, struct http_server *server);
int live_routes(struct site *site, struct http_server *server);
int account_routes(struct site *site, struct http_server *server);
int teach_routes(struct site *site, struct http_server *server);

#endif

/* What is a visitor's own in a page. */
#include "site/internal.h"

#include <errno.h>
#include <stdio.h>
#include <time.h>

enum { TRIES_SHOWN = 10 };

/* ---- the theme ---- */

static const char *const themes[][2] = {{"system", "As the system"}, {"light", "Light"}, {"dark", "Dark"}};

/* One of the table's: what a cookie says is never copied into a page. */
static const char *chosen_theme(const struct visit *visit)
{
    char text[256];
    const char *cookie = http_cookie(visit->request, "phial_theme", text);
    for (size_t i = 0; cookie && i < array_length(themes); i++)
        if (!strcmp(cookie, themes[i][0]))
            return themes[i][0];
    return themes[0][0];
}

static void put_theme(const struct visit *visit, struct html *out)
{
    const char *theme = chosen_theme(visit);
    if (theme != themes[0][0])
        html_put(out, " data-theme=\"%s\"", theme);
}

static void put_theme_buttons(const struct visit *visit, struct html *out)
{
    const char *chosen = chosen_theme(visit);
    html_put(out,
             "<form class=\"theme\" method=\"post\" action=\"/theme\" role=\"group\" aria-label=\"Colours\">"
             "<input type=\"hidden\" name=\"next\" value=\"%s\">",
             !strcmp(http_method(visit->request), "POST") ? "/" : http_path(visit->request));
    for (size_t i = 0; i < array_length(themes); i++)
        html_put(out, "<button name=\"theme\" value=\"%s\" aria-pressed=\"%s\">%s</button>", themes[i][0],
                 themes[i][0] == chosen ? "true" : "false", themes[i][1]);
    html_raw(out, "</form>\n");
}

/* ---- progress ---- */

static bool is_done(struct visit *visit, const struct course_lesson *lesson)
{
    return lesson->exercise_count > 0 && visit_passed_of(visit, lesson) == lesson->exercise_count;
}

static void put_progress(struct visit *visit, const struct course_lesson *lesson, struct html *out)
{
    if (lesson->exercise_count > 0)
        html_put(out,
                 "<span class=\"progress\"><span class=\"visually-hidden\">solved: </span>%zu of %zu</span>",
                 visit_passed_of(visit, lesson), lesson->exercise_count);
}

/* The first lesson that still has an exercise to solve; once something was solved. */
static void put_continue(struct visit *visit, const struct site_course *c, struct html *out)
{
    const struct course_lesson *first = &c->course.lessons[0], *next = NULL;
    bool begun = false;
    for (size_t i = 0; i < c->course.lesson_count; i++) {
        const struct course_lesson *lesson = &c->course.lessons[i];
        begun |= visit_passed_of(visit, lesson) > 0;
        if (!next && lesson->exercise_count > 0 && !is_done(visit, lesson))
            next = lesson;
    }
    if (!begun || !next)
        next = first;
    html_put(out, "<a class=\"button\" href=\"/learn/%s/%s\">%s</a>", c->course.id, next->id,
             begun ? "Continue" : "Start");
    if (begun)
        html_put(out, " <span class=\"note\">with “%s”</span>", next->title);
    html_raw(out, "\n");
}

/* ---- snippets ---- */

static bool has_result(const struct visit *visit, const void *of)
{
    return visit->result.there && visit->result.of == of;
}

static void put_code(const struct visit *visit, const struct course_block *block, struct html *out)
{
    if (has_result(visit, block) && visit->result.code)
        html_text_n(out, visit->result.code, visit->result.code_size);
    else if (block)
        html_text(out, block->code);
}

static void put_input(const struct visit *visit, const struct course_block *block, struct html *out)
{
    if (has_result(visit, block) && visit->result.input)
        html_text_n(out, visit->result.input, visit->result.input_size);
    else if (block)
        html_text(out, block->input);
}

static void put_result(const struct visit *visit, const void *of, struct html *out)
{
    if (has_result(visit, of) && visit->result.html.size > 0)
        html_raw_n(out, visit->result.html.text, visit->result.html.size);
}

/* Until it is run, what the course says that it prints: so a lesson can be read, and printed, as it is. */
static void put_snippet_result(const struct visit *visit, const struct course_block *block, struct html *out)
{
    if (has_result(visit, block))
        put_result(visit, block, out);
    else if (block && block->output && block->kind == COURSE_ERROR)
        html_put(out, "<p class=\"note\">It says</p>\n<pre class=\"errors\">%s</pre>\n", block->output);
    else if (block && block->output)
        html_put(out, "<p class=\"note\">It prints</p>\n<pre class=\"output\">%s</pre>\n", block->output);
}

/* ---- exercises ---- */

static void put_exercise_code(const struct visit *visit, const struct course_exercise *exercise,
                              struct html *out)
{
    size_t size = 0;
    if (has_result(visit, exercise) && visit->result.code) {
        html_text_n(out, visit->result.code, visit->result.code_size);
        return;
    }
    cleanup_free char *last =
        visit->session.learner.id
            ? learners_last_code(visit->site->learners, &visit->session, exercise->id, &size)
            : NULL;
    if (last)
        html_text_n(out, last, size);
    else
        html_text(out, exercise->stub);
}

static void put_hints(const struct visit *visit, const struct course_exercise *exercise, struct html *out)
{
    struct store_work work = {0};
    int e = visit->session.learner.id
                ? store_work(visit->site->store, visit->session.learner.id, exercise->id, &work)
                : -ENOENT;
    for (unsigned i = 0; e == 0 && i < work.hints && exercise->hints[i]; i++) {
        html_raw(out, "<li>");
        html_raw(out, exercise->hints[i]);
        html_raw(out, "</li>\n");
    }
}

struct tries_list {
    struct html *out;
    size_t count;
};

static void on_try(void *context, const struct store_try *try)
{
    static const char *const words[] = {
        [STORE_PASS] = "passed", [STORE_FAIL] = "failed", [STORE_ERROR] = "did not run"};
    struct tries_list *list = context;
    time_t at = (time_t)(try->at_ms / 1000);
    struct tm parts;
    char machine[32], human[32];
    gmtime_r(&at, &parts);
    strftime(machine, sizeof machine, "%Y-%m-%dT%H:%M:%SZ", &parts);
    strftime(human, sizeof human, "%d %b %Y, %H:%M UTC", &parts);
    if (list->count++ == 0)
        html_raw(list->out, "<details class=\"tries\"><summary>Your earlier tries</summary>\n<ol>\n");
    html_put(list->out, "<li><time datetime=\"%s\">%s</time>: %s\n<pre><code>", machine, human,
             words[try->verdict]);
    html_text_n(list->out, try->code, try->size);
    html_raw(list->out, "</code></pre></li>\n");
}

static void put_after(const struct visit *visit, const struct course_exercise *exercise, struct html *out)
{
    struct tries_list list = {.out = out};
    if (visit->session.learner.id == 0)
        return;
    int e =
        store_tries(visit->site->store, visit->session.learner.id, exercise->id, TRIES_SHOWN, on_try, &list);
    if (e < 0 && e != -ENOENT)
        log_error("site", "read the tries at %s: %s", exercise->id, strerror(-e));
    if (list.count > 0)
        html_raw(out, "</ol>\n</details>\n");
    if (learners_solution_open(visit->site->learners, &visit->session, exercise))
        html_put(out,
                 "<details class=\"solution\"><summary>A solution</summary>\n"
                 "<pre><code class=\"language-%s\">%s</code></pre>\n</details>\n",
                 exercise->language, exercise->solution);
}

/* ---- all of them ---- */

void visit_slot(struct visit *visit, const struct slot *slot, struct html *out)
{
    switch (slot->kind) {
    case SLOT_THEME:
        put_theme(visit, out);
        break;
    case SLOT_THEME_BUTTONS:
        put_theme_buttons(visit, out);
        break;
    case SLOT_ACCOUNT:
        html_put(out, "<a class=\"account\" href=\"/account\">%s</a>\n",
                 *visit->session.learner.name ? visit->session.learner.name : "Account");
        break;
    case SLOT_LESSON_CLASS:
        html_raw(out, is_done(visit, slot->of) ? " class=\"done\"" : "");
        break;
    case SLOT_LESSON_PROGRESS:
        put_progress(visit, slot->of, out);
        break;
    case SLOT_CONTINUE:
        put_continue(visit, slot->of, out);
        break;
    case SLOT_CODE:
        put_code(visit, slot->of, out);
        break;
    case SLOT_INPUT:
        put_input(visit, slot->of, out);
        break;
    case SLOT_RESULT:
        put_snippet_result(visit, slot->of, out);
        break;
    case SLOT_EXERCISE_RESULT:
        put_result(visit, slot->of, out);
        break;
    case SLOT_EXERCISE_BADGE:
        html_raw(out, visit_has_passed(visit, slot->of) ? "" : " hidden");
        break;
    case SLOT_EXERCISE_CODE:
        put_exercise_code(visit, slot->of, out);
        break;
    case SLOT_EXERCISE_HINTS:
        put_hints(visit, slot->of, out);
        break;
    case SLOT_EXERCISE_AFTER:
        put_after(visit, slot->of, out);
        break;
    }
}

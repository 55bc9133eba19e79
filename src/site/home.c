/* The first page. */
#include "site/internal.h"

#include <stdio.h>

static void put_course(struct page *page, const struct site_course *c)
{
    struct html *h = &page->html;
    html_put(h, "<section class=\"course\" id=\"course-%s\">\n<h2>%s</h2>\n<p>%s</p>\n<p>", c->course.id,
             c->course.title, c->course.summary);
    page_slot(page, SLOT_CONTINUE, c);
    html_raw(h, "</p>\n<ol class=\"lessons\">\n");
    for (size_t i = 0; i < c->course.lesson_count; i++) {
        const struct course_lesson *l = &c->course.lessons[i];
        html_raw(h, "<li");
        page_slot(page, SLOT_LESSON_CLASS, l);
        html_put(h,
                 "><a href=\"/learn/%s/%s\"><span class=\"title\">%s</span> <span class=\"summary\">%s</span>"
                 "</a> ",
                 c->course.id, l->id, l->title, l->summary);
        page_slot(page, SLOT_LESSON_PROGRESS, l);
        html_raw(h, "</li>\n");
    }
    html_put(h, "</ol>\n<p class=\"note\">By %s. License: %s.</p>\n</section>\n", c->course.author,
             c->course.license);
}

/* The block with the id "home" of any lesson, else the first that runs. */
static const struct course_block *find_sample(const struct course *course,
                                              const struct course_lesson **lesson)
{
    const struct course_block *first = NULL;
    for (size_t i = 0; i < course->lesson_count; i++) {
        for (size_t j = 0; j < course->lessons[i].block_count; j++) {
            const struct course_block *block = &course->lessons[i].blocks[j];
            bool named = block->id && !strcmp(block->id, "home");
            if (block->kind != COURSE_RUN || block->hidden || (first && !named))
                continue;
            first = block;
            *lesson = &course->lessons[i];
            if (named)
                return first;
        }
    }
    return first;
}

/* The first thing that a visitor should touch. */
static void put_sample(struct page *page, const struct site *site)
{
    const struct course_lesson *lesson = NULL;
    const struct course_block *block =
        site->course_count > 0 ? find_sample(&site->courses[0].course, &lesson) : NULL;
    char at[3 * COURSE_NAME_MOST];
    if (!block)
        return;
    snprintf(at, sizeof at, "%s/%s#run.%zu", site->courses[0].course.id, lesson->id,
             (size_t)(block - lesson->blocks));
    snippet_put(page, site,
                &(struct snippet){.language = languages_find(site->languages, block->language),
                                  .id = "try",
                                  .at = at,
                                  .before = block->before,
                                  .live = block->live,
                                  .block = block});
}

static void put_home(struct page *page, const struct site *site, const void *of)
{
    (void)of;
    page_begin(page, site,
               &(struct frame){.title = "Phial",
                               .description = "Learn to program by reading, changing and running code in the "
                                              "page, with problems judged at once.",
                               .class = "page-home"});
    html_raw(
        &page->html,
        "<section class=\"hero\">\n<div>\n<h1>Read, change the code, see what happens</h1>\n"
        "<p class=\"lead\">Every program in these lessons can be changed and run where it stands. In the "
        "middle of the text there are problems to solve, and tests that tell at once what is not right "
        "yet. Nothing needs to be installed, and no account is needed to begin.</p>\n");
    html_raw(&page->html, "<p><a class=\"button quiet\" href=\"/play\">Try the playground</a></p>\n</div>\n");
    put_sample(page, site);
    html_raw(&page->html, "</section>\n");
    for (size_t i = 0; i < site->course_count; i++)
        put_course(page, &site->courses[i]);
    if (site->course_count == 0)
        html_raw(&page->html,
                 "<p class=\"note\">There is no course here yet. Whoever runs this server can add "
                 "one: <code>phial serve --course DIR</code>.</p>\n");
    page_end(page);
}

int home_render(struct site *site)
{
    return pages_make(&site->home, site, put_home, NULL);
}

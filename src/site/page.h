/* site/page: pages as pieces: bytes that are the same for everyone, and slots for what is a visitor's own.
 *
 * A page is made once (page_begin, html_... on page.html, page_slot, page_end) and served any number of
 * times. What a slot becomes is decided by visit_slot() (slots.c) from the visit.
 */
#ifndef PHIAL_SITE_PAGE_H
#define PHIAL_SITE_PAGE_H

#include "site/packed.h"

struct visit;
struct site;

enum slot_kind {
    SLOT_THEME,           /* of <html> */
    SLOT_THEME_BUTTONS,   /* the switch */
    SLOT_ACCOUNT,         /* the link to one's account, by name */
    SLOT_LESSON_CLASS,    /* of a lesson in a list; of: struct course_lesson */
    SLOT_LESSON_PROGRESS, /* "2 of 3 solved" */
    SLOT_CODE,            /* of a snippet; of: struct course_block */
    SLOT_INPUT,           /* its standard input */
    SLOT_RESULT,          /* what came of it */
    SLOT_EXERCISE_BADGE,  /* of: struct course_exercise, and so below */
    SLOT_EXERCISE_CODE,
    SLOT_EXERCISE_RESULT,
    SLOT_EXERCISE_HINTS,
    SLOT_EXERCISE_AFTER, /* earlier tries, and the solution once it is open */
    SLOT_CONTINUE,       /* of: struct site_course; where to go on */
};
/* For whom a page is made: the fewer its slots, the better it can be compressed ahead. */
enum page_reader {
    PAGE_FOR_FORM,     /* who has sent a form, and sees the result */
    PAGE_FOR_LEARNER,  /* who is known: there is no result */
    PAGE_FOR_STRANGER, /* nor anything that was done before */
    PAGE_READERS,
};
struct slot {
    size_t at; /* in page.html */
    enum slot_kind kind;
    const void *of;
};
struct page {
    enum page_reader reader;
    struct html html;
    struct slot *slots;
    size_t slot_count, slot_room;
    struct packed *packed; /* the pieces before each slot and after the last; NULL: it is served as it is */
};
/* Where nothing can be the reader's own, what stands there for everyone is put in at once. */
void page_slot(struct page *page, enum slot_kind kind, const void *of);
void page_free(struct page *page);

struct frame {               /* what stands around the content of every page */
    const char *title;       /* " - Phial" is put behind it, unless it is the name itself */
    const char *description; /* NULL for none */
    const char *class;       /* of <body>: "page-lesson" */
    const char *query;       /* what stands in the search field; NULL for nothing */
    void (*before_main)(struct page *page, const void *of); /* puts what stands before <main>; may be NULL */
    const void *of;
};
/* The head, the site's header, the opening of <main>. */
void page_begin(struct page *page, const struct site *site, const struct frame *frame);
/* Closes <main>, the footer. */
void page_end(struct page *page);

/* Answers the visit's request with the page, its slots filled. The page stays. */
void page_reply(const struct page *page, struct visit *visit, int status);

/* A page that is kept, for each kind of reader. */
struct pages {
    struct page for_reader[PAGE_READERS];
};
/* Makes them with `put`, and compresses what is the same for everyone. */
int pages_make(struct pages *pages, const struct site *site,
               void (*put)(struct page *page, const struct site *site, const void *of), const void *of);
void pages_reply(const struct pages *pages, struct visit *visit, int status);
void pages_free(struct pages *pages);

#endif

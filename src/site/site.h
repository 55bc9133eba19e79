/* site: the learning site: courses, pages, learners, progress.
 *
 * Theory of operation. site_load() reads everything that pages are made of while the frontend can still open
 * files: the courses (course.h), and the style sheet and scripts that `web/build` made (static.c). Each page
 * is rendered then, once, into pieces (page.h): bytes that are the same for everyone, and between them slots
 * for what is a visitor's own: the name, the theme, what has been solved, the code as it was left. To serve a
 * page is to fill the slots and to copy the pieces.
 * Everything that is not a literal of this room goes into HTML through html.h, which escapes it.
 * A page without JavaScript is whole: a form posts code and gets the same page, with the result in its place.
 * With it, the page's scripts call /api/v1/runs and /site/... (json.h), same origin only.
 *
 * Files: site.c (the room's parts), static.c, html.c, page.c (pieces, replies, the frame around each page),
 * lesson.c, home.c, play.c, search.c, account.c, teach.c (pages), run.c (the form /run), practice.c (forms of
 * exercises), exercise.c (/site/... for exercises), live.c; course*.c and learners.c, tries.c, session.c.
 *
 * This room may touch: requests of the http room, runs through the api room, the grade room, the store, and,
 * in site_load() only, the folders of courses and of the web files.
 */
#ifndef PHIAL_SITE_SITE_H
#define PHIAL_SITE_SITE_H

#include "api/api.h"

struct site;
struct store;
struct grade;

/* Reads the settings' course_dirs and web_dir. Both the settings and the languages must live as long as the
 * site. */
int site_load(struct site **site, const struct settings *settings, const struct languages *languages,
              struct error *err);

struct site_parts { /* what it works with; all live as long as the site */
    struct api *api;
    struct store *store; /* NULL: nothing is remembered */
};
/* Makes it ready to serve: to be called once, after site_load(). Fills the store's search index. */
int site_open(struct site *site, const struct site_parts *parts, struct error *err);
/* Puts its routes into the server, and its pages in the place of problems that a reader would see. */
int site_routes(struct site *site, struct http_server *server);
void site_free(struct site *site);

#endif

/* frontend/page: the plain page at "/", which needs no JavaScript: a form that runs a program and shows its
 * answer. Its source is in web/, put into the program when it is built. */
#ifndef PHIAL_FRONTEND_PAGE_H
#define PHIAL_FRONTEND_PAGE_H

#include "api/api.h"

struct page;

int page_new(struct page **page, struct api *api, const struct languages *languages);
int page_routes(struct page *page, struct http_server *server);
void page_free(struct page *page);

/* ---- template.c ---- */

struct template_value {
    const char *name; /* "{{name}}" in the template */
    const char *text; /* put in as it is: already HTML */
};
/* The template with its values put in; fresh memory, NULL when it is out. Names without a value become
 * nothing. */
char *template_fill(const char *template, size_t n, const struct template_value *values, size_t count,
                    size_t *size);

#endif

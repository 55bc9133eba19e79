/* site/static: the style sheet, scripts, fonts and pictures, all in memory. */
#ifndef PHIAL_SITE_STATIC_H
#define PHIAL_SITE_STATIC_H

#include "http/http.h"

struct asset {
    char *name;       /* as the page's source calls it: "main.js" */
    char *file;       /* as it is served: "main-5f0c….js", so that another content has another address */
    const char *type; /* Content-Type */
    char *data, *brotli, *gzip; /* the last two may be NULL */
    size_t size, brotli_size, gzip_size;
};
struct assets {
    struct asset *items;
    size_t count;
};
/* Reads manifest.json in `dir` and the files that it names. Without a manifest there are the built-in style
 * sheet and picture only, and so pages without scripts. */
int assets_load(struct assets *assets, const char *dir, struct error *err);
/* By the source's name, or NULL. */
const struct asset *assets_find(const struct assets *assets, const char *name);
/* By the served name, or NULL. */
const struct asset *assets_find_file(const struct assets *assets, const char *file);
/* GET /static/NAME and /embed.js. */
int assets_routes(struct assets *assets, struct http_server *server);
void assets_free(struct assets *assets);

#endif

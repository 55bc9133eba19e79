#include "site/static.h"
#include "site/web_files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

enum { ASSET_BYTES_MOST = 16 << 20, MANIFEST_BYTES_MOST = 1 << 20, ASSETS_MOST = 1000 };

static const char *type_of(const char *name)
{
    static const char *const rows[][2] = {
        {".css", "text/css; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".svg", "image/svg+xml"},
        {".png", "image/png"},
        {".ico", "image/x-icon"},
        {".woff2", "font/woff2"},
        {".json", "application/json"},
        {".map", "application/json"},
        {".txt", "text/plain; charset=utf-8"},
    };
    const char *dot = strrchr(name, '.');
    for (size_t i = 0; dot && i < array_length(rows); i++)
        if (!strcmp(rows[i][0], dot))
            return rows[i][1];
    return NULL;
}

/* A file's name and nothing else: the manifest is the operator's, but a slip in it must not serve /etc. */
static bool is_file_name(const char *name)
{
    size_t n = strlen(name);
    return n > 0 && n < 128 && name[0] != '.' &&
           strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") == n;
}

/* ---- reading ---- */

static int read_variant(int dir, const char *file, const char *ending, char **data, size_t *size,
                        struct error *err)
{
    char path[160];
    snprintf(path, sizeof path, "%s%s", file, ending);
    int r = read_file_at(dir, path, ASSET_BYTES_MOST, data, size, err);
    return r == -ENOENT ? 0 : r;
}

static int read_asset(struct asset *asset, int dir, const char *name, const char *file, struct error *err)
{
    const char *type = file ? type_of(file) : NULL;
    if (!file || !is_file_name(file) || !type)
        return error_set(err, EINVAL, "'%.100s' is not the name of a file that pages can use",
                         file ? file : name);
    *asset = (struct asset){.name = strdup(name), .file = strdup(file), .type = type};
    if (!asset->name || !asset->file)
        return error_set(err, ENOMEM, "read %s: %m", file);
    int r = read_file_at(dir, file, ASSET_BYTES_MOST, &asset->data, &asset->size, err);
    if (r >= 0)
        r = read_variant(dir, file, ".br", &asset->brotli, &asset->brotli_size, err);
    if (r >= 0)
        r = read_variant(dir, file, ".gz", &asset->gzip, &asset->gzip_size, err);
    return r < 0 ? r : 0;
}

static int read_manifest(struct assets *assets, int dir, json_t *manifest, struct error *err)
{
    const char *name;
    json_t *file;
    size_t n = json_object_size(manifest);
    if (!json_is_object(manifest) || n == 0 || n > ASSETS_MOST)
        return error_set(err, EINVAL, "manifest.json must be an object with 1 to %d files", ASSETS_MOST);
    assets->items = calloc(n, sizeof *assets->items);
    if (!assets->items)
        return error_set(err, ENOMEM, "read manifest.json: %m");
    json_object_foreach(manifest, name, file)
    {
        int r = read_asset(&assets->items[assets->count++], dir, name, json_string_value(file), err);
        if (r < 0)
            return r;
    }
    return 0;
}

static int load_built_in(struct assets *assets, struct error *err)
{
    const struct {
        const char *name, *ending;
        const unsigned char *data;
        size_t size;
    } rows[] = {
        {"style", ".css", web_style_css, web_style_css_size},
        {"icon", ".svg", web_icon_svg, web_icon_svg_size},
    };
    assets->items = calloc(array_length(rows), sizeof *assets->items);
    for (size_t i = 0; assets->items && i < array_length(rows); i++) {
        struct asset *a = &assets->items[assets->count++];
        char hash[SHA256_HEX];
        sha256_hex(rows[i].data, rows[i].size, hash);
        *a = (struct asset){.data = malloc(rows[i].size), .size = rows[i].size};
        a->type = type_of(rows[i].ending);
        if (asprintf(&a->name, "%s%s", rows[i].name, rows[i].ending) < 0)
            a->name = NULL;
        if (asprintf(&a->file, "%s-%.12s%s", rows[i].name, hash, rows[i].ending) < 0)
            a->file = NULL;
        if (!a->name || !a->file || !a->data)
            return error_set(err, ENOMEM, "keep the built-in style sheet: %m");
        memcpy(a->data, rows[i].data, rows[i].size);
    }
    return assets->items ? 0 : error_set(err, ENOMEM, "keep the built-in style sheet: %m");
}

int assets_load(struct assets *assets, const char *dir, struct error *err)
{
    cleanup_free char *text = NULL;
    size_t size;
    json_error_t fault;
    *assets = (struct assets){0};
    cleanup_fd int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int r = fd < 0 ? -errno : read_file_at(fd, "manifest.json", MANIFEST_BYTES_MOST, &text, &size, err);
    if (r == -ENOENT) {
        r = load_built_in(assets, err);
    } else if (fd < 0) {
        error_set(err, -r, "open the folder: %m");
    } else if (r >= 0) {
        json_t *manifest = json_loadb(text, size, JSON_REJECT_DUPLICATES, &fault);
        r = manifest ? read_manifest(assets, fd, manifest, err)
                     : error_set(err, EINVAL, "manifest.json:%d: %s", fault.line, fault.text);
        json_decref(manifest);
    }
    if (r >= 0)
        return 0;
    error_context(err, "web_dir %s", dir);
    assets_free(assets);
    return r;
}

void assets_free(struct assets *assets)
{
    for (size_t i = 0; i < assets->count; i++) {
        struct asset *a = &assets->items[i];
        free(a->name);
        free(a->file);
        free(a->data);
        free(a->brotli);
        free(a->gzip);
    }
    free(assets->items);
    *assets = (struct assets){0};
}

/* ---- serving ---- */

const struct asset *assets_find(const struct assets *assets, const char *name)
{
    for (size_t i = 0; i < assets->count; i++)
        if (!strcmp(assets->items[i].name, name))
            return &assets->items[i];
    return NULL;
}

const struct asset *assets_find_file(const struct assets *assets, const char *file)
{
    for (size_t i = 0; i < assets->count; i++)
        if (!strcmp(assets->items[i].file, file))
            return &assets->items[i];
    return NULL;
}

static void asset_reply(const struct asset *a, struct http_request *request, const char *caching)
{
    const char *takes = http_header(request, "accept-encoding");
    http_add_header(request, "Cache-Control", caching);
    http_add_header(request, "Access-Control-Allow-Origin", "*");
    http_add_header(request, "Cross-Origin-Resource-Policy", "cross-origin");
    if (a->brotli || a->gzip)
        http_add_header(request, "Vary", "Accept-Encoding");
    if (a->brotli && http_list_has(takes, "br")) {
        http_add_header(request, "Content-Encoding", "br");
        http_reply_static(request, 200, a->type, a->brotli, a->brotli_size);
    } else if (a->gzip && http_list_has(takes, "gzip")) {
        http_add_header(request, "Content-Encoding", "gzip");
        http_reply_static(request, 200, a->type, a->gzip, a->gzip_size);
    } else {
        http_reply_static(request, 200, a->type, a->data, a->size);
    }
}

static void get_static(struct http_request *request, void *context)
{
    const struct asset *asset = assets_find_file(context, http_parameter(request, 0));
    struct problem problem;
    if (asset) {
        asset_reply(asset, request, "public, max-age=31536000, immutable");
        return;
    }
    problem_set(&problem, PROBLEM_not_found,
                "there is no such file; the page that names it may be an old one");
    http_reply_problem(request, &problem);
}

/* Other sites name it by this address, so it cannot be kept for long. */
static void get_embed(struct http_request *request, void *context)
{
    const struct asset *asset = assets_find(context, "embed.js");
    struct problem problem;
    if (asset) {
        asset_reply(asset, request, "public, max-age=600");
        return;
    }
    problem_set(&problem, PROBLEM_not_found,
                "this server has no scripts: its setting 'web_dir' names no folder with them");
    http_reply_problem(request, &problem);
}

static const struct http_route routes[] = {
    {"GET", "/static/{}", HTTP_BODY_NONE, .open = true, .handler = get_static},
    {"GET", "/embed.js", HTTP_BODY_NONE, .open = true, .handler = get_embed},
};

int assets_routes(struct assets *assets, struct http_server *server)
{
    return http_server_routes(server, routes, array_length(routes), assets);
}

#include "frontend/page.h"
#include "frontend/web_files.h"

#include <errno.h>
#include <stdio.h>

struct page {
    struct api *api;
    const struct languages *languages;
};

/* What was posted, kept until the run's end, to stand in the form again. */
struct visit {
    struct page *page;
    struct http_request *request;
    const struct language *language;
    char *code, *input;
    size_t code_size, input_size;
};

static void visit_free(struct visit *v)
{
    if (!v)
        return;
    free(v->code);
    free(v->input);
    free(v);
}

/* ---- HTML ---- */

static char *options_html(const struct languages *languages, const struct language *chosen)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    for (size_t i = 0; out && i < languages->count; i++) {
        const struct language *l = &languages->items[i];
        cleanup_free char *title = html_escape(l->title, strlen(l->title));
        cleanup_free char *version =
            html_escape(l->version ? l->version : "", l->version ? strlen(l->version) : 0);
        fprintf(out, "<option value=\"%s\"%s>%s %s</option>\n", l->name, l == chosen ? " selected" : "",
                title ? title : "", version ? version : "");
    }
    if (out)
        fclose(out);
    return text;
}

static void reply_page(struct http_request *request, int status, const struct visit *v, const char *result)
{
    size_t size = 0;
    cleanup_free char *options = options_html(v->page->languages, v->language);
    cleanup_free char *code = html_escape(v->code ? v->code : "", v->code_size);
    cleanup_free char *input = html_escape(v->input ? v->input : "", v->input_size);
    const struct template_value values[] = {
        {"options", options ? options : ""}, {"code", code ? code : ""},
        {"stdin", input ? input : ""},       {"result", result},
        {"version", PHIAL_VERSION},
    };
    cleanup_free char *html =
        template_fill((const char *)web_page_html, web_page_html_size, values, array_length(values), &size);
    if (html)
        http_reply_text(request, status, "text/html; charset=utf-8", html, size);
    else
        http_reply_problem(request, &(struct problem){.type = PROBLEM_internal});
}

static void block_html(FILE *out, const char *title, const char *class, const json_t *value)
{
    size_t n = json_string_length(value);
    cleanup_free char *text = n ? html_escape(json_string_value(value), n) : NULL;
    if (text)
        fprintf(out, "<h3>%s</h3>\n<pre class=\"%s\">%s</pre>\n", title, class, text);
}

static void diagnostics_html(FILE *out, const json_t *list)
{
    size_t i;
    json_t *item;
    if (json_array_size(list) == 0)
        return;
    fputs("<h3>Diagnostics</h3>\n<ul class=\"diagnostics\">\n", out);
    json_array_foreach((json_t *)list, i, item)
    {
        const char *severity = json_string_value(json_object_get(item, "severity"));
        const char *message = json_string_value(json_object_get(item, "message"));
        cleanup_free char *text = message ? html_escape(message, strlen(message)) : NULL;
        cleanup_free char *kind = severity ? html_escape(severity, strlen(severity)) : NULL;
        fprintf(out, "<li><strong>%s</strong> line %lld: <pre>%s</pre></li>\n", kind ? kind : "",
                (long long)json_integer_value(json_object_get(item, "line")), text ? text : "");
    }
    fputs("</ul>\n", out);
}

static const char *status_sentence(const char *status)
{
    static const char *const rows[][2] = {
        {"ok", "It ran."},
        {"error", "It ended with an error."},
        {"compile_error", "It could not be compiled."},
        {"timeout", "It ran out of time."},
        {"memory", "It ran out of memory."},
        {"output_limit", "It wrote more than it may."},
        {"killed", "It was stopped."},
    };
    for (size_t i = 0; status && i < array_length(rows); i++)
        if (!strcmp(rows[i][0], status))
            return rows[i][1];
    return "It ended.";
}

static char *answer_html(const json_t *answer)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return NULL;
    const json_t *usage = json_object_get(answer, "usage");
    const char *status = json_string_value(json_object_get(answer, "status"));
    fprintf(out,
            "<section id=\"result\" aria-labelledby=\"result-title\">\n<h2 id=\"result-title\" "
            "class=\"%s\">%s</h2>\n",
            status && !strcmp(status, "ok") ? "good" : "bad", status_sentence(status));
    block_html(out, "Output", "output", json_object_get(answer, "stdout"));
    block_html(out, "Standard error", "errors", json_object_get(answer, "stderr"));
    block_html(out, "Value", "value", json_object_get(answer, "value"));
    diagnostics_html(out, json_object_get(answer, "diagnostics"));
    fprintf(out, "<p class=\"usage\">%.1f ms, %.1f ms of CPU, %.1f MB</p>\n</section>\n",
            json_number_value(json_object_get(usage, "wall_ms")),
            json_number_value(json_object_get(usage, "cpu_ms")),
            (double)json_integer_value(json_object_get(usage, "memory_bytes")) / 1e6);
    fclose(out);
    return text;
}

static char *problem_html(const struct problem *problem)
{
    char *text = NULL;
    cleanup_free char *detail = html_escape(problem->detail, strlen(problem->detail));
    if (asprintf(&text, "<section id=\"result\"><h2 class=\"bad\">%s</h2><p>%s</p></section>\n",
                 problem_title(problem->type), detail ? detail : "") < 0)
        return NULL;
    return text;
}

/* ---- the two pages ---- */

static void get_page(struct http_request *request, void *context)
{
    struct page *page = context;
    char text[256];
    const char *name = http_query(request, "language", text);
    const struct visit v = {.page = page, .language = name ? languages_find(page->languages, name) : NULL};
    reply_page(request, 200, &v, "");
}

static void reply_problem_page(struct visit *v, const struct problem *problem)
{
    cleanup_free char *result = problem_html(problem);
    reply_page(v->request, problem_status(problem->type), v, result ? result : "");
}

static void on_done(void *context, const char *answer, size_t size, const struct problem *problem)
{
    struct visit *v = context;
    if (problem) {
        reply_problem_page(v, problem);
    } else if (answer) {
        json_t *json = json_loadb(answer, size, JSON_ALLOW_NUL, NULL);
        cleanup_free char *result = answer_html(json);
        json_decref(json);
        reply_page(v->request, 200, v, result ? result : "");
    }
    visit_free(v);
}

/* Browsers send line ends as CR LF. */
static void plain_line_ends(char *text, size_t *size)
{
    size_t to = 0;
    for (size_t i = 0; i < *size; i++)
        if (text[i] != '\r' || i + 1 == *size || text[i + 1] != '\n')
            text[to++] = text[i];
    text[to] = 0;
    *size = to;
}

static struct visit *read_form(struct page *page, struct http_request *request)
{
    size_t size, name_size;
    const char *body = http_body(request, &size);
    cleanup_free char *name = form_value(body, size, "language", &name_size);
    struct visit *v = calloc(1, sizeof *v);
    if (!v)
        return NULL;
    v->page = page;
    v->request = request;
    v->code = form_value(body, size, "code", &v->code_size);
    v->input = form_value(body, size, "stdin", &v->input_size);
    v->language = name && strlen(name) == name_size ? languages_find(page->languages, name) : NULL;
    if (v->code)
        plain_line_ends(v->code, &v->code_size);
    if (v->input)
        plain_line_ends(v->input, &v->input_size);
    return v;
}

static int parse_visit(struct parsed_run *parsed, const struct visit *v, struct problem *problem)
{
    *parsed = (struct parsed_run){.request.limits = limits_unset(), .language = v->language};
    if (!v->language)
        return problem_set(problem, PROBLEM_unknown_language, "choose one of the list");
    if (!v->code)
        return problem_set(problem, PROBLEM_invalid_request, "there is no code, or the form is malformed");
    struct run_request *r = &parsed->request;
    r->language = strdup(v->language->name);
    r->files = calloc(1, sizeof *r->files);
    if (!r->files)
        return problem_set(problem, PROBLEM_internal, "out of memory");
    r->file_count = 1;
    r->files[0].name = strdup(v->language->file);
    r->files[0].data = (uint8_t *)strndup(v->code, v->code_size);
    r->files[0].size = r->files[0].data ? strlen((char *)r->files[0].data) : 0;
    r->stdin_data = (uint8_t *)strndup(v->input ? v->input : "", v->input_size);
    r->stdin_size = r->stdin_data ? strlen((char *)r->stdin_data) : 0;
    if (!r->language || !r->files[0].name || !r->files[0].data || !r->stdin_data)
        return problem_set(problem, PROBLEM_internal, "out of memory");
    return parsed_run_finish(parsed, problem);
}

/* Another site's page could post a form here with its reader's rights; browsers say where a form comes from.
 */
static void post_run(struct http_request *request, void *context)
{
    struct page *page = context;
    struct problem problem;
    struct parsed_run parsed;
    struct api_run *run;
    if (!http_same_origin(request)) {
        problem_set(&problem, PROBLEM_forbidden, "the form must be sent from this server's own page");
        http_reply_problem(request, &problem);
        return;
    }
    struct visit *v = read_form(page, request);
    http_forget_body(request);
    if (!v) {
        http_reply_problem(request, &(struct problem){.type = PROBLEM_internal});
        return;
    }
    int r = parse_visit(&parsed, v, &problem);
    if (r == 0)
        r = api_run_start(page->api, request, &parsed, on_done, v, &run, &problem);
    parsed_run_free(&parsed);
    if (r < 0) {
        reply_problem_page(v, &problem);
        visit_free(v);
    }
}

static void get_style(struct http_request *request, void *context)
{
    (void)context;
    http_add_header(request, "Cache-Control", "max-age=3600");
    http_reply_text(request, 200, "text/css; charset=utf-8", web_style_css, web_style_css_size);
}

static void get_icon(struct http_request *request, void *context)
{
    (void)context;
    http_add_header(request, "Cache-Control", "max-age=86400");
    http_reply_text(request, 200, "image/svg+xml", web_icon_svg, web_icon_svg_size);
}

static const struct http_route routes[] = {
    {"GET", "/", HTTP_BODY_NONE, .handler = get_page},
    {"POST", "/run", HTTP_BODY_FORM, .handler = post_run},
    {"GET", "/assets/style.css", HTTP_BODY_NONE, .open = true, .handler = get_style},
    {"GET", "/assets/icon.svg", HTTP_BODY_NONE, .open = true, .handler = get_icon},
};

int page_new(struct page **page, struct api *api, const struct languages *languages)
{
    *page = calloc(1, sizeof **page);
    if (!*page)
        return -ENOMEM;
    **page = (struct page){api, languages};
    return 0;
}

int page_routes(struct page *page, struct http_server *server)
{
    return http_server_routes(server, routes, array_length(routes), page);
}

void page_free(struct page *page)
{
    free(page);
}

/* What a run came to, as HTML. */
#include "site/internal.h"

static void block_put(struct html *h, const char *title, const char *class, const json_t *value)
{
    size_t n = json_string_length(value);
    if (n == 0)
        return;
    html_put(h, "<h4>%s</h4>\n<pre class=\"%s\">", title, class);
    html_text_n(h, json_string_value(value), n);
    html_raw(h, "</pre>\n");
}

static void diagnostic_put(struct html *h, const json_t *item, unsigned before_lines)
{
    const char *severity = json_string_value(json_object_get(item, "severity"));
    json_int_t line = json_integer_value(json_object_get(item, "line"));
    html_put(h, "<li class=\"%s\"><strong>%s</strong>", severity, severity);
    if (line > before_lines)
        html_put(h, " line %u", (unsigned)(line - before_lines));
    html_put(h, ": <pre>%s</pre></li>\n", json_string_value(json_object_get(item, "message")));
}

void diagnostics_put(struct html *h, const json_t *list, unsigned before_lines)
{
    size_t i;
    json_t *item;
    if (json_array_size(list) == 0)
        return;
    html_raw(h, "<ul class=\"diagnostics\">\n");
    json_array_foreach((json_t *)list, i, item) diagnostic_put(h, item, before_lines);
    html_raw(h, "</ul>\n");
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

void result_put(struct html *h, const json_t *answer, unsigned before_lines)
{
    const json_t *usage = json_object_get(answer, "usage");
    const char *status = json_string_value(json_object_get(answer, "status"));
    html_put(h, "<h3 class=\"verdict %s\">%s <span class=\"time\">%.1f ms</span></h3>\n",
             status && !strcmp(status, "ok") ? "good" : "bad", status_sentence(status),
             json_number_value(json_object_get(usage, "wall_ms")));
    block_put(h, "Output", "output", json_object_get(answer, "stdout"));
    block_put(h, "Standard error", "errors", json_object_get(answer, "stderr"));
    block_put(h, "Value", "value", json_object_get(answer, "value"));
    diagnostics_put(h, json_object_get(answer, "diagnostics"), before_lines);
}

void problem_put(struct html *h, const struct problem *problem)
{
    html_put(h, "<h3 class=\"verdict bad\">%s</h3>\n<p class=\"problem\">%s</p>\n",
             problem_title(problem->type), problem->detail);
}

/* What a grading came to, as HTML. */
#include "site/internal.h"

static const char *text_of(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

/* ---- code rules ---- */

json_t *verdict_rules(const json_t *answer)
{
    json_t *rules = json_array(), *rule;
    size_t i;
    json_array_foreach(json_object_get(answer, "rules"), i, rule)
    {
        const char *name = text_of(rule, "rule"), *kind = text_of(rule, "kind");
        json_t *line = json_object_get(rule, "line");
        json_t *message = kind && !strcmp(kind, "require")
                              ? json_sprintf("This exercise asks you to use %s.", name ? name : "")
                              : json_sprintf("This exercise asks you to do without %s.", name ? name : "");
        json_array_append_new(rules, json_pack("{s:O?,s:o}", "line", line, "message", message));
    }
    return rules;
}

static void put_rules(struct html *h, const json_t *answer)
{
    json_t *rules = verdict_rules(answer), *rule;
    size_t i;
    if (json_array_size(rules) > 0)
        html_raw(h, "<ul class=\"say\">\n");
    json_array_foreach(rules, i, rule)
    {
        json_int_t line = json_integer_value(json_object_get(rule, "line"));
        html_put(h, "<li>%s", text_of(rule, "message"));
        if (line > 0)
            html_put(h, " See line %u.", (unsigned)line);
        html_raw(h, "</li>\n");
    }
    if (json_array_size(rules) > 0)
        html_raw(h, "</ul>\n");
    json_decref(rules);
}

static void put_say(struct html *h, const json_t *say)
{
    size_t i;
    json_t *text;
    if (json_array_size(say) == 0)
        return;
    html_raw(h, "<ul class=\"say\">\n");
    json_array_foreach((json_t *)say, i, text)
    {
        html_raw(h, "<li>");
        html_raw(h, json_string_value(text)); /* HTML that the course's reader made */
        html_raw(h, "</li>\n");
    }
    html_raw(h, "</ul>\n");
}

/* ---- tests ---- */

static void put_text(struct html *h, const char *opening, const json_t *value, const char *closing)
{
    if (json_string_length(value) == 0)
        return;
    html_raw(h, opening);
    html_text_n(h, json_string_value(value), json_string_length(value));
    html_raw(h, closing);
}

static void put_test(struct html *h, const json_t *test)
{
    static const struct {
        const char *status, *word;
    } rows[] = {{"pass", "passed"}, {"fail", "failed"}, {"error", "broke off"}, {"skip", "skipped"}};
    const char *status = text_of(test, "status"), *word = "";
    for (size_t i = 0; status && i < array_length(rows); i++)
        if (!strcmp(rows[i].status, status))
            word = rows[i].word;
    const json_t *message = json_object_get(test, "message"), *output = json_object_get(test, "output");
    const json_t *expected = json_object_get(test, "expected"), *actual = json_object_get(test, "actual");
    bool good = status && (!strcmp(status, "pass") || !strcmp(status, "skip"));
    bool more = json_is_string(message) || json_is_string(expected) || json_string_length(output) > 0;
    html_put(h, "<li class=\"%s\">", status);
    if (more)
        html_raw(h, good ? "<details><summary>" : "<details open><summary>");
    html_put(h, "%s <span class=\"status\">%s</span>", text_of(test, "name"), word);
    if (more)
        html_raw(h, "</summary>\n");
    if (json_is_string(expected) || json_is_string(actual)) {
        html_raw(h, "<dl class=\"diff\">\n");
        put_text(h, "<dt>expected</dt><dd><pre>", expected, "</pre></dd>\n");
        put_text(h, "<dt>actual</dt><dd><pre>", actual, "</pre></dd>\n");
        html_raw(h, "</dl>\n");
    }
    put_text(h, "<pre class=\"message\">", message, "</pre>\n");
    put_text(h, "<pre class=\"output\">", output, "</pre>\n");
    html_raw(h, more ? "</details></li>\n" : "</li>\n");
}

static void put_sentence(struct html *h, const json_t *answer)
{
    const char *verdict = text_of(answer, "verdict");
    size_t i, bad = 0, all = 0;
    json_t *test;
    json_array_foreach(json_object_get(answer, "tests"), i, test)
    {
        const char *status = text_of(test, "status");
        all++;
        bad += status && strcmp(status, "pass") != 0 && strcmp(status, "skip") != 0;
    }
    if (verdict && !strcmp(verdict, "pass"))
        html_raw(h, "<h4 class=\"verdict good\">Solved: every test passed.</h4>\n");
    else if (verdict && !strcmp(verdict, "fail") && bad > 0)
        html_put(h, "<h4 class=\"verdict bad\">Not yet: %zu of %zu tests did not pass.</h4>\n", bad, all);
    else
        html_raw(h, "<h4 class=\"verdict bad\">It could not be judged.</h4>\n");
}

void verdict_put(struct html *h, const json_t *answer, const json_t *say)
{
    size_t i;
    json_t *test;
    const json_t *run = json_object_get(answer, "run");
    put_sentence(h, answer);
    put_text(h, "<pre class=\"errors\">", json_object_get(answer, "reason"), "</pre>\n");
    diagnostics_put(h, json_object_get(run, "diagnostics"), 0);
    put_say(h, say);
    put_rules(h, answer);
    if (json_array_size(json_object_get(answer, "tests")) == 0)
        return;
    html_raw(h, "<ul class=\"tests\">\n");
    json_array_foreach(json_object_get(answer, "tests"), i, test) put_test(h, test);
    html_raw(h, "</ul>\n");
}

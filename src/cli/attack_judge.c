/* Compares what became of an attack with what must become of it. */
#include "cli/attack.h"

#include <stdio.h>

static const char *text_at(const json_t *answer, const char *key)
{
    const char *text = json_string_value(json_object_get(answer, key));
    return text ? text : "";
}

static bool truncated(const json_t *answer, const char *stream)
{
    return json_is_true(json_object_get(json_object_get(answer, "truncated"), stream));
}

static bool fits(const struct attack_expect *e, const json_t *answer)
{
    if (!answer)
        return !strcmp(e->status, "refused");
    json_t *code = json_object_get(answer, "exit_code");
    return !strcmp(e->status, text_at(answer, "status")) &&
           (e->exit_code < 0 || (json_is_integer(code) && json_integer_value(code) == e->exit_code)) &&
           (!*e->signal || !strcmp(e->signal, text_at(answer, "signal"))) &&
           (!*e->truncated || truncated(answer, e->truncated)) &&
           (!e->out ||
            memmem(text_at(answer, "stdout"), json_string_length(json_object_get(answer, "stdout")), e->out,
                   strlen(e->out))) &&
           (!e->err ||
            memmem(text_at(answer, "stderr"), json_string_length(json_object_get(answer, "stderr")), e->err,
                   strlen(e->err))) &&
           (!e->no_values || json_array_size(json_object_get(answer, "values")) == 0) &&
           (!e->no_value || !json_is_string(json_object_get(answer, "value"))) &&
           (!e->no_diagnostics || json_array_size(json_object_get(answer, "diagnostics")) == 0);
}

/* The line of `stream` that confesses, or NULL. Output may hold zero bytes, so it is searched by length. */
static const char *confession(const json_t *answer, const char *stream, const char *word, int *length)
{
    const char *text = text_at(answer, stream);
    size_t size = json_string_length(json_object_get(answer, stream));
    const char *found = size ? memmem(text, size, word, strlen(word)) : NULL;
    if (!found)
        return NULL;
    size_t rest = size - (size_t)(found - text);
    const char *end = memchr(found, '\n', rest);
    *length = (int)(end ? (size_t)(end - found) : rest);
    return found;
}

static void keep_outputs(const json_t *answer, struct attack_verdict *v)
{
    snprintf(v->status, sizeof v->status, "%s", answer ? text_at(answer, "status") : "refused");
    v->warm = !strcmp(text_at(answer, "start"), "warm");
    snprintf(v->out, sizeof v->out, "%s", text_at(answer, "stdout"));
    snprintf(v->err, sizeof v->err, "%s", text_at(answer, "stderr"));
    double wall_ms = json_number_value(json_object_get(json_object_get(answer, "usage"), "wall_ms"));
    v->wall_us = wall_ms > 0 ? (uint64_t)(wall_ms * 1000) : 0;
}

void attack_judge(const struct attack *attack, const json_t *answer, struct attack_verdict *v)
{
    static const char *const words[] = {"BREACH", "WRONG"}, *const streams[] = {"stdout", "stderr"};
    keep_outputs(answer, v);
    v->result = ATTACK_FAILED;
    for (size_t i = 0; i < 4; i++) {
        int length;
        const char *line = confession(answer, streams[i % 2], words[i / 2], &length);
        if (line) {
            snprintf(v->why, sizeof v->why, "%.*s", length, line);
            return;
        }
    }
    for (size_t i = 0; i < attack->expect_count; i++)
        if (fits(&attack->expects[i], answer)) {
            v->result = ATTACK_PASSED;
            return;
        }
    json_t *code = json_object_get(answer, "exit_code");
    const struct attack_expect *e = &attack->expects[0];
    snprintf(
        v->why, sizeof v->why, "status %s, exit code %lld, signal %s; expected %s%s%s%s%s; stderr: %.200s",
        v->status, json_is_integer(code) ? (long long)json_integer_value(code) : -1,
        *text_at(answer, "signal") ? text_at(answer, "signal") : "none", e->status,
        *e->signal ? ", signal " : "", e->signal, e->out ? ", output " : "", e->out ? e->out : "", v->err);
}

/* The value that a program printed in a line WORD=VALUE. */
static bool printed_value(const json_t *answer, const char *word, char value[static 256])
{
    size_t length = strlen(word);
    for (const char *line = text_at(answer, "stdout"); line && *line;) {
        if (!strncmp(line, word, length) && line[length] == '=') {
            snprintf(value, 256, "%.*s", (int)strcspn(line + length + 1, "\n"), line + length + 1);
            return true;
        }
        line = strchr(line, '\n');
        line = line ? line + 1 : NULL;
    }
    return false;
}

static void fail(struct attack_verdict *v, const char *word, const char *why)
{
    if (v->result != ATTACK_PASSED)
        return;
    v->result = ATTACK_FAILED;
    snprintf(v->why, sizeof v->why, "%s: %s", word, why);
}

void attack_judge_pair(const struct attack *const *attacks, const json_t *const *answers, size_t count,
                       struct attack_verdict *verdicts)
{
    for (size_t i = 0; i < count; i++)
        for (size_t w = 0; w < attacks[i]->differ_count; w++) {
            const char *word = attacks[i]->differs[w];
            char own[256], other[256];
            if (!printed_value(answers[i], word, own))
                fail(&verdicts[i], word, "it printed no value");
            for (size_t k = 0; k < count; k++)
                if (k != i && printed_value(answers[k], word, other) && !strcmp(own, other))
                    fail(&verdicts[i], word, "BREACH: two runs have the same value");
        }
}

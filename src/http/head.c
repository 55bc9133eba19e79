#include "http/head.h"

#include <errno.h>

static bool is_token_character(unsigned char c)
{
    /* RFC 9110, 5.6.2 */
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           (c && strchr("!#$%&'*+-.^_`|~", c));
}

ssize_t http_head_length(const char *bytes, size_t n, size_t from)
{
    size_t most = n < HEAD_BYTES_MOST ? n : HEAD_BYTES_MOST;
    for (size_t i = from; i < most; i++) {
        if (bytes[i] == 0)
            return -EINVAL;
        if (bytes[i] != '\n')
            continue;
        if (i == 0 || bytes[i - 1] != '\r')
            return -EINVAL;
        if (i >= 3 && bytes[i - 2] == '\n')
            return (ssize_t)i + 1;
    }
    return n >= HEAD_BYTES_MOST ? -E2BIG : 0;
}

/* ---- the request line ---- */

/* "http://host/path": the form that proxies get; its host counts, not the Host field's. */
static char *take_authority(struct http_head *head, char *target)
{
    static const char scheme[] = "http://";
    if (strncasecmp(target, scheme, sizeof scheme - 1) != 0)
        return target;
    char *host = target + sizeof scheme - 1;
    size_t n = strcspn(host, "/?#");
    if (host[n] != '/' || n == 0)
        return target;
    memmove(target, host, n);
    target[n] = 0;
    head->host = target;
    return host + n;
}

static int take_target(struct http_head *head, char *target, struct problem *problem)
{
    if (strlen(target) > HEAD_TARGET_MOST)
        return problem_set(problem, PROBLEM_target_too_long, "it has more than %d bytes", HEAD_TARGET_MOST);
    for (const char *at = target; *at; at++)
        if (*at <= ' ' || *at >= 127)
            return problem_set(problem, PROBLEM_bad_http, "the address holds a byte that must be escaped");
    head->path = take_authority(head, target);
    if (head->path[0] != '/')
        return problem_set(problem, PROBLEM_bad_http, "the address does not begin with a slash");
    head->query = strchr(head->path, '?');
    if (head->query)
        *head->query++ = 0;
    return 0;
}

static int take_request_line(struct http_head *head, char *line, struct problem *problem)
{
    char *target = strchr(line, ' '), *version = target ? strchr(target + 1, ' ') : NULL;
    if (!version)
        return problem_set(problem, PROBLEM_bad_http, "the first line is not METHOD ADDRESS HTTP/1.1");
    *target++ = 0;
    *version++ = 0;
    head->method = line;
    for (const char *at = line; *at; at++)
        if (!is_token_character((unsigned char)*at))
            return problem_set(problem, PROBLEM_bad_http, "the method's name is malformed");
    if (!*line || strlen(line) > 32)
        return problem_set(problem, PROBLEM_bad_http, "the method's name is malformed");
    if (!strcmp(version, "HTTP/1.1"))
        head->minor = 1;
    else if (strncmp(version, "HTTP/", 5) != 0)
        return problem_set(problem, PROBLEM_bad_http, "the first line does not end with HTTP/1.1");
    else if (strcmp(version, "HTTP/1.0") != 0)
        return problem_set(problem, PROBLEM_version_not_supported, "HTTP/1.1 and HTTP/1.0 are spoken");
    head->keep_alive = head->minor == 1;
    return take_target(head, target, problem);
}

/* ---- fields ---- */

static int take_field(struct http_head *head, char *line, struct problem *problem)
{
    if (head->field_count == HEAD_FIELDS_MOST)
        return problem_set(problem, PROBLEM_head_too_large, "it has more than %d fields", HEAD_FIELDS_MOST);
    char *colon = strchr(line, ':');
    if (!colon || colon == line)
        return problem_set(problem, PROBLEM_bad_http, "a header field has no name");
    *colon = 0;
    for (const char *at = line; *at; at++)
        if (!is_token_character((unsigned char)*at))
            return problem_set(problem, PROBLEM_bad_http, "a header field's name is malformed");
    char *value = colon + 1 + strspn(colon + 1, " \t");
    size_t n = strlen(value);
    while (n > 0 && (value[n - 1] == ' ' || value[n - 1] == '\t'))
        value[--n] = 0;
    for (const unsigned char *at = (unsigned char *)value; *at; at++)
        if ((*at < ' ' && *at != '\t') || *at == 127)
            return problem_set(problem, PROBLEM_bad_http, "a header field's value holds a control character");
    head->fields[head->field_count++] = (struct http_field){line, value};
    return 0;
}

const char *http_head_field(const struct http_head *head, const char *name)
{
    for (size_t i = 0; i < head->field_count; i++)
        if (!strcasecmp(head->fields[i].name, name))
            return head->fields[i].value;
    return NULL;
}

const char *http_head_last_field(const struct http_head *head, const char *name)
{
    for (size_t i = head->field_count; i-- > 0;)
        if (!strcasecmp(head->fields[i].name, name))
            return head->fields[i].value;
    return NULL;
}

bool http_list_has(const char *value, const char *token)
{
    size_t n = strlen(token);
    while (value && *value) {
        value += strspn(value, ", \t");
        size_t length = strcspn(value, ",");
        size_t bare = length;
        while (bare > 0 && (value[bare - 1] == ' ' || value[bare - 1] == '\t'))
            bare--;
        if (bare == n && !strncasecmp(value, token, n))
            return true;
        value += length;
    }
    return false;
}

/* ---- what the fields mean for the message itself ---- */

static int check_single(const struct http_head *head, struct problem *problem)
{
    static const char *const singles[] = {"host",          "content-length", "content-type",
                                          "authorization", "expect",         "last-event-id",
                                          "origin",        "sec-fetch-site", "content-encoding"};
    for (size_t i = 0; i < array_length(singles); i++) {
        unsigned seen = 0;
        for (size_t j = 0; j < head->field_count; j++)
            seen += !strcasecmp(head->fields[j].name, singles[i]);
        if (seen > 1)
            return problem_set(problem, PROBLEM_bad_http, "the field %s stands there twice", singles[i]);
    }
    return 0;
}

static int read_length(struct http_head *head, struct problem *problem)
{
    const char *length = http_head_field(head, "content-length");
    if (http_head_field(head, "transfer-encoding")) {
        if (length)
            return problem_set(problem, PROBLEM_bad_http, "both Content-Length and Transfer-Encoding");
        return problem_set(problem, PROBLEM_length_required,
                           "Transfer-Encoding is not taken; send the body with a Content-Length");
    }
    if (!length)
        return 0;
    size_t digits = strspn(length, "0123456789");
    if (digits == 0 || digits > 18 || length[digits]) {
        return problem_set(problem, PROBLEM_bad_http, "the Content-Length is not a number");
    }
    parse_u64(length, &head->content_length);
    return 0;
}

static int read_meaning(struct http_head *head, struct problem *problem)
{
    if (check_single(head, problem) < 0)
        return -1;
    const char *connection = http_head_field(head, "connection"), *expect = http_head_field(head, "expect");
    if (http_list_has(connection, "close"))
        head->keep_alive = false;
    else if (head->minor == 0 && http_list_has(connection, "keep-alive"))
        head->keep_alive = true;
    if (read_length(head, problem) < 0)
        return -1;
    if (!head->host)
        head->host = (char *)http_head_field(head, "host");
    if (!head->host)
        return problem_set(problem, PROBLEM_bad_http, "the field Host is missing");
    if (expect && strcasecmp(expect, "100-continue") != 0)
        return problem_set(problem, PROBLEM_expectation_failed, "only 100-continue is known");
    head->expects_continue = expect && head->minor == 1 && head->content_length > 0;
    return 0;
}

int http_head_parse(struct http_head *head, const char *bytes, size_t n, struct problem *problem)
{
    *head = (struct http_head){.bytes = malloc(n + 1)};
    if (!head->bytes)
        return problem_set(problem, PROBLEM_internal, "out of memory");
    memcpy(head->bytes, bytes, n);
    head->bytes[n] = 0;
    bool first = true;
    int r = 0;
    for (char *line = head->bytes, *end; r == 0 && (end = strstr(line, "\r\n")) && end != line;
         line = end + 2) {
        *end = 0;
        if (first)
            r = take_request_line(head, line, problem);
        else if (*line == ' ' || *line == '\t')
            r = problem_set(problem, PROBLEM_bad_http, "a header field is folded over two lines");
        else
            r = take_field(head, line, problem);
        first = false;
    }
    if (r == 0)
        r = first ? problem_set(problem, PROBLEM_bad_http, "the first line is empty")
                  : read_meaning(head, problem);
    if (r < 0)
        head->keep_alive = false; /* where the next request begins is not known */
    return r;
}

void http_head_free(struct http_head *head)
{
    free(head->bytes);
    *head = (struct http_head){0};
}

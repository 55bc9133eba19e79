/* The head of a request: where it ends does not depend on how its bytes arrive, and one that is taken means
 * one thing. */
#include "http/head.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static ssize_t length_in_pieces(const char *bytes, size_t size)
{
    size_t from = 0;
    for (size_t n = 1; n <= size; n++) {
        ssize_t r = http_head_length(bytes, n, from);
        if (r != 0)
            return r;
        from = n;
    }
    return 0;
}

static void check(const struct http_head *head)
{
    unsigned hosts = 0, lengths = 0;
    if (head->path[0] != '/' || !head->host || head->content_length > UINT64_C(999999999999999999))
        abort();
    for (size_t i = 0; i < head->field_count; i++) {
        const struct http_field *field = &head->fields[i];
        hosts += !strcasecmp(field->name, "host");
        lengths += !strcasecmp(field->name, "content-length");
        if (!*field->name || strpbrk(field->name, " \t\r\n:") || strpbrk(field->value, "\r\n") ||
            !strcasecmp(field->name, "transfer-encoding"))
            abort();
    }
    if (hosts > 1 || lengths > 1)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct http_head head;
    struct problem problem;
    const char *bytes = (const char *)data;
    ssize_t length = http_head_length(bytes, size, 0);
    if (size < 4096 && length != length_in_pieces(bytes, size))
        abort();
    if (length <= 0)
        return 0;
    char *copy = malloc((size_t)length);
    if (!copy)
        abort();
    memcpy(copy, bytes, (size_t)length);
    if (http_head_parse(&head, copy, (size_t)length, &problem) == 0)
        check(&head);
    else if (problem_status(problem.type) < 400)
        abort();
    http_head_free(&head);
    free(copy);
    return 0;
}

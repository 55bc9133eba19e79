/* A form as any page may send it, and what of it goes back into a page. */
#include "http/http.h"
#include "site/foreign.h"
#include "site/html.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_text(char *text, size_t size)
{
    struct html h = {0};
    struct foreign_place place;
    html_text_n(&h, text, size);
    for (size_t i = 0; i < h.size; i++)
        if (strchr("<>\"'", h.text[i])) /* a zero byte too */
            abort();
    html_free(&h);
    size_t before = size;
    foreign_line_ends(text, &size);
    if (size > before || text[size])
        abort();
    if (foreign_place(&place, text) && (strlen(place.course) > 64 || strlen(place.lesson) > 64))
        abort();
    if (foreign_is_own_path(text) && (text[0] != '/' || text[1] == '/' || strpbrk(text, "\r\n")))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = {"language", "at", "before", "code", "stdin", "next", ""};
    /* Exactly as long as it is, so that reading beyond it is seen. */
    char *body = malloc(size ? size : 1);
    if (!body)
        abort();
    memcpy(body, data, size);
    for (size_t i = 0; i < array_length(names); i++) {
        size_t n = 0;
        char *value = form_value(body, size, names[i], &n);
        if (value && (n > size || value[n]))
            abort();
        if (value)
            check_text(value, n);
        free(value);
    }
    free(body);
    return 0;
}

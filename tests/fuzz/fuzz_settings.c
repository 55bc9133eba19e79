/* A setting and its value, as an operator might mistype them. */
#include "settings/settings.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct settings s;
    struct error err;
    cleanup_free char *text = strndup((const char *)data, size);
    if (!text || settings_init(&s) < 0)
        abort();
    if (settings_set(&s, text, &err) < 0 && !err.text[0])
        abort();
    settings_free(&s);
    return 0;
}

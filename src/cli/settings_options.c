#include "cli/settings_options.h"

#include <errno.h>

bool settings_options_take(struct settings_options *options, int id, const char *value)
{
    switch (id) {
    case OPTION_CONFIG:
        options->config = value;
        return true;
    case OPTION_SET:
        if (options->set_count < array_length(options->set))
            options->set[options->set_count] = value;
        options->set_count++;
        return true;
    default:
        return false;
    }
}

static int load(const struct settings_options *options, struct settings *settings, struct error *err)
{
    if (options->set_count > array_length(options->set))
        return error_set(err, E2BIG, "--set: more than %zu times; use a settings file (--config)",
                         array_length(options->set));
    const char *path = options->config ? options->config : PHIAL_SYSCONFDIR "/phial.yaml";
    int r = settings_read(settings, path, options->config == NULL, err);
    for (size_t i = 0; r >= 0 && i < options->set_count; i++)
        r = settings_set(settings, options->set[i], err);
    return r < 0 ? r : 0;
}

int settings_options_load(const struct settings_options *options, struct settings *settings,
                          struct error *err)
{
    int r = settings_init(settings);
    if (r < 0)
        return error_set(err, -r, "settings: %m");
    r = load(options, settings, err);
    if (r < 0)
        settings_free(settings);
    return r;
}

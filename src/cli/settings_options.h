/* The options --config and --set, which several subcommands share. */
#ifndef PHIAL_CLI_SETTINGS_OPTIONS_H
#define PHIAL_CLI_SETTINGS_OPTIONS_H

#include "settings/settings.h"

enum { OPTION_CONFIG = 300, OPTION_SET };
#define SETTINGS_OPTION_ROWS                                                                                 \
    {OPTION_CONFIG, "config", "FILE", "read settings from FILE instead of " PHIAL_SYSCONFDIR "/phial.yaml"}, \
    {                                                                                                        \
        OPTION_SET, "set", "NAME=VALUE",                                                                     \
            "change one setting (see phial.yaml(5)); may be given several times"                             \
    }

/* What was asked for, in order; the strings are argv's. */
struct settings_options {
    const char *config;
    const char *set[64];
    size_t set_count;
};
/* True when `id` is one of the two options (and was taken). Assignments beyond the bound are an error later,
 * in settings_options_load(). */
bool settings_options_take(struct settings_options *options, int id, const char *value);
/* Standard values, then the file (the standard one may be missing), then the assignments. The caller frees
 * with settings_free() on success. */
int settings_options_load(const struct settings_options *options, struct settings *settings,
                          struct error *err);

#endif

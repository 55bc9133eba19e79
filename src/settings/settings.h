/* settings: what the operator can set, one row a setting (settings.c): name, type, standard value, bounds,
 * help. The YAML file, the command line's --set NAME=VALUE, `phial serve --help` and docs/settings.md come
 * from that table. This room may touch the settings file, nothing else. */
#ifndef PHIAL_SETTINGS_SETTINGS_H
#define PHIAL_SETTINGS_SETTINGS_H

#include "base/base.h"
#include "settings/limits.h"

#include <stdio.h>

struct settings {
    char *listen;          /* "127.0.0.1:4080"; several, with commas; "unix:/path" too */
    char *socket;          /* Unix socket for the command line: "/run/phial/phial.sock"; "" for none */
    char *user;            /* the frontend's user: "phial" */
    char *group;           /* who may use `socket`: "phial" */
    char *languages_dir;   /* PHIAL_DATADIR "/languages" */
    char *images_dir;      /* "/var/lib/phial/images" */
    char *state_dir;       /* "/var/lib/phial": keys, the store's folder */
    char *run_dir;         /* "/run/phial": locks */
    char *audit_log;       /* "" for standard error, else a file */
    char *host_names;      /* Host names besides the listen address and localhost, with commas */
    char *cors_origins;    /* origins that pages may call from, with commas; "" for none */
    char *web_dir;         /* what web/build made; "": "web" beside languages_dir */
    char *course_dirs;     /* folders of courses, with commas; "": "courses" beside languages_dir */
    bool public_site;      /* who reads the site from another machine needs no key */
    char *store;           /* "site/site.db", below state_dir, or an absolute path */
    char *teachers;        /* user names, with commas */
    uint64_t live_ms;      /* CPU time in a minute for the live runs of one learner */
    uint64_t running_most; /* runs at once; 0: four for each CPU */
    uint64_t queue_most, client_running_most, client_queue_most;
    uint64_t requests_per_minute; /* per key or address; 0: no bound */
    uint64_t request_bytes_most;  /* body of one HTTP request */
    uint64_t connections_most;
    uint64_t keep_answers_s, keep_answers_bytes;
    uint64_t drain_s;                          /* how long stop and reload wait for running programs */
    uint64_t cpu_percent;                      /* CPU bandwidth of one run, 100 is one CPU */
    uint64_t uid_base;                         /* first uid of the blocks for boxes */
    bool preview;                              /* pages load themselves again after a restart */
    bool templates;                            /* warm starts at all */
    uint64_t template_clones, template_age_ms; /* a template is replaced after so many clones, at this age */
    uint64_t pool_bytes;                       /* what clones that wait may use, all together */
    bool allow_missing_landlock, allow_missing_core_scheduling;
    struct limits ceiling; /* set as limit_wall_ms, limit_memory_bytes, ... */
};
/* Standard values. */
int settings_init(struct settings *s);
/* Reads a YAML file over what is set; an unknown name or a bad value is an error with file, line and cure.
 * `optional`: a missing file is no error. */
int settings_read(struct settings *s, const char *path, bool optional, struct error *err);
/* One setting from text "name=value". */
int settings_set(struct settings *s, const char *assignment, struct error *err);
void settings_free(struct settings *s);
enum { SETTINGS_PATH_SIZE = 4096 };
/* Where the setting 'store' is: its folder, and in *file the name of the database in it. */
int settings_store_folder(const struct settings *s, char folder[static SETTINGS_PATH_SIZE], const char **file,
                          struct error *err);
/* Prints the table: for `--help`, or as the Markdown table of docs/settings.md. */
enum settings_help_form { SETTINGS_HELP_PLAIN, SETTINGS_HELP_MARKDOWN };
void settings_help(FILE *out, enum settings_help_form form);

#endif

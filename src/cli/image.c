/* phial image: build, list and verify what runs see as their root. */
#include "cli/cli.h"
#include "cli/settings_options.h"
#include "language/language.h"

#include <errno.h>
#include <getopt.h>
#include <jansson.h>

enum { OPTION_ALL = 256, OPTION_FORCE, OPTION_JSON };

static const struct option_row rows[] = {
    {OPTION_ALL, "all", NULL, "build: the images of all languages"},
    {OPTION_FORCE, "force", NULL, "build: anew, even if the recipe has not changed"},
    {OPTION_JSON, "json", NULL, "print JSON"},
    SETTINGS_OPTION_ROWS,
};

static int image_main(const struct command *command, int argc, char **argv);

const struct command command_image = {
    .name = "image",
    .summary = "Build, list and verify the images",
    .usage = "build [NAME...|--all] | list | verify [NAME...]",
    .text = "An image is what programs of a language see as their root: a few packages of Debian's, "
            "read-only. NAME is a\n"
            "language or an image. 'build' takes minutes and needs root and the network; 'verify' reads "
            "every byte, of\n"
            "all images when none is named, and exits with 1 when one is not what was built.\n",
    COMMAND_OPTIONS(rows),
    .main = image_main,
    .usage_exit = EXIT_USAGE,
};

struct image_command {
    const struct command *command;
    struct settings settings;
    struct languages languages;
    bool all, force, json, live; /* live: progress as one line that is written over */
    char **names;                /* NULL-ended */
    json_t *results;             /* with --json */
};

/* ---- progress ---- */

static void clear_line(const struct image_command *c)
{
    if (c->live)
        fputs("\r\033[K", stderr);
}

static void on_progress(void *context, const char *image, const char *line)
{
    struct image_command *c = context;
    if (!c->live) {
        fprintf(stderr, "%s: %s\n", image, line);
        return;
    }
    int room = (int)terminal_width() - (int)strlen(image) - 3;
    clear_line(c);
    if (room > 0)
        fprintf(stderr, "%s: %.*s", image, room, line);
}

/* Prints one image's outcome, or keeps it for --json. `fault` is NULL when all is well. */
static void report(struct image_command *c, const char *name, const char *outcome, const struct error *fault)
{
    clear_line(c);
    if (c->json) {
        json_t *object = json_object();
        json_object_set_new(object, "name", json_string(name));
        json_object_set_new(object, "outcome", json_string(outcome));
        json_object_set_new(object, "error", fault ? json_string(fault->text) : json_null());
        json_array_append_new(c->results, object);
    } else if (fault) {
        fprintf(stderr, "phial: image %s: %s\n", name, fault->text);
    } else {
        printf("%s%s%s: %s\n", style_on(stdout, STYLE_BOLD), name, style_on(stdout, STYLE_PLAIN), outcome);
    }
}

/* ---- build ---- */

static bool wanted(const struct image_command *c, const struct language *language)
{
    if (!*c->names)
        return true;
    for (char **name = c->names; *name; name++)
        if (languages_find(&c->languages, *name) == language || !strcmp(*name, language->image))
            return true;
    return false;
}

/* The first language of an image stands for all that share it. */
static bool seen_before(const struct image_command *c, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (!strcmp(c->languages.items[i].image, c->languages.items[at].image) &&
            wanted(c, &c->languages.items[i]))
            return true;
    return false;
}

static int check_names(const struct image_command *c)
{
    for (char **name = c->names; *name; name++) {
        bool known = languages_find(&c->languages, *name) != NULL;
        for (size_t i = 0; i < c->languages.count; i++)
            known |= !strcmp(c->languages.items[i].image, *name);
        if (!known)
            return command_usage_error(c->command, "no such language or image: %s; see 'phial languages'",
                                       *name);
    }
    return EXIT_OK;
}

static int build(struct image_command *c)
{
    int exit_code = check_names(c);
    if (exit_code != EXIT_OK)
        return exit_code;
    if (geteuid() != 0) {
        struct error err = {0};
        error_set(&err, EPERM, "image build: only root can build images; run it as root");
        return command_error(&err);
    }
    for (size_t i = 0; i < c->languages.count; i++) {
        const struct language *language = &c->languages.items[i];
        if (!wanted(c, language) || seen_before(c, i))
            continue;
        struct error err = {0};
        int r = image_build(c->settings.languages_dir, c->settings.images_dir, language, c->force,
                            on_progress, c, &err);
        report(c, language->image, r < 0 ? "failed" : r > 0 ? "built" : "up to date", r < 0 ? &err : NULL);
        if (r < 0)
            exit_code = EXIT_BAD;
    }
    return exit_code;
}

/* ---- list ---- */

static json_t *info_json(const struct image_info *info)
{
    json_t *object = json_object(), *packages = json_object();
    json_object_set_new(object, "name", json_string(info->name));
    json_object_set_new(object, "file", json_string(info->file));
    json_object_set_new(object, "folder", json_boolean(info->folder));
    json_object_set_new(object, "size", json_integer((json_int_t)info->size));
    json_object_set_new(object, "sha256", json_string(info->sha256));
    json_object_set_new(object, "recipe", json_string(info->recipe));
    json_object_set_new(object, "suite", json_string(info->suite));
    json_object_set_new(object, "archive_date", json_string(info->archive_date));
    json_object_set_new(object, "built_at", json_string(info->built_at));
    for (size_t i = 0; i < info->package_count; i++)
        json_object_set_new(packages, info->packages[i].name, json_string(info->packages[i].version));
    json_object_set_new(object, "packages", packages);
    return object;
}

static int list_one(struct image_command *c, const char *name)
{
    struct error err = {0};
    struct image_info info = {0};
    int r = image_info_read(&info, c->settings.images_dir, name, &err);
    if (r < 0)
        report(c, name, "failed", &err);
    else if (c->json)
        json_array_append_new(c->results, info_json(&info));
    else
        printf("%-12s %8.1f MB  %-6s %4zu packages  %s  %.12s\n", info.name, (double)info.size / 1e6,
               info.folder ? "folder" : "EROFS", info.package_count, info.archive_date, info.sha256);
    image_info_free(&info);
    return r < 0 ? EXIT_BAD : EXIT_OK;
}

/* ---- verify ---- */

static int verify_one(struct image_command *c, const char *name)
{
    struct error err = {0};
    const struct language *language = languages_find(&c->languages, name);
    const char *image = language ? language->image : name;
    int r = image_verify(c->settings.images_dir, image, &err);
    report(c, image, r < 0 ? "damaged" : "ok", r < 0 ? &err : NULL);
    return r < 0 ? EXIT_BAD : EXIT_OK;
}

/* ---- the command ---- */

/* Does `one` for each named image, or for all there are. */
static int for_images(struct image_command *c, int (*one)(struct image_command *, const char *))
{
    int exit_code = EXIT_OK;
    for (char **name = c->names; *name; name++)
        if (one(c, *name) != EXIT_OK)
            exit_code = EXIT_BAD;
    if (*c->names)
        return exit_code;
    struct error err = {0};
    char **names;
    if (image_list(c->settings.images_dir, &names, &err) < 0)
        return command_error(&err);
    if (!*names && !c->json)
        fputs("no image is built yet: phial image build --all\n", stderr);
    for (size_t i = 0; names[i]; i++) {
        if (one(c, names[i]) != EXIT_OK)
            exit_code = EXIT_BAD;
        free(names[i]);
    }
    free(names);
    return exit_code;
}

static int dispatch(struct image_command *c, const char *what)
{
    if (!strcmp(what, "build"))
        return build(c);
    if (!strcmp(what, "list"))
        return for_images(c, list_one);
    if (!strcmp(what, "verify"))
        return for_images(c, verify_one);
    return command_usage_error(c->command, "build, list or verify? not %s", what);
}

static int with_languages(struct image_command *c, const char *what)
{
    struct error err = {0};
    int exit_code;
    if (languages_load(&c->languages, c->settings.languages_dir, NULL, &err) < 0 && !strcmp(what, "build"))
        return command_error(&err);
    c->results = json_array();
    exit_code = dispatch(c, what);
    if (c->json && exit_code != EXIT_USAGE) {
        json_dumpf(c->results, stdout, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
        putchar('\n');
    }
    json_decref(c->results);
    languages_free(&c->languages);
    return exit_code;
}

static int image_main(const struct command *command, int argc, char **argv)
{
    struct image_command c = {.command = command};
    struct settings_options options = {0};
    const char *value;
    int exit_code;
    for (int id; (id = options_next(command, argc, argv, &value, &exit_code)) != OPTION_END;)
        switch (id) {
        case OPTION_STOP:
            return exit_code;
        case OPTION_ALL:
            c.all = true;
            break;
        case OPTION_FORCE:
            c.force = true;
            break;
        case OPTION_JSON:
            c.json = true;
            break;
        default:
            settings_options_take(&options, id, value);
        }
    if (optind == argc)
        return command_usage_error(command, "build, list or verify?");
    const char *what = argv[optind++];
    c.names = argv + optind;
    if (!strcmp(what, "build") && !*c.names && !c.all)
        return command_usage_error(command, "which image? name one, or --all");
    c.live = isatty(STDERR_FILENO) && getenv("TERM");
    struct error err = {0};
    if (settings_options_load(&options, &c.settings, &err) < 0)
        return command_error(&err);
    exit_code = with_languages(&c, what);
    settings_free(&c.settings);
    return exit_code;
}

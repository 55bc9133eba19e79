/* The folder of languages. */
#include "language/language.h"
#include "language/read.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

/* The upstream part of a Debian version, without what the packager added: "1:27.3.4.1+dfsg-1" is "27.3.4.1".
 */
static char *upstream_version(const char *version)
{
    const char *colon = strchr(version, ':');
    char *text = strdup(colon ? colon + 1 : version);
    if (!text)
        return NULL;
    char *end = strrchr(text, '-');
    if (end)
        *end = 0;
    text[strcspn(text, "+~")] = 0;
    char *repacked = strstr(text, ".dfsg");
    if (repacked)
        *repacked = 0;
    return text;
}

/* A language whose image is not built yet, or has a manifest that cannot be read, has no version: what is
 * wrong with an image is said by those who use it. */
static int find_version(struct language *l, const char *images, struct error *err)
{
    struct image_info info;
    int e = 0;
    if (image_info_read(&info, images, l->image, NULL) == 0) {
        const char *version = image_package_version(&info, l->version_package);
        if (version && !(l->version = upstream_version(version)))
            e = error_set(err, ENOMEM, "read the version of %s: %m", l->name);
    }
    image_info_free(&info);
    return e;
}

static bool answers_to(const struct language *l, const char *name)
{
    if (!strcmp(l->name, name))
        return true;
    for (size_t i = 0; l->aliases[i]; i++)
        if (!strcmp(l->aliases[i], name))
            return true;
    return false;
}

static bool has_extension(const struct language *l, const char *extension)
{
    for (size_t i = 0; l->extensions[i]; i++)
        if (!strcmp(l->extensions[i], extension))
            return true;
    return false;
}

/* Names, aliases and extensions belong to one language each. */
static int check_unique(const struct languages *ls, const struct language *new, const char *dir,
                        struct error *err)
{
    for (size_t i = 0; i < ls->count; i++) {
        const struct language *old = &ls->items[i];
        const char *twice = answers_to(old, new->name) ? new->name : NULL;
        for (size_t k = 0; !twice && new->aliases[k]; k++)
            if (answers_to(old, new->aliases[k]))
                twice = new->aliases[k];
        for (size_t k = 0; !twice && new->extensions[k]; k++)
            if (has_extension(old, new->extensions[k]))
                twice = new->extensions[k];
        if (twice)
            return error_set(err, EINVAL,
                             "%s/%s/language.yaml: \"%s\" belongs to %s already; name it in one of them", dir,
                             new->name, twice, old->name);
    }
    return 0;
}

static int add_language(struct languages *ls, const char *dir, const char *folder, const char *images,
                        struct error *err)
{
    struct language *longer = realloc(ls->items, (ls->count + 1) * sizeof *longer);
    if (!longer)
        return error_set(err, ENOMEM, "read the languages: %m");
    ls->items = longer;
    struct language *l = &ls->items[ls->count];
    int e = language_read(l, dir, folder, err);
    if (e < 0)
        return e;
    e = check_unique(ls, l, dir, err);
    ls->count++; /* from here on languages_free() frees it */
    if (e == 0 && images)
        e = find_version(l, images, err);
    return e;
}

static int is_candidate(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

int languages_load(struct languages *ls, const char *dir, const char *images, struct error *err)
{
    struct dirent **entries;
    *ls = (struct languages){0};
    int n = scandir(dir, &entries, is_candidate, alphasort);
    if (n < 0)
        return error_set(err, errno, "read the languages folder %s: %m", dir);
    int e = 0;
    for (int i = 0; i < n; i++) {
        cleanup_free char *path = NULL;
        struct stat st;
        if (e == 0 && asprintf(&path, "%s/%s", dir, entries[i]->d_name) < 0)
            e = error_set(err, ENOMEM, "read the languages: %m");
        if (e == 0 && stat(path, &st) < 0)
            e = error_set(err, errno, "read the language %s: %m", path);
        if (e == 0 && S_ISDIR(st.st_mode))
            e = add_language(ls, dir, entries[i]->d_name, images, err);
        free(entries[i]);
    }
    free(entries);
    if (e < 0)
        languages_free(ls);
    return e;
}

const struct language *languages_find(const struct languages *ls, const char *name)
{
    for (size_t i = 0; i < ls->count; i++)
        if (answers_to(&ls->items[i], name))
            return &ls->items[i];
    return NULL;
}

const struct language *languages_by_file(const struct languages *ls, const char *file)
{
    const char *slash = strrchr(file, '/'), *dot = strrchr(slash ? slash : file, '.');
    for (size_t i = 0; dot && i < ls->count; i++)
        if (has_extension(&ls->items[i], dot))
            return &ls->items[i];
    return NULL;
}

void languages_free(struct languages *ls)
{
    for (size_t i = 0; i < ls->count; i++)
        language_free(&ls->items[i]);
    free(ls->items);
    *ls = (struct languages){0};
}

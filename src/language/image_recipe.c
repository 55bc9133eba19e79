/* What an image is made of, read from all languages that share it, and the hash that says whether it changed.
 */
#include "language/image.h"
#include "language/read.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

enum { FILE_BYTES_MOST = 16 << 20 };

static int add_all(char ***list, char *const *texts)
{
    for (; *texts; texts++) {
        bool there = false;
        for (size_t i = 0; *list && (*list)[i]; i++)
            there |= !strcmp((*list)[i], *texts);
        if (!there && strings_add(list, strdup(*texts)) < 0)
            return -ENOMEM;
    }
    return 0;
}

static int add_file(struct recipe *r, const char *folder, const char *source, const char *target,
                    struct error *err)
{
    cleanup_free char *path = NULL;
    struct stat st;
    struct recipe_file *longer = realloc(r->files, (r->file_count + 1) * sizeof *longer);
    if (!longer || asprintf(&path, "%s/%s", folder, source) < 0)
        return error_set(err, ENOMEM, "read the files of the image %s: %m", r->name);
    r->files = longer;
    for (size_t i = 0; i < r->file_count; i++)
        if (!strcmp(r->files[i].target, target))
            return error_set(err, EINVAL, "image %s: two languages put a file at %s; rename one", r->name,
                             target);
    struct recipe_file f = {.target = strdup(target)};
    int e = f.target ? read_file_at(AT_FDCWD, path, FILE_BYTES_MOST, &f.data, &f.size, err)
                     : error_set(err, ENOMEM, "read %s: %m", path);
    if (e == 0 && stat(path, &st) < 0)
        e = error_set(err, errno, "read %s: %m", path);
    if (e != 0) {
        free(f.target);
        free(f.data);
        return e;
    }
    f.program = st.st_mode & S_IXUSR;
    r->files[r->file_count++] = f;
    return 0;
}

static int add_setup(struct recipe *r, char *const *const *commands)
{
    size_t n = 0, more = 0;
    while (r->setup && r->setup[n])
        n++;
    while (commands[more])
        more++;
    char ***longer = realloc(r->setup, (n + more + 1) * sizeof *longer);
    if (!longer)
        return -ENOMEM;
    r->setup = longer;
    for (size_t i = 0; i <= more; i++)
        longer[n + i] = NULL;
    for (size_t i = 0; i < more; i++)
        for (size_t k = 0; commands[i][k]; k++)
            if (strings_add(&longer[n + i], strdup(commands[i][k])) < 0)
                return -ENOMEM;
    return 0;
}

static int add_language(struct recipe *r, const char *languages_dir, const struct language *l,
                        struct error *err)
{
    const struct image_recipe *from = &l->recipe;
    cleanup_free char *folder = NULL;
    if (add_all(&r->packages, from->packages) < 0 || add_all(&r->keep, from->keep) < 0 ||
        add_all(&r->remove, from->remove) < 0 || add_setup(r, (char *const *const *)from->setup) < 0 ||
        asprintf(&folder, "%s/%s", languages_dir, l->name) < 0)
        return error_set(err, ENOMEM, "read the recipe of the image %s: %m", r->name);
    for (size_t i = 0; from->files[i]; i += 2) {
        int e = add_file(r, folder, from->files[i], from->files[i + 1], err);
        if (e < 0)
            return e;
    }
    return 0;
}

static void pack_list(struct packer *p, char *const *list)
{
    pack_u32(p, (uint32_t)strings_count(list));
    for (; list && *list; list++)
        pack_string(p, *list);
}

static int hash_recipe(struct recipe *r, struct error *err)
{
    struct packer p = {0};
    pack_u32(&p, IMAGE_FORMAT);
    image_trim_pack(&p);
    image_house_pack(&p);
    pack_string(&p, image_suite);
    pack_string(&p, r->name);
    pack_list(&p, r->packages);
    pack_list(&p, r->keep);
    pack_list(&p, r->remove);
    for (size_t i = 0; i < r->file_count; i++) {
        pack_string(&p, r->files[i].target);
        pack_u8(&p, r->files[i].program);
        pack_bytes(&p, r->files[i].data, r->files[i].size);
    }
    for (size_t i = 0; r->setup && r->setup[i]; i++)
        pack_list(&p, r->setup[i]);
    bool failed = p.failed;
    if (!failed)
        sha256_hex(p.data, p.size, r->hash);
    packer_free(&p);
    return failed ? error_set(err, ENOMEM, "hash the recipe of the image %s: %m", r->name) : 0;
}

int recipe_read(struct recipe *recipe, const char *languages_dir, const char *image, struct error *err)
{
    struct languages ls;
    *recipe = (struct recipe){.name = strdup(image)};
    int e = languages_load(&ls, languages_dir, NULL, err);
    if (e < 0)
        return e;
    if (!recipe->name)
        e = error_set(err, ENOMEM, "read the recipe of the image %s: %m", image);
    bool found = false;
    for (size_t i = 0; e == 0 && i < ls.count; i++) {
        if (strcmp(ls.items[i].image, image) != 0)
            continue;
        found = true;
        e = add_language(recipe, languages_dir, &ls.items[i], err);
    }
    languages_free(&ls);
    if (e == 0 && !found)
        e = error_set(err, ENOENT, "no language in %s has the image \"%s\"", languages_dir, image);
    return e < 0 ? e : hash_recipe(recipe, err);
}

void recipe_free(struct recipe *r)
{
    free(r->name);
    strings_free(r->packages);
    strings_free(r->keep);
    strings_free(r->remove);
    for (size_t i = 0; i < r->file_count; i++) {
        free(r->files[i].target);
        free(r->files[i].data);
    }
    free(r->files);
    for (size_t i = 0; r->setup && r->setup[i]; i++)
        strings_free(r->setup[i]);
    free(r->setup);
    *r = (struct recipe){0};
}

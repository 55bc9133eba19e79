/* The manifest of an image: NAME.json. */
#include "language/image.h"
#include "language/read.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>

static int fault(const char *images, const char *name, const char *why, struct error *err)
{
    return error_set(err, EINVAL,
                     "read the manifest %s/%s.json: %s; build the image anew: phial image build %s --force",
                     images, name, why, name);
}

static int take_text(const json_t *object, const char *key, char **text)
{
    const char *value = json_string_value(json_object_get(object, key));
    *text = value ? strdup(value) : NULL;
    return *text ? 0 : -EINVAL;
}

static bool is_sha256(const char *text)
{
    return strlen(text) == SHA256_HEX - 1 && strspn(text, "0123456789abcdef") == SHA256_HEX - 1;
}

static int take_packages(const json_t *list, struct image_info *info)
{
    const char *name;
    json_t *version;
    if (!json_is_object(list))
        return -EINVAL;
    info->packages = calloc(json_object_size(list) + 1, sizeof *info->packages);
    if (!info->packages)
        return -ENOMEM;
    json_object_foreach((json_t *)list, name, version)
    {
        struct image_package *p = &info->packages[info->package_count++];
        p->name = strdup(name);
        p->version = json_is_string(version) ? strdup(json_string_value(version)) : NULL;
        if (!p->name || !p->version)
            return -EINVAL;
    }
    return 0;
}

static const char *take_manifest(const json_t *root, const char *name, struct image_info *info)
{
    if (json_integer_value(json_object_get(root, "format")) != IMAGE_FORMAT)
        return "it was written by another version of phial";
    const json_t *size = json_object_get(root, "size");
    char *kind = NULL;
    int e = take_text(root, "kind", &kind);
    bool folder = e == 0 && !strcmp(kind, "folder"), erofs = e == 0 && !strcmp(kind, "erofs");
    free(kind);
    if ((!folder && !erofs) || !json_is_integer(size) || json_integer_value(size) < 0)
        return "a field is missing or wrong";
    info->folder = folder;
    info->size = (uint64_t)json_integer_value(size);
    if (take_text(root, "name", &info->name) < 0 || take_text(root, "file", &info->file) < 0 ||
        take_text(root, "recipe", &info->recipe) < 0 || take_text(root, "sha256", &info->sha256) < 0 ||
        take_text(root, "suite", &info->suite) < 0 ||
        take_text(root, "archive_date", &info->archive_date) < 0 ||
        take_text(root, "built_at", &info->built_at) < 0 ||
        take_packages(json_object_get(root, "packages"), info) < 0)
        return "a field is missing or wrong";
    if (strcmp(info->name, name) != 0 || strchr(info->file, '/') || info->file[0] == '.' ||
        strncmp(info->file, name, strlen(name)) != 0 || !is_sha256(info->sha256))
        return "a field is missing or wrong";
    return NULL;
}

int image_info_read(struct image_info *info, const char *images, const char *name, struct error *err)
{
    cleanup_free char *path = NULL, *text = NULL;
    size_t size;
    *info = (struct image_info){0};
    const char *bad = check_name(name);
    if (bad)
        return error_set(err, EINVAL, "image \"%.60s\": the name %s", name, bad);
    if (asprintf(&path, "%s/%s.json", images, name) < 0)
        return error_set(err, ENOMEM, "read a manifest: %m");
    int e = read_file_at(AT_FDCWD, path, MANIFEST_BYTES_MOST, &text, &size, err);
    if (e == -ENOENT)
        return error_set(err, ENOENT, "there is no image \"%s\" in %s; build it: phial image build %s", name,
                         images, name);
    if (e < 0)
        return e;
    json_error_t where;
    json_t *root = json_loadb(text, size, JSON_REJECT_DUPLICATES, &where);
    const char *why = json_is_object(root) ? take_manifest(root, name, info) : "it is not a JSON object";
    json_decref(root);
    return why ? fault(images, name, why, err) : 0;
}

void image_info_free(struct image_info *info)
{
    char *texts[] = {info->name,  info->file,         info->recipe,  info->sha256,
                     info->suite, info->archive_date, info->built_at};
    for (size_t i = 0; i < array_length(texts); i++)
        free(texts[i]);
    for (size_t i = 0; i < info->package_count; i++) {
        free(info->packages[i].name);
        free(info->packages[i].version);
    }
    free(info->packages);
    *info = (struct image_info){0};
}

const char *image_package_version(const struct image_info *info, const char *package)
{
    for (size_t i = 0; i < info->package_count; i++)
        if (!strcmp(info->packages[i].name, package))
            return info->packages[i].version;
    return NULL;
}

int image_info_write(const struct image_info *info, int dir, struct error *err)
{
    cleanup_free char *file = NULL, *temporary = NULL, *text = NULL;
    json_t *packages = json_object();
    for (size_t i = 0; i < info->package_count; i++)
        json_object_set_new(packages, info->packages[i].name, json_string(info->packages[i].version));
    json_t *root =
        json_pack("{s:i, s:s, s:s, s:s, s:s, s:s, s:I, s:s, s:s, s:s, s:o}", "format", IMAGE_FORMAT, "name",
                  info->name, "kind", info->folder ? "folder" : "erofs", "file", info->file, "recipe",
                  info->recipe, "sha256", info->sha256, "size", (json_int_t)info->size, "suite", info->suite,
                  "archive_date", info->archive_date, "built_at", info->built_at, "packages", packages);
    text = root ? json_dumps(root, JSON_INDENT(2)) : NULL;
    json_decref(root);
    if (!text || asprintf(&file, "%s.json", info->name) < 0 ||
        asprintf(&temporary, ".build-%s.json", info->name) < 0)
        return error_set(err, ENOMEM, "write the manifest of %s: %m", info->name);
    cleanup_fd int fd = openat(dir, temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (fd < 0)
        return error_set(err, errno, "write the manifest %s: %m", temporary);
    int e = write_all(fd, text, strlen(text));
    if (e == 0 && (write_all(fd, "\n", 1) < 0 || fsync(fd) < 0 || renameat(dir, temporary, dir, file) < 0))
        e = -errno;
    if (e < 0)
        unlinkat(dir, temporary, 0);
    return e < 0 ? error_set(err, -e, "write the manifest %s: %m", file) : 0;
}

static int is_manifest(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');
    return entry->d_name[0] != '.' && dot && !strcmp(dot, ".json");
}

int image_list(const char *images, char ***names, struct error *err)
{
    struct dirent **entries;
    *names = calloc(1, sizeof **names);
    if (!*names)
        return error_set(err, ENOMEM, "list the images: %m");
    int n = scandir(images, &entries, is_manifest, alphasort);
    if (n < 0 && errno != ENOENT)
        return error_set(err, errno, "list the images in %s: %m", images);
    int e = 0;
    for (int i = 0; i < n; i++) {
        *strrchr(entries[i]->d_name, '.') = 0;
        if (e == 0 && !check_name(entries[i]->d_name) && strings_add(names, strdup(entries[i]->d_name)) < 0)
            e = error_set(err, ENOMEM, "list the images: %m");
        free(entries[i]);
    }
    if (n >= 0)
        free(entries);
    return e;
}

/* language/image: what the files about images share. Private to this room. */
#ifndef PHIAL_LANGUAGE_IMAGE_H
#define PHIAL_LANGUAGE_IMAGE_H

#include "language/language.h"

enum { IMAGE_FORMAT = 1, MANIFEST_BYTES_MOST = 1 << 20 };

/* ---- manifest (image_manifest.c) ---- */

/* Writes NAME.json for *info below the folder `dir`. */
int image_info_write(const struct image_info *info, int dir, struct error *err);

/* ---- recipe (image_recipe.c) ---- */

/* What an image is made of: the recipes of all languages that name it, joined. */
struct recipe {
    char *name;
    char **packages, **keep, **remove;
    struct recipe_file {
        char *target;
        char *data;
        size_t size;
        bool program; /* executable */
    } * files;
    size_t file_count;
    char ***setup;
    char hash[SHA256_HEX];
};
int recipe_read(struct recipe *recipe, const char *languages_dir, const char *image, struct error *err);
void recipe_free(struct recipe *recipe);

/* ---- programs (image_process.c) ---- */

struct process_options {
    const char *const *argv;
    const char *input; /* standard input, NULL for nothing */
    const char
        *chroot; /* run in this folder: without network, privileges or a view of the host; NULL: as is */
    image_progress *progress;
    void *context;
    const char *image; /* for progress */
};
/* Runs a program to its end. Its output goes to `progress` line by line; the last lines are in the error when
 * it fails. -EINTR when a signal to stop came meanwhile. */
int process_run(const struct process_options *options, struct error *err);

/* ---- package sources (image_sources.c) ---- */

/* The lines for apt that name Debian's packages, made from the host's own sources below `etc` ("/etc/apt") or
 * from `mirror` if it is not NULL. The caller frees. */
int sources_make(char **lines, const char *etc, const char *mirror, struct error *err);
extern const char *const image_suite;

/* ---- the tree of an image (image_trim.c, image_tree.c) ---- */

/* Packs the tables of what is removed and of what every image holds: an image is built anew when they change.
 */
void image_trim_pack(struct packer *p);
void image_house_pack(struct packer *p);
/* Removes what a run does not need. */
int image_trim(int root, const struct recipe *recipe, struct error *err);
/* Owner root, one time, no set-id bits, no capabilities, nothing but folders, files and links. */
int tree_normalise(int root, int64_t time, struct error *err);
/* SHA-256 over path, mode, owner, size and content of everything below, in a fixed order; *size gets the
 * bytes. */
int tree_hash(int root, char hex[static SHA256_HEX], uint64_t *size, struct error *err);
/* Removes everything below the folder; it trusts no link. */
int tree_empty(int dir, struct error *err);
int tree_remove(int parent, const char *name, struct error *err);
/* Opens a path as a process chrooted to `root` sees it; makes missing folders on the way when `make`. */
int tree_open(int root, const char *path, int flags, mode_t mode, bool make, struct error *err);

/* ---- an image's state (image.c) ---- */

/* The open folder of images, checked: root's, and nobody else may write. */
int images_open(const char *images, bool make, struct error *err);
/* Reads the image's manifest, opens its file or folder, and compares the two. Returns the descriptor; the
 * caller then frees *info. */
int image_open(const char *images, const char *name, struct image_info *info, struct error *err);
bool kernel_has_erofs(void);
/* image_build() with the kind said: 'e' for EROFS, 'f' for a folder, 0 for what the kernel has. */
int image_build_as(char kind, const char *languages_dir, const char *images, const struct language *language,
                   bool force, image_progress *progress, void *context, struct error *err);

#endif

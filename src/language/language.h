/* language: a language is a folder, languages/NAME/, with a language.yaml and a harness; an image is what its
 * runs see as their root. No C file knows a language by name.
 *
 * This room reads language.yaml, builds images with mmdebstrap, verifies and mounts them. It may touch: the
 * languages folder, the images folder, loop devices, mounts in the caller's own mount namespace.
 */
#ifndef PHIAL_LANGUAGE_LANGUAGE_H
#define PHIAL_LANGUAGE_LANGUAGE_H

#include "base/base.h"
#include "settings/limits.h"

struct language_boot { /* what the runtime needs until it reports that it is ready, on top of the run's limits
                        */
    uint64_t wall_ms, memory_bytes, processes;
};

struct language_template { /* `template:` in language.yaml: how a warm runtime is made (docs/languages.md) */
    char *warm_up;   /* file in the image that the harness runs before it is ready (PHIAL_WARM_UP); NULL when
                        the language has no template */
    char *reseed;    /* file in the image that it runs in each clone before the user's code (PHIAL_RESEED) */
    char *rehearsal; /* file in the image, a small program that one clone of each template runs, so that the
                        next know what runs touch; NULL for none */
    char *helper;    /* name of the program of the one child that the runtime keeps; NULL for none */
    char **run;      /* argv in place of the language's own; never NULL, empty for its own */
    char **env;      /* "NAME=value", besides the language's own; for the template only */
    struct language_boot boot; /* while it boots and warms up */
};

struct language_grade { /* `grade:` in language.yaml: how solutions are judged (docs/languages.md) */
    char *tests; /* "apart": its harness runs tests and solution in two linked runs; "together": in one; NULL
                    when it runs no tests */
    char *tests_file;  /* without a harness: name of the program that runs the tests, NULL with one */
    char *tests_text;  /* its text; a line with {solution} or {test} stands once for each such file */
    char **test_files; /* patterns of the names of test files (fnmatch(3)); never NULL */
    char *call_file;   /* name of the program that evaluates one call of a table; NULL when it has none */
    char *call;        /* its text, with {call}, {source}, {file} and {module} */
};

struct image_recipe { /* what `image:` in language.yaml says */
    char *name;
    char **packages, **keep, **remove;
    char **files;  /* source in the language's folder, target in the image, source, target, ..., NULL */
    char ***setup; /* commands, NULL-ended */
};

struct language {
    char *name;        /* [a-z][a-z0-9+-]* : "elixir" */
    char *title;       /* "Elixir" */
    char *version;     /* from the image's manifest; NULL while there is no image */
    char **aliases;    /* NULL-ended, may be empty, never NULL; so for all lists here */
    char **extensions; /* ".exs", ... */
    char *file;        /* the first file's name when a client gives none: "main.exs" */
    char *image;       /* the image's name */
    char **compile; /* argv of the compile step; empty for none; "{file}" stands for the first file's name */
    char **run;     /* argv of the run; "{file}" as above; "{args}" alone stands for the run's arguments */
    char **env;     /* "NAME=value" */
    bool harness;   /* speaks the harness protocol (docs/languages.md) on descriptors 3 and 4 */
    char **seccomp; /* system calls it needs beyond the house's list */
    struct limits limits;      /* standard limits of this language */
    struct language_boot boot; /* zero without a harness */
    struct language_template template;
    struct language_grade grade;
    char *version_package;      /* the Debian package whose version is the language's */
    struct image_recipe recipe; /* recipe.name is the same text as `image` */
};

struct languages {
    struct language *items;
    size_t count;
};
/* Reads every folder of `dir`. `images` is the images folder (for versions), or NULL. The caller frees with
 * languages_free(). Errors name file, line and field. */
int languages_load(struct languages *ls, const char *dir, const char *images, struct error *err);
/* By name or alias; NULL when there is none. */
const struct language *languages_find(const struct languages *ls, const char *name);
/* By a file name's extension. */
const struct language *languages_by_file(const struct languages *ls, const char *file);
void languages_free(struct languages *ls);
/* What a program of this language finds in its environment: the house's variables, the language's, then
 * `more` (NULL for none); the last of a name counts. The caller frees with strings_free(); NULL when out of
 * memory. */
char **language_environment(const struct language *language, char *const *more);

/* ---- images (image.c, image_build.c, image_mount.c) ---- */

struct image_package {
    char *name, *version;
};
struct image_info { /* the manifest, NAME.json beside the image */
    char *name;
    bool folder;        /* a root-owned folder instead of an EROFS file */
    char *file;         /* its name in the images folder */
    char *recipe;       /* SHA-256 of everything the image was made from */
    char *sha256;       /* of the EROFS file, or of the whole tree of a folder */
    uint64_t size;      /* bytes of the EROFS file, or of all files of a folder */
    char *suite;        /* "trixie" */
    char *archive_date; /* the newest date of the archive's Release files, RFC 3339 */
    char *built_at;     /* RFC 3339 */
    struct image_package *packages;
    size_t package_count;
};
/* Reads the manifest; -ENOENT with the cure when there is no such image. image_info_free() in any case. */
int image_info_read(struct image_info *info, const char *images, const char *name, struct error *err);
void image_info_free(struct image_info *info);
/* The version of a package in the image, NULL when it is not in it. */
const char *image_package_version(const struct image_info *info, const char *package);
/* The names of all images that have a manifest, sorted, NULL-ended; the caller frees each and the list. */
int image_list(const char *images, char ***names, struct error *err);

/* Called with progress lines while an image is built. */
typedef void image_progress(void *context, const char *image, const char *line);
/* Builds the image of `language` below `images` (an EROFS file and a manifest, or a folder where the kernel
 * has no EROFS) unless one with the same recipe is there already; languages that name the same image share
 * it. One builder at a time: a second one waits. Returns 1 when it built, 0 when it was there. Packages come
 * from where the host's own apt takes them; the environment variable PHIAL_DEBIAN_MIRROR names another
 * source. While it runs, SIGINT, SIGTERM and SIGHUP stop the build, which leaves nothing, and then have their
 * usual effect. */
int image_build(const char *languages_dir, const char *images, const struct language *language, bool force,
                image_progress *progress, void *context, struct error *err);
/* Compares the image with its manifest, every byte. */
int image_verify(const char *images, const char *name, struct error *err);
/* Verifies and mounts the image read-only, nosuid, nodev at `at`, an existing folder, in the caller's mount
 * namespace. */
int image_mount(const char *images, const char *name, const char *at, struct error *err);

#endif

/* Building an image: Debian's packages unpacked by mmdebstrap, the language's files, its setup commands, the
 * clean-up, and the EROFS file. Everything is made under a name that begins with ".build-" and renamed at the
 * end; what an interrupted build left is removed by the next. */
#include "language/image.h"
#include "language/read.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>

#define CACHE_DIR "/var/cache/phial/packages"
enum { CACHE_BYTES_MOST = 1 << 30, PLAN_BYTES_MOST = 1 << 20, LISTS_MOST = 16, ARGUMENTS_MOST = 40 };

struct build {
    const char *images;
    int dir; /* the images folder */
    const char *name;
    struct recipe recipe;
    struct image_info info;
    char *root_path; /* IMAGES/.build-NAME/root */
    int work, root;  /* .build-NAME and root in it */
    int64_t date;    /* the archive's */
    image_progress *progress;
    void *context;
    struct error *err;
};

__attribute__((format(printf, 2, 3))) static void say(const struct build *b, const char *format, ...)
{
    char line[512];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    if (b->progress)
        b->progress(b->context, b->name, line);
}

static int no_memory(const struct build *b)
{
    return error_set(b->err, ENOMEM, "build the image %s: %m", b->name);
}

/* ---- packages ---- */

static char *joined(char *const *list, const char *separator)
{
    size_t size = 1;
    for (size_t i = 0; list[i]; i++)
        size += strlen(list[i]) + strlen(separator);
    char *text = calloc(1, size);
    for (size_t i = 0; text && list[i]; i++) {
        if (i)
            strcat(text, separator);
        strcat(text, list[i]);
    }
    return text;
}

/* Packages that an earlier build fetched need not come again; apt compares each with the signed index's hash
 * when it fetches and its size when it finds it. The cache is emptied when it grows too large. */
static void open_cache(struct build *b)
{
    uint64_t size = 0;
    struct dirent **entries = NULL;
    cleanup_fd int cache = images_open(CACHE_DIR, true, NULL);
    if (cache < 0)
        return;
    int n = scandirat(cache, ".", &entries, NULL, NULL);
    for (int i = 0; i < n; i++) {
        struct stat st;
        if (fstatat(cache, entries[i]->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode))
            size += (uint64_t)st.st_size;
        free(entries[i]);
    }
    free(entries);
    if (size > CACHE_BYTES_MOST) {
        say(b, "the cache of packages is full: emptied");
        tree_empty(cache, NULL);
    }
}

/* Where the cache is on another file system than the images it stays empty. */
static void fill_cache(struct build *b)
{
    struct dirent **entries = NULL;
    cleanup_fd int cache = images_open(CACHE_DIR, false, NULL);
    cleanup_fd int archives = openat(b->root, "var/cache/apt/archives", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int n = cache < 0 || archives < 0 ? -1 : scandirat(archives, ".", &entries, NULL, NULL);
    for (int i = 0; i < n; i++) {
        const char *name = entries[i]->d_name, *end = strrchr(name, '.');
        if (end && !strcmp(end, ".deb"))
            (void)!linkat(archives, name, cache, name, 0);
        free(entries[i]);
    }
    free(entries);
}

/* Of what mmdebstrap and its helpers say only the steps are of interest; errors are kept by process_run(). */
static void say_step(void *context, const char *image, const char *line)
{
    static const char *const steps[] = {"I: running apt-get update", "I: downloading", "I: extracting"};
    const struct build *b = context;
    (void)image;
    for (size_t i = 0; i < array_length(steps); i++)
        if (!strncmp(line, steps[i], strlen(steps[i])))
            say(b, "%s", line + strlen("I: "));
}

/* The hooks are shell commands in which "$1" is the image's folder. The plan
 * lists packages and versions as apt chose them. */
static int unpack(struct build *b)
{
    cleanup_free char *sources = NULL, *include = NULL, *words = joined(b->recipe.packages, " "),
                      *plan = NULL;
    cleanup_free char *commas = joined(b->recipe.packages, ",");
    int e = sources_make(&sources, "/etc/apt", getenv("PHIAL_DEBIAN_MIRROR"), b->err);
    if (e < 0)
        return e;
    if (!words || !commas || asprintf(&include, "--include=%s", commas) < 0 ||
        asprintf(&plan,
                 "--extract-hook=APT_CONFIG=\"$MMDEBSTRAP_APT_CONFIG\" apt-get --simulate install %s "
                 ">\"$1/.plan\"",
                 words) < 0)
        return no_memory(b);
    static const char fill[] = "--setup-hook=mkdir -p \"$1/var/cache/apt/archives\" && if [ -d " CACHE_DIR
                               " ]; then cp -al " CACHE_DIR "/. \"$1/var/cache/apt/archives/\"; fi || true";
    const char *const argv[] = {"mmdebstrap",
                                "--mode=root",
                                "--format=directory",
                                "--variant=extract",
                                "--hook-dir=/usr/share/mmdebstrap/hooks/merged-usr",
                                "--skip=cleanup",
                                "--aptopt=APT::Install-Recommends \"false\"",
                                "--aptopt=Acquire::Languages \"none\"",
                                include,
                                fill,
                                plan,
                                image_suite,
                                b->root_path,
                                "-",
                                NULL};
    struct process_options run = {
        .argv = argv, .input = sources, .progress = say_step, .context = b, .image = b->name};
    open_cache(b);
    e = process_run(&run, b->err);
    if (e < 0 && e != -EINTR && strstr(b->err->text, "NO_PUBKEY"))
        error_context(
            b->err, "the archive's signature could not be verified (a newer debian-archive-keyring may know "
                    "its key: apt-get install --only-upgrade debian-archive-keyring)");
    if (e == 0)
        fill_cache(b);
    return e < 0 ? error_context(b->err, "unpack the packages") : 0;
}

/* "Inst NAME (VERSION ...", one line a package. */
static int read_plan(struct build *b)
{
    cleanup_free char *text = NULL;
    size_t size;
    int e = read_file_at(b->root, ".plan", PLAN_BYTES_MOST, &text, &size, b->err);
    if (e < 0)
        return e;
    char *rest = NULL;
    for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        char name[256], version[256];
        if (sscanf(line, "Inst %255s (%255[^ )]", name, version) != 2)
            continue;
        struct image_package *longer =
            realloc(b->info.packages, (b->info.package_count + 1) * sizeof *longer);
        if (!longer)
            return no_memory(b);
        b->info.packages = longer;
        longer[b->info.package_count] = (struct image_package){strdup(name), strdup(version)};
        b->info.package_count++;
        if (!longer[b->info.package_count - 1].name || !longer[b->info.package_count - 1].version)
            return no_memory(b);
    }
    if (b->info.package_count == 0)
        return error_set(b->err, EIO, "apt's plan for the image %s lists no package", b->name);
    return unlinkat(b->root, ".plan", 0) < 0 ? error_set(b->err, errno, "remove apt's plan: %m") : 0;
}

static int is_release(const struct dirent *entry)
{
    size_t n = strlen(entry->d_name);
    return (n > 9 && !strcmp(entry->d_name + n - 9, "InRelease")) ||
           (n > 8 && !strcmp(entry->d_name + n - 8, "_Release"));
}

static int64_t release_date(int dir, const char *name)
{
    cleanup_free char *text = NULL;
    size_t size;
    struct tm tm = {0};
    if (read_file_at(dir, name, 16 << 20, &text, &size, NULL) < 0)
        return 0;
    const char *date = strstr(text, "\nDate: ");
    /* "Sat, 21 Nov 2026 09:15:44 UTC": the C locale's names, and this program sets no other. */
    return date && strptime(date + 7, "%a, %d %b %Y %H:%M:%S UTC", &tm) ? (int64_t)timegm(&tm) : 0;
}

/* The newest date of the archives' Release files becomes the time of every file. */
static int read_date(struct build *b)
{
    struct dirent **entries = NULL;
    cleanup_fd int lists = openat(b->root, "var/lib/apt/lists", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int n = lists < 0 ? -1 : scandirat(lists, ".", &entries, is_release, NULL);
    for (int i = 0; i < n; i++) {
        int64_t date = release_date(lists, entries[i]->d_name);
        b->date = date > b->date ? date : b->date;
        free(entries[i]);
    }
    free(entries);
    if (b->date == 0)
        return error_set(b->err, EIO, "no Release file of the archive with a date was found");
    char text[32];
    time_t date = (time_t)b->date;
    struct tm tm;
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&date, &tm));
    b->info.archive_date = strdup(text);
    return b->info.archive_date ? 0 : no_memory(b);
}

/* ---- files ---- */

static int put_file(struct build *b, const char *path, const void *data, size_t size, mode_t mode)
{
    cleanup_fd int fd = tree_open(b->root, path, O_WRONLY | O_CREAT | O_TRUNC, mode, true, b->err);
    if (fd < 0)
        return fd;
    int e = write_all(fd, data, size);
    if (e == 0 && fchmod(fd, mode) < 0)
        e = -errno;
    return e < 0 ? error_set(b->err, -e, "write %s into the image: %m", path) : 0;
}

static int put_files(struct build *b)
{
    for (size_t i = 0; i < b->recipe.file_count; i++) {
        const struct recipe_file *f = &b->recipe.files[i];
        int e = put_file(b, f->target, f->data, f->size, f->program ? 0755 : 0644);
        if (e < 0)
            return e;
    }
    return 0;
}

/* What is there in every image whatever its packages; written after the clean-up. */
static const struct {
    const char *path, *text;
} house_files[] = {
    {"/etc/passwd", "root:x:0:0:root:/:/usr/sbin/nologin\nphial:x:1000:1000:phial:/work:/usr/sbin/nologin\n"
                    "nobody:x:65534:65534:nobody:/:/usr/sbin/nologin\n"},
    {"/etc/group", "root:x:0:\nphial:x:1000:\nnogroup:x:65534:\n"},
    {"/etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files\nservices: files\nprotocols: files\n"},
    {"/etc/hostname", "phial\n"},
    {"/etc/hosts", "127.0.0.1 localhost\n::1 localhost\n"},
    {"/etc/host.conf", "multi on\n"},
};

void image_house_pack(struct packer *p)
{
    for (size_t i = 0; i < array_length(house_files); i++) {
        pack_string(p, house_files[i].path);
        pack_string(p, house_files[i].text);
    }
}

static int put_house_files(struct build *b)
{
    for (size_t i = 0; i < array_length(house_files); i++) {
        const char *text = house_files[i].text;
        int e = put_file(b, house_files[i].path, text, strlen(text), 0644);
        if (e < 0)
            return e;
    }
    return 0;
}

/* /bin and its kin are links into /usr. Debian 13's mmdebstrap leaves them to the package base-files, which
 * an image need not have. */
static int merge_usr(struct build *b)
{
    static const char *const links[][2] = {
        {"bin", "usr/bin"}, {"sbin", "usr/sbin"}, {"lib", "usr/lib"}, {"lib64", "usr/lib64"}};
    for (size_t i = 0; i < array_length(links); i++) {
        const char *name = links[i][0], *target = links[i][1];
        if (faccessat(b->root, target, F_OK, AT_SYMLINK_NOFOLLOW) < 0)
            continue;
        if (symlinkat(target, b->root, name) < 0 && errno != EEXIST)
            return error_set(b->err, errno, "make the link /%s in the image: %m", name);
    }
    return 0;
}

/* The empty folders that a box mounts something on. */
static int make_mount_points(struct build *b)
{
    static const char *const names[] = {"dev", "proc", "tmp", "work"};
    for (size_t i = 0; i < array_length(names); i++) {
        int e = tree_remove(b->root, names[i], b->err);
        if (e == 0 && mkdirat(b->root, names[i], 0755) < 0)
            e = error_set(b->err, errno, "make the folder /%s in the image: %m", names[i]);
        if (e < 0)
            return e;
    }
    return 0;
}

/* ld.so.conf belongs to libc-bin, which not every image has. The host's own ldconfig writes the cache, with
 * the image as its root. */
static int make_linker_cache(struct build *b)
{
    const char *const argv[] = {"/sbin/ldconfig", "-r", b->root_path, NULL};
    static const char conf[] = "include /etc/ld.so.conf.d/*.conf\n";
    struct process_options run = {.argv = argv};
    int e = put_file(b, "/etc/ld.so.conf", conf, strlen(conf), 0644);
    if (e == 0)
        e = process_run(&run, b->err);
    if (e == 0 && faccessat(b->root, "var/cache/ldconfig", F_OK, 0) == 0) {
        cleanup_fd int cache = openat(b->root, "var/cache", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        e = cache < 0 ? error_set(b->err, errno, "open var/cache: %m")
                      : tree_remove(cache, "ldconfig", b->err);
    }
    return e;
}

static int run_setup(struct build *b)
{
    for (size_t i = 0; b->recipe.setup && b->recipe.setup[i]; i++) {
        char *const *command = b->recipe.setup[i];
        cleanup_free char *words = joined(command, " ");
        struct process_options run = {.argv = (const char *const *)command,
                                      .chroot = b->root_path,
                                      .progress = b->progress,
                                      .context = b->context,
                                      .image = b->name};
        if (!words)
            return no_memory(b);
        say(b, "setup: %s", words);
        int e = process_run(&run, b->err);
        if (e < 0)
            return error_context(b->err, "setup command");
    }
    return 0;
}

/* ---- the result ---- */

static int make_erofs(struct build *b)
{
    char stamp[40], uuid[48];
    const char *h = b->recipe.hash;
    cleanup_free char *target = NULL;
    snprintf(stamp, sizeof stamp, "-T%lld", (long long)b->date);
    /* Without an own UUID it would be random, and two builds of the same tree would differ. */
    snprintf(uuid, sizeof uuid, "-U%.8s-%.4s-4%.3s-8%.3s-%.12s", h, h + 8, h + 13, h + 17, h + 20);
    if (asprintf(&target, "%s/.build-%s/image", b->images, b->name) < 0)
        return no_memory(b);
    const char *const argv[] = {"mkfs.erofs", "-zlz4hc", "-x-1",       stamp, uuid,
                                "--all-root", target,    b->root_path, NULL};
    struct process_options run = {.argv = argv};
    int e = process_run(&run, b->err);
    if (e < 0)
        return error_context(b->err, "make the EROFS file (of the package erofs-utils)");
    cleanup_fd int fd = openat(b->work, "image", O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    struct stat st;
    if (fd < 0 || fchmod(fd, 0644) < 0 || fsync(fd) < 0 || fstat(fd, &st) < 0)
        return error_set(b->err, errno, "finish the image %s: %m", b->name);
    char hex[SHA256_HEX];
    e = sha256_file(fd, hex, b->err);
    b->info.size = (uint64_t)st.st_size;
    b->info.sha256 = strdup(hex);
    if (asprintf(&b->info.file, "%s.erofs", b->name) < 0)
        b->info.file = NULL;
    return e < 0 ? e : b->info.sha256 && b->info.file ? 0 : no_memory(b);
}

/* A folder's name holds its hash, because an executor may still use the one before. */
static int make_folder(struct build *b)
{
    char hex[SHA256_HEX];
    int e = tree_hash(b->root, hex, &b->info.size, b->err);
    if (e < 0)
        return e;
    b->info.folder = true;
    b->info.sha256 = strdup(hex);
    if (asprintf(&b->info.file, "%s-%.16s.tree", b->name, hex) < 0)
        b->info.file = NULL;
    return b->info.sha256 && b->info.file ? 0 : no_memory(b);
}

/* First the old manifest goes, so that a crash between the steps leaves no image rather than a false one. */
static int publish(struct build *b)
{
    cleanup_free char *manifest = NULL;
    char now[32];
    clock_wall_rfc3339(now);
    b->info.name = strdup(b->name);
    b->info.recipe = strdup(b->recipe.hash);
    b->info.suite = strdup(image_suite);
    b->info.built_at = strdup(now);
    if (!b->info.name || !b->info.recipe || !b->info.suite || !b->info.built_at ||
        asprintf(&manifest, "%s.json", b->name) < 0)
        return no_memory(b);
    if (unlinkat(b->dir, manifest, 0) < 0 && errno != ENOENT)
        return error_set(b->err, errno, "remove the old manifest of %s: %m", b->name);
    if (b->info.folder) {
        int e = tree_remove(b->dir, b->info.file, b->err);
        if (e < 0)
            return e;
    }
    if (renameat(b->work, b->info.folder ? "root" : "image", b->dir, b->info.file) < 0)
        return error_set(b->err, errno, "put the image %s in its place: %m", b->name);
    return image_info_write(&b->info, b->dir, b->err);
}

/* ---- the whole ---- */

/* What a build that was killed left behind, and folders of images that were replaced. */
static int sweep(struct build *b, const struct image_info *current)
{
    struct dirent **entries;
    size_t length = strlen(b->name);
    int n = scandirat(b->dir, ".", &entries, NULL, NULL), e = 0;
    if (n < 0)
        return error_set(b->err, errno, "look through the images folder %s: %m", b->images);
    for (int i = 0; i < n; i++) {
        const char *name = entries[i]->d_name, *end = strrchr(name, '.');
        bool left = !strncmp(name, ".build-", 7);
        bool replaced = !strncmp(name, b->name, length) && name[length] == '-' && end &&
                        !strcmp(end, ".tree") && end - name == (ptrdiff_t)length + 17 &&
                        !(current->file && !strcmp(current->file, name));
        if (e == 0 && (left || replaced))
            e = tree_remove(b->dir, name, b->err);
        free(entries[i]);
    }
    free(entries);
    return e;
}

static int open_work(struct build *b)
{
    cleanup_free char *name = NULL;
    if (asprintf(&name, ".build-%s", b->name) < 0 ||
        asprintf(&b->root_path, "%s/%s/root", b->images, name) < 0)
        return no_memory(b);
    if (mkdirat(b->dir, name, 0755) < 0 ||
        (b->work = openat(b->dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0 ||
        mkdirat(b->work, "root", 0755) < 0 ||
        (b->root = openat(b->work, "root", O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0)
        return error_set(b->err, errno, "make a folder for the build in %s: %m", b->images);
    return 0;
}

static int make(struct build *b, bool folder)
{
    static int (*const steps[])(struct build *) = {open_work, unpack,    read_plan,         read_date,
                                                   merge_usr, put_files, make_mount_points, make_linker_cache,
                                                   run_setup};
    for (size_t i = 0; i < array_length(steps); i++) {
        int e = steps[i](b);
        if (e < 0)
            return e;
    }
    say(b, "clean-up");
    int e = image_trim(b->root, &b->recipe, b->err);
    if (e == 0)
        e = put_house_files(b);
    if (e == 0)
        e = make_mount_points(b);
    if (e == 0)
        e = tree_normalise(b->root, b->date, b->err);
    if (e < 0)
        return e;
    say(b, folder ? "hash the folder" : "make the EROFS file");
    e = folder ? make_folder(b) : make_erofs(b);
    return e < 0 ? e : publish(b);
}

/* True when there is an image of this recipe and of a kind that can be mounted here. */
static bool is_current(const struct build *b, const struct image_info *current, char kind, bool erofs)
{
    if (!current->recipe || strcmp(current->recipe, b->recipe.hash) != 0)
        return false;
    if (faccessat(b->dir, current->file, F_OK, 0) < 0)
        return false;
    return kind ? current->folder == (kind == 'f') : current->folder || erofs;
}

static int build_locked(struct build *b, char kind, bool force)
{
    struct image_info current;
    bool erofs = kind != 'f' && kernel_has_erofs();
    if (kind == 'e' && !erofs)
        return error_set(b->err, ENOTSUP, "the kernel has no EROFS (modprobe erofs)");
    int e = image_info_read(&current, b->images, b->name, NULL);
    if (e == 0 && !force && is_current(b, &current, kind, erofs)) {
        image_info_free(&current);
        return 0;
    }
    e = sweep(b, &current);
    image_info_free(&current);
    if (e < 0)
        return e;
    e = make(b, !erofs);
    cleanup_free char *work = NULL;
    if (asprintf(&work, ".build-%s", b->name) >= 0)
        tree_remove(b->dir, work, NULL);
    return e < 0 ? e : 1;
}

static int lock(struct build *b)
{
    cleanup_fd int fd = openat(b->dir, ".lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return error_set(b->err, errno, "lock the images folder %s: %m", b->images);
    if (flock(fd, LOCK_EX | LOCK_NB) == 0)
        return steal_fd(&fd);
    say(b, "waiting for another build to end");
    while (flock(fd, LOCK_EX) < 0)
        if (errno != EINTR)
            return error_set(b->err, errno, "lock the images folder %s: %m", b->images);
    return steal_fd(&fd);
}

int image_build_as(char kind, const char *languages_dir, const char *images, const struct language *language,
                   bool force, image_progress *progress, void *context, struct error *err)
{
    struct build b = {.images = images,
                      .name = language->image,
                      .work = -1,
                      .root = -1,
                      .progress = progress,
                      .context = context,
                      .err = err};
    sigset_t stops, before;
    cleanup_fd int dir = images_open(images, true, err);
    if (dir < 0)
        return dir;
    b.dir = dir;
    cleanup_fd int held = lock(&b);
    int e = held < 0 ? held : recipe_read(&b.recipe, languages_dir, language->image, err);
    if (e == 0) {
        /* A signal to stop waits until the unfinished build is removed; process_run() looks for it. */
        sigemptyset(&stops);
        sigaddset(&stops, SIGINT);
        sigaddset(&stops, SIGTERM);
        sigaddset(&stops, SIGHUP);
        sigprocmask(SIG_BLOCK, &stops, &before);
        e = build_locked(&b, kind, force);
        sigprocmask(SIG_SETMASK, &before, NULL);
    }
    recipe_free(&b.recipe);
    image_info_free(&b.info);
    free(b.root_path);
    close_fd(&b.work);
    close_fd(&b.root);
    return e;
}

int image_build(const char *languages_dir, const char *images, const struct language *language, bool force,
                image_progress *progress, void *context, struct error *err)
{
    return image_build_as(0, languages_dir, images, language, force, progress, context, err);
}

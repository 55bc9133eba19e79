/* Building for real: a small image of Debian's dash. */
#include "folder.h"

#include "language/image.h"

#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>

static void put_language(const struct folder *f, const char *name, const char *more)
{
    char path[128], text[1024];
    snprintf(path, sizeof path, "languages/%s/language.yaml", name);
    snprintf(text, sizeof text,
             "name: %s\ntitle: T\nextensions: [.%s]\nfile: main.%s\nversion_package: dash\n"
             "image:\n  name: tiny\n  packages: [dash, coreutils]\n  keep: [/bin/sh]\n%s\nrun: [/bin/sh, "
             "\"{file}\"]\n",
             name, name, name, more);
    folder_put(f, path, text);
}

static const struct language *load(const struct folder *f, struct languages *ls)
{
    struct error err = {0};
    if (languages_load(ls, folder_path(f, "languages"), NULL, &err) < 0)
        fail_msg("%s", err.text);
    return &ls->items[0];
}

static int build(const struct folder *f, char kind, bool force, struct error *err)
{
    struct languages ls;
    *err = (struct error){0};
    const struct language *l = load(f, &ls);
    int e = image_build_as(kind, folder_path(f, "languages"), folder_path(f, "images"), l, force, NULL, NULL,
                           err);
    languages_free(&ls);
    return e;
}

static int count_entries(const struct folder *f, const char *prefix)
{
    DIR *dir = opendir(folder_path(f, "images"));
    int n = 0;
    assert_non_null(dir);
    for (struct dirent *entry; (entry = readdir(dir));)
        n += !strncmp(entry->d_name, prefix, strlen(prefix));
    closedir(dir);
    return n;
}

static void must_build(const struct folder *f, char kind, bool force, int expected)
{
    struct error err;
    int e = build(f, kind, force, &err);
    if (e != expected)
        fail_msg("built: %d instead of %d: %s", e, expected, err.text);
    assert_int_equal(count_entries(f, ".build"), 0);
    assert_int_equal(image_verify(folder_path(f, "images"), "tiny", &err), 0);
}

static char *sum_of(const struct folder *f)
{
    struct error err;
    struct image_info info;
    assert_int_equal(image_info_read(&info, folder_path(f, "images"), "tiny", &err), 0);
    assert_string_equal(info.suite, "trixie");
    assert_non_null(image_package_version(&info, "dash"));
    char *sum = strdup(info.sha256);
    image_info_free(&info);
    return sum;
}

static void the_recipe_decides_whether_an_image_is_built_and_two_builds_are_the_same(void **state)
{
    struct folder *f = *state;
    if (geteuid() != 0)
        skip();
    put_language(f, "one",
                 "  files: {hello: /phial/hello}\n  setup: [[/usr/bin/cp, /phial/hello, /phial/copy]]");
    folder_put(f, "languages/one/hello", "hello\n");
    must_build(f, 'e', false, 1);
    char *first = sum_of(f);
    must_build(f, 'e', false, 0);
    must_build(f, 'e', true, 1);
    char *second = sum_of(f);
    assert_string_equal(first, second);
    /* A second language with the same image adds to its recipe. */
    put_language(f, "two", "  files: {more: /phial/more}");
    folder_put(f, "languages/two/more", "more\n");
    must_build(f, 'e', false, 1);
    char *third = sum_of(f);
    assert_string_not_equal(first, third);
    free(first);
    free(second);
    free(third);
}

static bool holds(const char *at, const char *path, const char *text)
{
    char whole[512], *data;
    size_t size;
    snprintf(whole, sizeof whole, "%s%s", at, path);
    return read_file_at(AT_FDCWD, whole, 4096, &data, &size, NULL) == 0 && !strcmp(data, text);
}

static void a_folder_serves_where_the_kernel_has_no_erofs(void **state)
{
    struct folder *f = *state;
    struct error err;
    if (geteuid() != 0)
        skip();
    put_language(f, "one",
                 "  files: {hello: /phial/hello}\n  setup: [[/usr/bin/cp, /phial/hello, /phial/copy]]");
    folder_put(f, "languages/one/hello", "hello\n");
    must_build(f, 'f', false, 1);
    assert_int_equal(count_entries(f, "tiny-"), 1);
    must_build(f, 'f', false, 0);
    assert_int_equal(mkdirat(f->fd, "at", 0755), 0);
    pid_t pid = fork();
    if (pid == 0) {
        bool good = unshare(CLONE_NEWNS) == 0 && mount(NULL, "/", NULL, MS_PRIVATE | MS_REC, NULL) == 0 &&
                    image_mount(folder_path(f, "images"), "tiny", folder_path(f, "at"), &err) == 0 &&
                    holds(folder_path(f, "at"), "/phial/copy", "hello\n") &&
                    open(folder_path(f, "at/file"), O_WRONLY | O_CREAT | O_CLOEXEC, 0644) < 0 &&
                    errno == EROFS;
        _exit(good ? 0 : 1);
    }
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    /* One file more in the folder, and it is not the image any more. */
    struct image_info info;
    char path[256];
    assert_int_equal(image_info_read(&info, folder_path(f, "images"), "tiny", &err), 0);
    snprintf(path, sizeof path, "images/%s/usr/bin/more", info.file);
    folder_put(f, path, "x");
    assert_int_equal(image_verify(folder_path(f, "images"), "tiny", &err), -EBADMSG);
    image_info_free(&info);
}

static void a_setup_command_that_fails_or_wants_the_network_leaves_no_image(void **state)
{
    static const char *const setups[] = {
        /* Exit code 4 when no device can be made and /proc/net/dev lists lo and nothing else. */
        "[/bin/sh, -c, \"echo went wrong; mknod /device c 1 3 || [ $(wc -l < /proc/net/dev) != 3 ] || exit "
        "4\"]",
        "[/usr/bin/no-such-program]",
    };
    static const char *const messages[] = {"exit code 4: went wrong", "no-such-program"};
    struct folder *f = *state;
    struct error err;
    if (geteuid() != 0)
        skip();
    for (size_t i = 0; i < array_length(setups); i++) {
        char more[256];
        snprintf(more, sizeof more, "  setup: [%s]", setups[i]);
        put_language(f, "one", more);
        assert_int_equal(build(f, 0, false, &err), -EIO);
        assert_non_null(strstr(err.text, messages[i]));
        assert_int_equal(count_entries(f, ".build"), 0);
        assert_int_equal(count_entries(f, "tiny"), 0);
    }
}

static void tell(void *context, const char *image, const char *line)
{
    (void)image;
    if (strstr(line, "extracting"))
        (void)!write(*(int *)context, "x", 1);
}

static void a_build_that_is_stopped_leaves_nothing_and_ends_by_the_signal(void **state)
{
    struct folder *f = *state;
    int ends[2], status;
    char byte;
    if (geteuid() != 0)
        skip();
    put_language(f, "one", "");
    assert_int_equal(pipe(ends), 0);
    pid_t pid = fork();
    if (pid == 0) {
        struct languages ls;
        struct error err;
        close(ends[0]);
        const struct language *l = load(f, &ls);
        image_build_as(0, folder_path(f, "languages"), folder_path(f, "images"), l, false, tell, &ends[1],
                       &err);
        _exit(0);
    }
    close(ends[1]);
    assert_int_equal(read(ends[0], &byte, 1), 1);
    kill(pid, SIGTERM);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    close(ends[0]);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGTERM);
    assert_int_equal(count_entries(f, ".build"), 0);
    assert_int_equal(count_entries(f, "tiny"), 0);
}

static void what_a_killed_build_left_is_removed_by_the_next(void **state)
{
    struct folder *f = *state;
    if (geteuid() != 0)
        skip();
    folder_put(f, "images/.build-other/root/usr/bin/cat", "x");
    folder_put(f, "images/.build-tiny/image", "x");
    put_language(f, "one", "");
    must_build(f, 0, false, 1);
}

static void an_unknown_package_is_named(void **state)
{
    struct folder *f = *state;
    struct error err;
    if (geteuid() != 0)
        skip();
    folder_put(f, "languages/one/language.yaml",
               "name: one\ntitle: T\nextensions: [.one]\nfile: main.one\nversion_package: dash\n"
               "image: {name: tiny, packages: [phial-no-such-package]}\nrun: [/bin/sh]\n");
    assert_int_equal(build(f, 0, false, &err), -EIO);
    assert_non_null(strstr(err.text, "phial-no-such-package"));
    assert_int_equal(count_entries(f, ".build"), 0);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, folder_make, folder_remove)
    const struct CMUnitTest tests[] = {
        T(the_recipe_decides_whether_an_image_is_built_and_two_builds_are_the_same),
        T(a_folder_serves_where_the_kernel_has_no_erofs),
        T(a_setup_command_that_fails_or_wants_the_network_leaves_no_image),
        T(a_build_that_is_stopped_leaves_nothing_and_ends_by_the_signal),
        T(what_a_killed_build_left_is_removed_by_the_next),
        T(an_unknown_package_is_named),
    };
    return unit_run(tests);
}

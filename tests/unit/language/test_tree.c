#include "folder.h"

#include "language/image.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>

#define LIST(...) ((char *[]){__VA_ARGS__, NULL})

static void trim(const struct folder *f, char **keep, char **remove)
{
    struct error err = {0};
    struct recipe recipe = {.name = (char[]){"x"}, .keep = keep, .remove = remove};
    if (image_trim(f->fd, &recipe, &err) < 0)
        fail_msg("%s", err.text);
}

/* Debian's layout: /bin is a link to usr/bin. */
static void put_programs(const struct folder *f)
{
    static const char *const names[] = {"perl", "python3.13", "dash", "gcc-14", "x86_64-linux-gnu-gcc-14",
                                        "su",   "cat",        "mawk"};
    char path[64];
    for (size_t i = 0; i < array_length(names); i++) {
        snprintf(path, sizeof path, "usr/bin/%s", names[i]);
        folder_put(f, path, "program");
    }
    assert_int_equal(symlinkat("usr/bin", f->fd, "bin"), 0);
    assert_int_equal(symlinkat("dash", f->fd, "usr/bin/sh"), 0);
    assert_int_equal(symlinkat("perl", f->fd, "usr/bin/perl5"), 0);
    assert_int_equal(symlinkat("x86_64-linux-gnu-gcc-14", f->fd, "usr/bin/gcc"), 0);
    assert_int_equal(symlinkat("/usr/bin/mawk", f->fd, "usr/bin/awk"), 0);
}

static void interpreters_compilers_and_tools_of_power_go_and_links_to_them(void **state)
{
    static const char *const gone[] = {"perl", "python3.13", "dash", "gcc-14", "x86_64-linux-gnu-gcc-14",
                                       "su",   "mawk",       "sh",   "perl5",  "gcc",
                                       "awk"};
    struct folder *f = *state;
    put_programs(f);
    trim(f, NULL, NULL);
    for (size_t i = 0; i < array_length(gone); i++) {
        char path[64];
        snprintf(path, sizeof path, "usr/bin/%s", gone[i]);
        assert_false(folder_has(f, path));
    }
    assert_true(folder_has(f, "usr/bin/cat"));
    assert_true(folder_has(f, "bin"));
}

static void what_a_language_keeps_stays_through_links_and_the_merged_usr(void **state)
{
    struct folder *f = *state;
    put_programs(f);
    trim(f, LIST("/bin/sh", "/usr/bin/gcc", "/bin/ma*"), NULL);
    assert_true(folder_has(f, "usr/bin/sh"));
    assert_true(folder_has(f, "usr/bin/dash"));
    assert_true(folder_has(f, "usr/bin/gcc"));
    assert_true(folder_has(f, "usr/bin/x86_64-linux-gnu-gcc-14"));
    assert_true(folder_has(f, "usr/bin/mawk"));
    assert_true(folder_has(f, "usr/bin/awk"));
    assert_false(folder_has(f, "usr/bin/gcc-14"));
    assert_false(folder_has(f, "usr/bin/perl"));
}

static void documentation_locales_and_the_package_manager_go(void **state)
{
    static const char *const gone[] = {"usr/share/doc/a/b",
                                       "usr/share/man/man1/a.1",
                                       "usr/share/locale/de/a",
                                       "var/lib/dpkg/status",
                                       "etc/apt/sources.list",
                                       "usr/lib/locale/de_DE/a",
                                       "etc/shadow",
                                       "etc/passwd-"};
    struct folder *f = *state;
    for (size_t i = 0; i < array_length(gone); i++)
        folder_put(f, gone[i], "x");
    folder_put(f, "usr/lib/locale/C.utf8/LC_CTYPE", "x");
    folder_put(f, "usr/share/zoneinfo/UTC", "x");
    trim(f, NULL, LIST("/usr/share/zone*/U*"));
    for (size_t i = 0; i < array_length(gone); i++)
        assert_false(folder_has(f, gone[i]));
    assert_true(folder_has(f, "usr/lib/locale/C.utf8/LC_CTYPE"));
    assert_false(folder_has(f, "usr/share/zoneinfo/UTC"));
    assert_true(folder_has(f, "usr/share/zoneinfo"));
}

static void what_is_kept_stays_in_a_folder_that_goes(void **state)
{
    struct folder *f = *state;
    folder_put(f, "usr/share/doc/a/copyright", "x");
    folder_put(f, "usr/share/doc/a/changelog", "x");
    folder_put(f, "usr/share/doc/b/copyright", "x");
    trim(f, LIST("/usr/share/doc/a/copyright"), NULL);
    assert_true(folder_has(f, "usr/share/doc/a/copyright"));
    assert_false(folder_has(f, "usr/share/doc/a/changelog"));
    assert_false(folder_has(f, "usr/share/doc/b"));
}

static void a_link_out_of_the_image_is_not_followed(void **state)
{
    struct folder *f = *state;
    struct error err;
    folder_put(f, "outside/precious", "x");
    folder_put(f, "image/etc/a", "x");
    folder_put(f, "image/usr/a", "x");
    assert_int_equal(symlinkat("../../outside", f->fd, "image/usr/share"), 0);
    assert_int_equal(symlinkat(folder_path(f, "outside"), f->fd, "image/var"), 0);
    int root = openat(f->fd, "image", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct folder inner = {.fd = root};
    trim(&inner, NULL, LIST("/usr/share/*", "/var"));
    assert_true(folder_has(f, "outside/precious"));
    /* A path through such a link is taken as the image sees it: it stays within. */
    assert_int_equal(symlinkat("/../../outside", f->fd, "image/out"), 0);
    assert_true(tree_open(root, "/out/precious", O_RDONLY, 0, false, &err) < 0);
    int fd = tree_open(root, "/new/folder/file", O_WRONLY | O_CREAT, 0644, true, &err);
    assert_true(fd >= 0);
    close(fd);
    assert_true(folder_has(f, "image/new/folder/file"));
    assert_int_equal(tree_empty(root, &err), 0);
    assert_true(folder_has(f, "outside/precious"));
    close(root);
}

static void rights_owners_and_devices_do_not_survive(void **state)
{
    struct folder *f = *state;
    struct error err = {0};
    struct stat st;
    if (geteuid() != 0)
        skip();
    folder_put(f, "root/program", "x");
    folder_put(f, "root/secret", "x");
    folder_put(f, "root/open/file", "x");
    assert_int_equal(fchownat(f->fd, "root/secret", 12, 34, 0), 0);
    assert_int_equal(fchmodat(f->fd, "root/program", 06711, 0), 0);
    assert_int_equal(fchmodat(f->fd, "root/secret", 0600, 0), 0);
    assert_int_equal(fchmodat(f->fd, "root/open", 01777, 0), 0);
    /* VFS_CAP_REVISION_2 with CAP_SYS_ADMIN permitted */
    static const uint8_t capability[20] = {1, 0, 0, 2, 0, 0, 0x20};
    setxattr(folder_path(f, "root/program"), "security.capability", capability, sizeof capability, 0);
    assert_int_equal(mknodat(f->fd, "root/null", S_IFCHR | 0666, makedev(1, 3)), 0);
    assert_int_equal(mkfifoat(f->fd, "root/pipe", 0666), 0);
    int root = openat(f->fd, "root", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_int_equal(tree_normalise(root, 1234567890, &err), 0);
    close(root);
    assert_int_equal(fstatat(f->fd, "root/program", &st, 0), 0);
    assert_int_equal(st.st_mode, S_IFREG | 0755);
    assert_int_equal(st.st_mtim.tv_sec, 1234567890);
    assert_true(getxattr(folder_path(f, "root/program"), "security.capability", NULL, 0) < 0);
    assert_int_equal(fstatat(f->fd, "root/secret", &st, 0), 0);
    assert_int_equal(st.st_mode, S_IFREG | 0644);
    assert_int_equal(st.st_uid + st.st_gid, 0);
    assert_int_equal(fstatat(f->fd, "root/open", &st, 0), 0);
    assert_int_equal(st.st_mode, S_IFDIR | 0755);
    assert_int_equal(st.st_mtim.tv_sec, 1234567890);
    assert_false(folder_has(f, "root/null"));
    assert_false(folder_has(f, "root/pipe"));
}

static void hash(const struct folder *f, char hex[static SHA256_HEX])
{
    struct error err = {0};
    uint64_t size;
    if (tree_hash(f->fd, hex, &size, &err) < 0)
        fail_msg("%s", err.text);
    assert_int_equal(size, 6);
}

static void the_hash_of_a_tree_sees_content_names_modes_and_links(void **state)
{
    struct folder *f = *state;
    char first[SHA256_HEX], other[SHA256_HEX];
    folder_put(f, "a/one", "111");
    folder_put(f, "a/two", "222");
    assert_int_equal(symlinkat("one", f->fd, "a/link"), 0);
    hash(f, first);
    hash(f, other);
    assert_string_equal(first, other);
    folder_put(f, "a/two", "223");
    hash(f, other);
    assert_string_not_equal(first, other);
    folder_put(f, "a/two", "222");
    assert_int_equal(fchmodat(f->fd, "a/two", 0755, 0), 0);
    hash(f, other);
    assert_string_not_equal(first, other);
    assert_int_equal(fchmodat(f->fd, "a/two", 0644, 0), 0);
    assert_int_equal(renameat(f->fd, "a/two", f->fd, "two"), 0);
    hash(f, other);
    assert_string_not_equal(first, other);
    assert_int_equal(renameat(f->fd, "two", f->fd, "a/two"), 0);
    assert_int_equal(unlinkat(f->fd, "a/link", 0), 0);
    assert_int_equal(symlinkat("two", f->fd, "a/link"), 0);
    hash(f, other);
    assert_string_not_equal(first, other);
    assert_int_equal(unlinkat(f->fd, "a/link", 0), 0);
    assert_int_equal(symlinkat("one", f->fd, "a/link"), 0);
    hash(f, other);
    assert_string_equal(first, other);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, folder_make, folder_remove)
    const struct CMUnitTest tests[] = {
        T(interpreters_compilers_and_tools_of_power_go_and_links_to_them),
        T(what_a_language_keeps_stays_through_links_and_the_merged_usr),
        T(documentation_locales_and_the_package_manager_go),
        T(what_is_kept_stays_in_a_folder_that_goes),
        T(a_link_out_of_the_image_is_not_followed),
        T(rights_owners_and_devices_do_not_survive),
        T(the_hash_of_a_tree_sees_content_names_modes_and_links),
    };
    return unit_run(tests);
}

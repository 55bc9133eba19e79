/* The built images as they are: verified, mounted, looked through. */
#include "folder.h"

#include "language/image.h"

#include <dirent.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>

#define IMAGES "/var/lib/phial/images"

static void require_root(void)
{
    if (geteuid() != 0)
        skip();
}

/* A copy of the smallest image, which a test may spoil. */
static void copy_image(const struct folder *f, struct image_info *info)
{
    struct error err = {0};
    char command[256];
    if (image_info_read(info, IMAGES, "bash", &err) < 0)
        fail_msg("%s", err.text);
    snprintf(command, sizeof command, "cp -a %s/%s %s/bash.json %s/", IMAGES, info->file, IMAGES, f->path);
    assert_int_equal(system(command), 0);
    assert_int_equal(image_verify(f->path, "bash", &err), 0);
}

static void a_changed_byte_a_changed_size_and_a_missing_file_are_found(void **state)
{
    struct folder *f = *state;
    struct error err;
    struct image_info info;
    uint8_t byte;
    require_root();
    copy_image(f, &info);
    int fd = openat(f->fd, info.file, O_RDWR | O_CLOEXEC);
    off_t middle = (off_t)info.size / 2;
    assert_int_equal(pread(fd, &byte, 1, middle), 1);
    byte ^= 1;
    assert_int_equal(pwrite(fd, &byte, 1, middle), 1);
    assert_int_equal(image_verify(f->path, "bash", &err), -EBADMSG);
    assert_non_null(strstr(err.text, "phial image build bash --force"));
    assert_int_equal(image_mount(f->path, "bash", "/mnt", &err), -EBADMSG);
    byte ^= 1;
    assert_int_equal(pwrite(fd, &byte, 1, middle), 1);
    assert_int_equal(image_verify(f->path, "bash", &err), 0);
    assert_int_equal(ftruncate(fd, middle), 0);
    assert_int_equal(image_verify(f->path, "bash", &err), -EBADMSG);
    close(fd);
    assert_int_equal(unlinkat(f->fd, info.file, 0), 0);
    assert_int_equal(image_verify(f->path, "bash", &err), -ENOENT);
    image_info_free(&info);
}

static void an_image_that_others_could_change_is_refused(void **state)
{
    struct folder *f = *state;
    struct error err;
    struct image_info info;
    require_root();
    copy_image(f, &info);
    assert_int_equal(fchmodat(f->fd, info.file, 0664, 0), 0);
    assert_int_equal(image_verify(f->path, "bash", &err), -EPERM);
    assert_non_null(strstr(err.text, "chmod go-w"));
    assert_int_equal(fchmodat(f->fd, info.file, 0644, 0), 0);
    assert_int_equal(fchownat(f->fd, info.file, 65534, 0, 0), 0);
    assert_int_equal(image_verify(f->path, "bash", &err), -EPERM);
    assert_non_null(strstr(err.text, "chown root"));
    assert_int_equal(fchownat(f->fd, info.file, 0, 0, 0), 0);
    assert_int_equal(chmod(f->path, 0777), 0);
    assert_int_equal(image_verify(f->path, "bash", &err), -EPERM);
    assert_int_equal(chmod(f->path, 0755), 0);
    assert_int_equal(renameat(f->fd, info.file, f->fd, "elsewhere"), 0);
    assert_int_equal(symlinkat("elsewhere", f->fd, info.file), 0);
    assert_int_equal(image_verify(f->path, "bash", &err), -ELOOP);
    image_info_free(&info);
}

/* Runs `look` in a child with a mount namespace of its own, with the image mounted at `at`. */
static void with_mounted(const char *images, const char *name, const char *at,
                         void (*look)(const char *, const char *))
{
    pid_t pid = fork();
    if (pid == 0) {
        struct error err = {0};
        assert_int_equal(unshare(CLONE_NEWNS), 0);
        assert_int_equal(mount(NULL, "/", NULL, MS_PRIVATE | MS_REC, NULL), 0);
        if (image_mount(images, name, at, &err) < 0) {
            fprintf(stderr, "%s\n", err.text);
            _exit(1);
        }
        look(name, at);
        _exit(0);
    }
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

#define expect(condition)                                                                                    \
    do {                                                                                                     \
        if (!(condition)) {                                                                                  \
            fprintf(stderr, "%s: not so: %s\n", name, #condition);                                           \
            _exit(1);                                                                                        \
        }                                                                                                    \
    } while (0)

static bool has(const char *at, const char *path)
{
    char whole[512];
    struct stat st;
    snprintf(whole, sizeof whole, "%s%s", at, path);
    return lstat(whole, &st) == 0;
}

static void look_at_mount(const char *name, const char *at)
{
    static const char *const points[] = {"/dev", "/proc", "/tmp", "/work"};
    const unsigned long flags = ST_RDONLY | ST_NOSUID | ST_NODEV;
    struct statvfs st;
    char path[512];
    expect(statvfs(at, &st) == 0);
    expect((st.f_flag & flags) == flags);
    snprintf(path, sizeof path, "%s/file", at);
    expect(open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644) < 0);
    expect(errno == EROFS);
    expect(mount(NULL, at, NULL, MS_REMOUNT, NULL) < 0 || open(path, O_WRONLY | O_CREAT, 0644) < 0);
    for (size_t i = 0; i < array_length(points); i++) {
        snprintf(path, sizeof path, "%s%s", at, points[i]);
        DIR *dir = opendir(path);
        int entries = 0;
        expect(dir != NULL);
        while (readdir(dir))
            entries++;
        closedir(dir);
        expect(entries == 2);
    }
    expect(has(at, "/etc/passwd") && has(at, "/etc/nsswitch.conf") && has(at, "/etc/ld.so.cache"));
    expect(!has(at, "/etc/shadow") && !has(at, "/etc/resolv.conf") && !has(at, "/var/lib/dpkg"));
}

static void an_image_is_mounted_read_only_without_set_id_and_devices(void **state)
{
    struct folder *f = *state;
    require_root();
    assert_int_equal(mkdirat(f->fd, "at", 0755), 0);
    with_mounted(IMAGES, "bash", folder_path(f, "at"), look_at_mount);
}

/* Every file of the image: owner, rights, kind. */
static int check_files(const char *name, int dir)
{
    struct dirent **entries;
    int n = scandirat(dir, ".", &entries, NULL, NULL), count = 0;
    expect(n >= 0);
    for (int i = 0; i < n; i++) {
        const char *file = entries[i]->d_name;
        struct stat st;
        if (strcmp(file, ".") != 0 && strcmp(file, "..") != 0) {
            expect(fstatat(dir, file, &st, AT_SYMLINK_NOFOLLOW) == 0);
            expect(S_ISREG(st.st_mode) || S_ISDIR(st.st_mode) || S_ISLNK(st.st_mode));
            expect(st.st_uid == 0 && st.st_gid == 0);
            expect(S_ISLNK(st.st_mode) || !(st.st_mode & 07022));
            count++;
        }
        if (strcmp(file, "..") != 0 && strcmp(file, ".") != 0 && S_ISDIR(st.st_mode)) {
            int sub = openat(dir, file, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
            expect(sub >= 0);
            count += check_files(name, sub);
            close(sub);
        }
        free(entries[i]);
    }
    free(entries);
    return count;
}

/* An interpreter or compiler, and the images that may hold it. */
static const struct {
    const char *program, *images;
} owners[] = {
    {"bash", "bash"},
    {"perl*", ""},
    {"python*", "python"},
    {"node", "javascript"},
    {"gcc*", "c"},
    {"x86_64-linux-gnu-gcc*", "c"},
    {"as", "c"},
    {"ld", "c"},
    {"erl", "erlang elixir"},
    {"mawk", "bash"},
    {"ruby*", ""},
    {"lua*", ""},
    {"su", ""},
    {"mount", ""},
    {"passwd", ""},
    {"openssl", ""},
    {"apt*", ""},
    {"dpkg*", ""},
    {"unshare", ""},
    {"nsenter", ""},
    {"busybox", ""},
};

static void look_at_files(const char *name, const char *at)
{
    int root = open(at, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    expect(root >= 0);
    expect(check_files(name, root) > 100);
    static const char *const folders[] = {"usr/bin", "usr/sbin"};
    for (size_t i = 0; i < array_length(folders); i++) {
        int dir = openat(root, folders[i], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        DIR *list = fdopendir(dir);
        expect(list != NULL);
        for (struct dirent *entry; (entry = readdir(list));)
            for (size_t k = 0; k < array_length(owners); k++)
                if (fnmatch(owners[k].program, entry->d_name, 0) == 0 && !strstr(owners[k].images, name)) {
                    fprintf(stderr, "the image %s holds %s\n", name, entry->d_name);
                    _exit(1);
                }
        closedir(list);
    }
    close(root);
}

static void no_image_holds_a_foreign_interpreter_compiler_or_set_id_program(void **state)
{
    static const char *const names[] = {"bash", "c", "elixir", "erlang", "javascript", "python"};
    struct folder *f = *state;
    require_root();
    assert_int_equal(mkdirat(f->fd, "at", 0755), 0);
    for (size_t i = 0; i < array_length(names); i++)
        with_mounted(IMAGES, names[i], folder_path(f, "at"), look_at_files);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, folder_make, folder_remove)
    const struct CMUnitTest tests[] = {
        T(a_changed_byte_a_changed_size_and_a_missing_file_are_found),
        T(an_image_that_others_could_change_is_refused),
        T(an_image_is_mounted_read_only_without_set_id_and_devices),
        T(no_image_holds_a_foreign_interpreter_compiler_or_set_id_program),
    };
    return unit_run(tests);
}

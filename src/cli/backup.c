/* phial backup: a copy of the site's database, while a server writes it or not. */
#include "cli/cli.h"
#include "cli/settings_options.h"
#include "frontend/privileges.h"
#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>

static const struct option_row rows[] = {
    SETTINGS_OPTION_ROWS,
};

static const char copy_name[] = "backup"; /* in the store's folder, until it is fetched */

static int backup_main(const struct command *command, int argc, char **argv);

const struct command command_backup = {
    .name = "backup",
    .summary = "Copy the site's database",
    .usage = "FILE",
    .text = "Writes what learners did, their accounts and shared programs into a new file, as it is at one "
            "moment, "
            "and checks\n"
            "the copy. A server may run meanwhile. To go back to it: stop the server, remove the files in "
            "the store's "
            "folder,\n"
            "and 'install -o phial -m 600 FILE /var/lib/phial/site/site.db'.\n",
    COMMAND_OPTIONS(rows),
    .main = backup_main,
    .usage_exit = EXIT_USAGE,
};

/* ---- as root: the database was written by a process that reads from the Internet ---- */

/* Its content is looked at without root's rights, in a root that has the store's folder only. */
static void copy_in_child(const struct settings *settings, const char *folder, const char *file, int answer)
{
    struct error err = {0};
    char from[SETTINGS_PATH_SIZE], to[SETTINGS_PATH_SIZE];
    const struct privileges p = {
        .user = settings->user, .keep = &answer, .keep_count = 1, .files_most = 64, .store = folder};
    snprintf(from, sizeof from, "/store/%s", file);
    snprintf(to, sizeof to, "/store/%s", copy_name);
    int r = privileges_drop(&p, &err);
    if (r == 0)
        r = store_backup(from, to, &err);
    if (r < 0)
        write_all(answer, &err, sizeof err);
    _exit(r < 0 ? EXIT_BAD : EXIT_OK);
}

static int make_copy(const struct settings *settings, const char *folder, const char *file, struct error *err)
{
    int ends[2], status;
    if (pipe2(ends, O_CLOEXEC) < 0)
        return error_set(err, errno, "pipe: %m");
    cleanup_fd int ours = ends[0], theirs = ends[1];
    pid_t pid = fork();
    if (pid < 0)
        return error_set(err, errno, "fork: %m");
    if (pid == 0)
        copy_in_child(settings, folder, file, theirs);
    close_fd(&theirs);
    struct error said = {0};
    bool failed = read_all(ours, &said, sizeof said) == (ssize_t)sizeof said;
    if (waitpid(pid, &status, 0) < 0)
        return error_set(err, errno, "wait for the copy: %m");
    if (failed) {
        said.text[sizeof said.text - 1] = 0;
        return error_set(err, said.code > 0 ? said.code : EIO, "%s", said.text);
    }
    return status == 0 ? 0 : error_set(err, EIO, "the process that copies ended with status %d", status);
}

static int copy_bytes(int from, int to)
{
    static char piece[256 << 10];
    ssize_t n;
    while ((n = read(from, piece, sizeof piece)) > 0) {
        int r = write_all(to, piece, (size_t)n);
        if (r < 0)
            return r;
    }
    return n < 0 || fsync(to) < 0 ? -errno : 0;
}

/* Out of the store's folder, in which the frontend's user could put something else in its place. */
static int fetch_copy(int folder, const char *path, struct error *err)
{
    struct stat st, owner;
    cleanup_fd int from = openat(folder, copy_name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (from < 0 || fstat(from, &st) < 0 || fstat(folder, &owner) < 0)
        return error_set(err, errno, "open the copy: %m");
    if (!S_ISREG(st.st_mode) || st.st_nlink != 1 || st.st_uid != owner.st_uid)
        return error_set(err, EPERM, "the copy is not the file that was made");
    cleanup_fd int to = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (to < 0)
        return error_set(err, errno, "make %s: %m", path);
    int r = copy_bytes(from, to);
    if (r < 0)
        unlink(path);
    return r < 0 ? error_set(err, -r, "write %s: %m", path) : 0;
}

/* What an earlier backup left, that was killed. */
static void clear_copy(int dir)
{
    static const char *const endings[] = {"", "-journal", "-wal", "-shm"};
    for (size_t i = 0; i < array_length(endings); i++) {
        char name[64];
        snprintf(name, sizeof name, "%s%s", copy_name, endings[i]);
        unlinkat(dir, name, 0);
    }
}

static int backup_as_root(const struct settings *settings, const char *folder, const char *file,
                          const char *path, struct error *err)
{
    struct stat st;
    cleanup_fd int dir = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (dir < 0 || fstatat(dir, file, &st, AT_SYMLINK_NOFOLLOW) < 0)
        return error_set(err, errno, "open the site's database %s/%s: %m", folder, file);
    if (access(path, F_OK) == 0)
        return error_set(err, EEXIST, "make %s: %m", path);
    if (flock(dir, LOCK_EX | LOCK_NB) < 0)
        return error_set(err, errno, "lock %s (another backup may be under way): %m", folder);
    clear_copy(dir);
    int r = make_copy(settings, folder, file, err);
    if (r == 0)
        r = fetch_copy(dir, path, err);
    clear_copy(dir);
    return r;
}

/* ---- the command ---- */

static int backup(const struct settings *settings, const char *path, struct error *err)
{
    char folder[SETTINGS_PATH_SIZE], database[SETTINGS_PATH_SIZE + NAME_MAX + 2];
    const char *file;
    int r = settings_store_folder(settings, folder, &file, err);
    if (r < 0)
        return r;
    if (geteuid() == 0)
        return backup_as_root(settings, folder, file, path, err);
    snprintf(database, sizeof database, "%s/%s", folder, file);
    return store_backup(database, path, err);
}

static int backup_main(const struct command *command, int argc, char **argv)
{
    struct settings_options options = {0};
    struct settings settings;
    struct error err = {0};
    const char *value;
    int exit_code;
    for (int id; (id = options_next(command, argc, argv, &value, &exit_code)) != OPTION_END;)
        if (id == OPTION_STOP)
            return exit_code;
        else
            settings_options_take(&options, id, value);
    if (argc - optind != 1)
        return command_usage_error(command, "the file to write is needed: phial backup FILE");
    if (settings_options_load(&options, &settings, &err) < 0)
        return command_error(&err);
    struct stat st;
    exit_code = backup(&settings, argv[optind], &err) < 0 ? command_error(&err) : EXIT_OK;
    if (exit_code == EXIT_OK && stat(argv[optind], &st) == 0)
        fprintf(stderr, "%s: %lld bytes, checked\n", argv[optind], (long long)st.st_size);
    settings_free(&settings);
    return exit_code;
}

/* phial doctor: what stands on this host, what does not, and what to do about it. */
#include "cli/doctor.h"
#include "cli/settings_options.h"
#include "sandbox/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <grp.h>
#include <pwd.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>
#include <sys/vfs.h>

enum { OPTION_JSON = 256, CGROUP2_MAGIC = 0x63677270 };

static const struct option_row rows[] = {
    {OPTION_JSON, "json", NULL, "print JSON"},
    SETTINGS_OPTION_ROWS,
};

static int doctor_main(const struct command *command, int argc, char **argv);

const struct command command_doctor = {
    .name = "doctor",
    .summary = "Say which walls stand on this host, and what to do about those that do not",
    .usage = "[OPTION...]",
    .text =
        "Each wall is tried for real, and the template of each language is booted, which needs root and some "
        "seconds.\n"
        "Exits with 1 when a wall that must stand does not.\n",
    COMMAND_OPTIONS(rows),
    .main = doctor_main,
    .usage_exit = EXIT_USAGE,
};

static const char *const grade_names[] = {[GRADE_GOOD] = "ok", [GRADE_NOTE] = "note", [GRADE_BAD] = "BAD"};
static const enum style grade_styles[] = {
    [GRADE_GOOD] = STYLE_GOOD, [GRADE_NOTE] = STYLE_WARN, [GRADE_BAD] = STYLE_BAD};

json_t *doctor_add(struct doctor *d, json_t *list, const char *kind, const char *name, enum grade grade,
                   const char *why, const char *cure)
{
    json_t *object = json_object();
    json_object_set_new(object, kind, json_string(name));
    json_object_set_new(object, "state", json_string(grade_names[grade]));
    json_object_set_new(object, "why", json_string(why));
    json_object_set_new(object, "cure", *cure ? json_string(cure) : json_null());
    json_array_append_new(list, object);
    d->bad |= grade == GRADE_BAD;
    if (d->json)
        return object;
    printf("%s%-4s%s  %-18s  %s\n", style_on(stdout, grade_styles[grade]), grade_names[grade],
           style_on(stdout, STYLE_PLAIN), name, why);
    if (grade != GRADE_GOOD && *cure)
        printf("%26s%scure: %s%s\n", "", style_on(stdout, STYLE_BOLD), cure, style_on(stdout, STYLE_PLAIN));
    return object;
}

void doctor_heading(const struct doctor *d, const char *text)
{
    if (!d->json)
        printf("%s%s%s\n", style_on(stdout, STYLE_BOLD), text, style_on(stdout, STYLE_PLAIN));
}

static void __attribute__((format(printf, 5, 6)))
note(struct doctor *d, const char *name, enum grade grade, const char *cure, const char *format, ...)
{
    char why[512];
    va_list list;
    va_start(list, format);
    vsnprintf(why, sizeof why, format, list);
    va_end(list);
    doctor_add(d, d->host, "name", name, grade, why, cure);
}

/* ---- walls ---- */

static void check_walls(struct doctor *d)
{
    struct wall_report report[WALL_COUNT];
    walls_probe(report);
    doctor_heading(d, "Walls");
    for (size_t i = 0; i < WALL_COUNT; i++) {
        const struct wall_report *w = &report[i];
        enum grade grade = w->state == WALL_STANDS               ? GRADE_GOOD
                           : w->state == WALL_MISSING && w->must ? GRADE_BAD
                                                                 : GRADE_NOTE;
        json_t *last = doctor_add(d, d->walls, "wall", w->wall, grade, w->why, w->cure);
        json_object_set_new(last, "must", json_boolean(w->must));
        static const char *const states[] = {"stands", "partly", "missing"};
        json_object_set_new(last, "state", json_string(states[w->state]));
    }
}

/* ---- the host ---- */

bool doctor_read_line(const char *path, char line[static 256])
{
    cleanup_fd int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read_all(fd, line, 255);
    if (n < 0)
        return false;
    line[n] = 0;
    line[strcspn(line, "\n")] = 0;
    return true;
}

static void check_kernel(struct doctor *d)
{
    struct utsname u;
    uname(&u);
    int major = 0, minor = 0;
    sscanf(u.release, "%d.%d", &major, &minor);
    bool good = major > 5 || (major == 5 && minor >= 14);
    note(d, "kernel", good ? GRADE_GOOD : GRADE_BAD, "boot Linux 5.14 or later", "%s %s %s", u.sysname,
         u.release, u.machine);
}

static void check_cgroup(struct doctor *d)
{
    struct statfs fs;
    char line[256];
    if (statfs("/sys/fs/cgroup", &fs) < 0) {
        note(d, "cgroup", GRADE_BAD, "mount cgroup2 at /sys/fs/cgroup", "/sys/fs/cgroup: %s",
             strerror(errno));
    } else if (fs.f_type == CGROUP2_MAGIC) {
        bool known = doctor_read_line("/sys/fs/cgroup/cgroup.controllers", line);
        note(d, "cgroup", GRADE_GOOD, "", "version 2, controllers: %s", known ? line : "?");
    } else {
        note(d, "cgroup", GRADE_NOTE, "boot with systemd.unified_cgroup_hierarchy=1", "%s",
             "version 1; supported, but version 2 accounts and kills better");
    }
}

static void check_erofs(struct doctor *d)
{
    cleanup_free char *text = NULL;
    size_t size;
    bool known = read_file_at(AT_FDCWD, "/proc/filesystems", 1 << 16, &text, &size, NULL) == 0 &&
                 strstr(text, "erofs");
    bool module =
        !known && access("/sbin/modprobe", X_OK) == 0 && system("modprobe -nq erofs 2>/dev/null") == 0;
    if (known || module)
        note(d, "EROFS", GRADE_GOOD, "", "%s", known ? "in the kernel" : "as a module");
    else
        note(d, "EROFS", GRADE_NOTE, "", "%s",
             "not in this kernel: images are folders, which start less quickly");
}

static void check_user(struct doctor *d)
{
    const struct passwd *user = getpwnam(d->settings.user);
    char cure[256];
    snprintf(cure, sizeof cure,
             "useradd --system --user-group --no-create-home --shell /usr/sbin/nologin %.64s",
             d->settings.user);
    if (!user)
        note(d, "user", GRADE_BAD, cure, "there is no user '%s' for the frontend", d->settings.user);
    else if (user->pw_uid == 0)
        note(d, "user", GRADE_BAD, "set 'user' to one without privileges", "'%s' is root", d->settings.user);
    else
        note(d, "user", GRADE_GOOD, "", "'%s' is uid %u", d->settings.user, user->pw_uid);
    const struct group *group = getgrnam(d->settings.group);
    snprintf(cure, sizeof cure, "groupadd --system %.64s", d->settings.group);
    if (group)
        note(d, "group", GRADE_GOOD, "", "'%s' is gid %u; its members may use the socket", d->settings.group,
             group->gr_gid);
    else
        note(d, "group", GRADE_NOTE, cure, "there is no group '%s': only root may use the socket",
             d->settings.group);
}

/* Ubuntu 23.10 and later: a user namespace made by a program without a profile has no capabilities in it.
 * phial makes its namespaces as root, which the rule lets through. */
static void check_user_namespaces(struct doctor *d)
{
    char line[256];
    if (doctor_read_line("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", line) && strcmp(line, "0"))
        note(d, "AppArmor", GRADE_NOTE,
             "sysctl -w kernel.apparmor_restrict_unprivileged_userns=0, if walls above are missing", "%s",
             "unprivileged user namespaces are restricted (good for the host); phial makes its own as root");
    else
        note(d, "AppArmor", GRADE_GOOD, "", "%s", "does not restrict user namespaces here");
    if (doctor_read_line("/proc/sys/user/max_user_namespaces", line) && !strcmp(line, "0"))
        note(d, "user namespaces", GRADE_BAD, "sysctl -w user.max_user_namespaces=65536", "%s",
             "max_user_namespaces is 0");
}

static void check_numbers(struct doctor *d)
{
    char line[256];
    if (!doctor_read_line("/proc/sys/kernel/yama/ptrace_scope", line))
        note(d, "Yama", GRADE_NOTE, "", "%s", "not in this kernel; the filter forbids ptrace all the same");
    else
        note(d, "Yama", strcmp(line, "0") ? GRADE_GOOD : GRADE_NOTE, "sysctl -w kernel.yama.ptrace_scope=1",
             "ptrace_scope is %s", line);
    if (doctor_read_line("/proc/sys/kernel/pid_max", line)) {
        bool few = strtol(line, NULL, 10) < 65536;
        note(d, "pid_max", few ? GRADE_NOTE : GRADE_GOOD, "sysctl -w kernel.pid_max=4194304", "%s%s", line,
             few ? ": few for many runs at once" : "");
    }
}

/* The site's database: its folder must be the frontend's own, and the disk must have room. */
static void check_store(struct doctor *d)
{
    enum { ROOM_LEAST_MB = 256 };
    struct error err = {0};
    struct stat st, file_st = {0};
    struct statvfs disk;
    const char *file;
    char folder[SETTINGS_PATH_SIZE], path[SETTINGS_PATH_SIZE + 256], cure[SETTINGS_PATH_SIZE + 128];
    const struct passwd *user = getpwnam(d->settings.user);
    if (settings_store_folder(&d->settings, folder, &file, &err) < 0) {
        note(d, "store", GRADE_BAD, "", "%s", err.text);
        return;
    }
    if (stat(folder, &st) < 0 || statvfs(folder, &disk) < 0) {
        note(d, "store", GRADE_GOOD, "", "%s is not there yet: the server makes it", folder);
        return;
    }
    snprintf(path, sizeof path, "%s/%s", folder, file);
    stat(path, &file_st);
    unsigned long long room = (unsigned long long)disk.f_bavail * disk.f_frsize >> 20;
    snprintf(cure, sizeof cure, "chown -R %s: %s", d->settings.user, folder);
    if (user && st.st_uid != user->pw_uid)
        note(d, "store", GRADE_BAD, cure, "%s is not the folder of '%s'", folder, d->settings.user);
    else
        note(d, "store", room < ROOM_LEAST_MB ? GRADE_NOTE : GRADE_GOOD, "make room on its disk",
             "%s has %lld bytes; %llu MiB are free", path, (long long)file_st.st_size, room);
}

/* ---- languages and their images ---- */

static void check_language(struct doctor *d, const struct language *l)
{
    struct error err = {0};
    struct filter filter = {.bpf = -1};
    char why[600], cure[128] = "";
    enum grade grade = GRADE_GOOD;
    json_int_t reachable = 0;
    if (filter_compile(&filter, (const char *const *)l->seccomp, &err) < 0) {
        grade = GRADE_BAD;
        snprintf(why, sizeof why, "%.500s", err.text);
    } else if (image_verify(d->settings.images_dir, l->image, &err) < 0) {
        grade = err.code == ENOENT ? GRADE_NOTE : GRADE_BAD;
        snprintf(why, sizeof why, "%.500s", err.text);
        snprintf(cure, sizeof cure, "phial image build %s%s", l->name, err.code == ENOENT ? "" : " --force");
        reachable = (json_int_t)filter.reachable;
    } else {
        snprintf(why, sizeof why, "%-20s image verified, %zu system calls reachable",
                 l->version ? l->version : "?", filter.reachable);
        reachable = (json_int_t)filter.reachable;
    }
    filter_close(&filter);
    json_t *last = doctor_add(d, d->language_list, "language", l->name, grade, why, cure);
    json_object_set_new(last, "system_calls", json_integer(reachable));
}

static void check_languages(struct doctor *d)
{
    struct error err = {0};
    doctor_heading(d, "\nLanguages");
    if (languages_load(&d->languages, d->settings.languages_dir, d->settings.images_dir, &err) < 0)
        doctor_add(d, d->language_list, "language", "all", GRADE_BAD, err.text,
                   "make install, or set languages_dir");
    for (size_t i = 0; i < d->languages.count; i++)
        check_language(d, &d->languages.items[i]);
}

/* ---- the command ---- */

static void examine(struct doctor *d)
{
    check_walls(d);
    doctor_heading(d, "\nHost");
    if (geteuid() != 0)
        note(d, "root", GRADE_NOTE, "run it as root", "%s", "without root most walls cannot be tried");
    check_kernel(d);
    check_cgroup(d);
    check_erofs(d);
    check_user(d);
    check_user_namespaces(d);
    check_numbers(d);
    check_store(d);
    check_languages(d);
    doctor_check_templates(d);
}

static void print_json(const struct doctor *d)
{
    json_t *object = json_object();
    json_object_set_new(object, "version", json_string(PHIAL_VERSION));
    json_object_set_new(object, "ok", json_boolean(!d->bad));
    json_object_set(object, "walls", d->walls);
    json_object_set(object, "host", d->host);
    json_object_set(object, "languages", d->language_list);
    json_object_set(object, "templates", d->templates);
    json_object_set(object, "sleeping_runs", d->sleepers);
    json_dumpf(object, stdout, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
    putchar('\n');
    json_decref(object);
}

static int doctor_main(const struct command *command, int argc, char **argv)
{
    struct doctor d = {0};
    struct settings_options options = {0};
    struct error err = {0};
    const char *value;
    int exit_code;
    for (int id; (id = options_next(command, argc, argv, &value, &exit_code)) != OPTION_END;)
        if (id == OPTION_STOP)
            return exit_code;
        else if (id == OPTION_JSON)
            d.json = true;
        else
            settings_options_take(&options, id, value);
    if (optind < argc)
        return command_usage_error(command, "no operand is expected: %s", argv[optind]);
    if (settings_options_load(&options, &d.settings, &err) < 0)
        return command_error(&err);
    json_t **const lists[] = {&d.walls, &d.host, &d.language_list, &d.templates, &d.sleepers};
    for (size_t i = 0; i < array_length(lists); i++)
        *lists[i] = json_array();
    examine(&d);
    if (d.json)
        print_json(&d);
    else
        puts(d.bad ? "\nSomething that must stand does not: see the cures above."
                   : "\nAll that must stand stands.");
    for (size_t i = 0; i < array_length(lists); i++)
        json_decref(*lists[i]);
    languages_free(&d.languages);
    settings_free(&d.settings);
    return d.bad ? EXIT_BAD : EXIT_OK;
}

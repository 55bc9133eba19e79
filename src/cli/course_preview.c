/* phial course preview: the site with one course, which is read again whenever one of its files is saved.
 *
 * It is a server as `phial serve` is one, with a state of its own. The supervisor watches the course's
 * folders; when a changed course is whole, the frontend is started anew and reads it, and the page, which
 * notices that its event stream broke, loads itself again. */
#include "cli/course.h"
#include "cli/supervisor.h"

#include <dirent.h>
#include <errno.h>
#include <sys/inotify.h>
#include <sys/stat.h>

enum { DEPTH_MOST = 12, SETTLE_US = 100000 };

struct preview {
    struct supervisor supervisor; /* first: what the supervisor hands back is the preview */
    const char *folder;
};

/* ---- watching ---- */

static void watch_below(int watch, const char *folder, unsigned depth)
{
    if (inotify_add_watch(watch, folder,
                          IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_ONLYDIR) <
        0)
        return;
    DIR *d = opendir(folder);
    for (const struct dirent *entry; d && depth < DEPTH_MOST && (entry = readdir(d));) {
        cleanup_free char *path = NULL;
        if (entry->d_name[0] == '.' || (entry->d_type != DT_DIR && entry->d_type != DT_UNKNOWN))
            continue;
        if (asprintf(&path, "%s/%s", folder, entry->d_name) < 0)
            abort();
        watch_below(watch, path, depth + 1);
    }
    if (d)
        closedir(d);
}

static int open_watch(struct preview *p, struct error *err)
{
    p->supervisor.watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (p->supervisor.watch < 0)
        return error_set(err, errno, "watch %s: %m", p->folder);
    watch_below(p->supervisor.watch, p->folder, 0);
    return 0;
}

/* Says what is wrong with the course. */
static bool course_is_whole(const struct preview *p)
{
    struct course course;
    struct course_faults faults = {0};
    struct error err = {0};
    bool whole = course_read(&course, p->folder, &p->supervisor.languages, &faults, &err) == 0;
    for (size_t i = 0; i < faults.count; i++)
        course_print_fault(faults.items[i].file, faults.items[i].line, faults.items[i].text);
    if (!whole && !faults.count)
        command_error(&err);
    course_faults_free(&faults);
    course_free(&course);
    return whole;
}

/* Editors save in several steps, so a moment passes before the course is read; new folders are watched too.
 */
static bool on_change(struct supervisor *s)
{
    struct preview *p = (struct preview *)s;
    struct error err = {0};
    usleep(SETTLE_US);
    close_fd(&s->watch);
    if (open_watch(p, &err) < 0)
        command_error(&err);
    if (!course_is_whole(p))
        return false;
    printf("%s has changed: showing it anew\n", p->folder);
    fflush(stdout);
    return true;
}

/* ---- the server ---- */

/* The last word of a setting counts, so these go behind what the user gave. */
static int add_setting(struct preview *p, struct error *err, const char *name, const char *value)
{
    char *assignment = NULL;
    if (asprintf(&assignment, "%s=%s", name, value) < 0)
        return error_set(err, ENOMEM, "settings: %m");
    settings_options_take(&p->supervisor.options, OPTION_SET, assignment); /* kept until the end */
    return 0;
}

static int add_settings(struct preview *p, const struct course_command *c, struct error *err)
{
    cleanup_free char *state = NULL;
    char name[80];
    snprintf(name, sizeof name, "%.64s", strrchr(p->folder, '/') + 1);
    if (asprintf(&state, "%s/preview-%s", c->settings.run_dir, name) < 0)
        return error_set(err, ENOMEM, "settings: %m");
    const char *const rows[][2] = {{"course_dirs", p->folder},
                                   {"preview", "true"},
                                   {"state_dir", state},
                                   {"socket", ""},
                                   {"listen", c->listen}};
    int r = 0;
    for (size_t i = 0; r == 0 && i < array_length(rows); i++)
        if (rows[i][1])
            r = add_setting(p, err, rows[i][0], rows[i][1]);
    return r;
}

int course_preview(struct course_command *c, const char *dir)
{
    static struct preview p;
    struct error err = {0};
    cleanup_free char *folder = realpath(dir, NULL);
    if (!folder || strchr(folder, ',')) {
        error_set(&err, folder ? EINVAL : errno,
                  folder ? "preview %s: its path must hold no comma" : "preview %s: %m", dir);
        return command_error(&err);
    }
    p = (struct preview){.folder = folder, .supervisor.options = c->options};
    p.supervisor.changed = on_change;
    if (add_settings(&p, c, &err) < 0 || open_watch(&p, &err) < 0)
        return command_error(&err);
    p.supervisor.languages = c->languages; /* lent, to read the course with */
    bool whole = course_is_whole(&p);
    p.supervisor.languages = (struct languages){0};
    int code = whole ? serve(&p.supervisor) : EXIT_BAD;
    close_fd(&p.supervisor.watch);
    return code;
}

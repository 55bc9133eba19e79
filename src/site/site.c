#include "site/internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

enum { COURSES_MOST = 100 };

/* ---- reading ---- */

static int add_course(struct site *site, const char *dir, struct error *err)
{
    if (site->course_count == COURSES_MOST)
        return error_set(err, E2BIG, "course_dirs: more than %d courses: %m", COURSES_MOST);
    struct site_course *c = &site->courses[site->course_count];
    int r = course_read(&c->course, dir, site->languages, NULL, err);
    if (r < 0)
        return r;
    site->course_count++;
    for (size_t i = 0; i + 1 < site->course_count; i++)
        if (!strcmp(site->courses[i].course.id, c->course.id))
            return error_set(err, EEXIST, "%s: another course here is in a folder of the same name, %s: %m",
                             dir, site->courses[i].course.folder);
    c->lessons = calloc(c->course.lesson_count, sizeof *c->lessons);
    if (!c->lessons)
        return error_set(err, ENOMEM, "%s: %m", dir);
    for (size_t i = 0; i < c->course.lesson_count; i++)
        c->lessons[i] = (struct site_lesson){.lesson = &c->course.lessons[i], .course = c, .index = i};
    return 0;
}

static bool is_course(const char *dir)
{
    cleanup_free char *path = NULL;
    return asprintf(&path, "%s/course.yaml", dir) >= 0 && access(path, F_OK) == 0;
}

/* A folder of courses, in the order of their names. */
static int add_courses(struct site *site, const char *dir, struct error *err)
{
    struct dirent **entries;
    int r = 0, count = scandir(dir, &entries, NULL, alphasort);
    if (count < 0)
        return error_set(err, errno, "course_dirs: read the folder %s: %m", dir);
    for (int i = 0; i < count; i++) {
        cleanup_free char *path = NULL;
        if (r == 0 && entries[i]->d_name[0] != '.' &&
            asprintf(&path, "%s/%s", dir, entries[i]->d_name) >= 0 && is_course(path))
            r = add_course(site, path, err);
        free(entries[i]);
    }
    free(entries);
    return r;
}

/* The folder `name` beside that of the languages. */
static char *beside_languages(const struct settings *settings, const char *name)
{
    char *path;
    return asprintf(&path, "%s/../%s", settings->languages_dir, name) < 0 ? NULL : path;
}

static int load_courses(struct site *site, struct error *err)
{
    cleanup_free char *standard = beside_languages(site->settings, "courses");
    cleanup_free char *list = strdup(site->settings->course_dirs);
    char *rest = list;
    int r = 0;
    site->courses = calloc(COURSES_MOST, sizeof *site->courses);
    if (!standard || !list || !site->courses)
        return error_set(err, ENOMEM, "read the courses: %m");
    if (!*list)
        return access(standard, F_OK) == 0 ? add_courses(site, standard, err) : 0;
    for (char *dir; r == 0 && (dir = strsep(&rest, ","));)
        if (*dir)
            r = is_course(dir) ? add_course(site, dir, err) : add_courses(site, dir, err);
    return r;
}

int site_load(struct site **out, const struct settings *settings, const struct languages *languages,
              struct error *err)
{
    struct site *site = calloc(1, sizeof *site);
    cleanup_free char *web = beside_languages(settings, "web");
    if (!site || !web) {
        free(site);
        return error_set(err, ENOMEM, "read the site: %m");
    }
    site->settings = settings;
    site->languages = languages;
    int r = assets_load(&site->assets, *settings->web_dir ? settings->web_dir : web, err);
    if (r == 0)
        r = load_courses(site, err);
    if (r == 0 && (lessons_render(site) < 0 || home_render(site) < 0))
        r = error_set(err, ENOMEM, "make the pages: %m");
    if (r < 0) {
        site_free(site);
        return r;
    }
    *out = site;
    return 0;
}

int site_open(struct site *site, const struct site_parts *parts, struct error *err)
{
    site->api = parts->api;
    site->store = parts->store;
    int r = learners_new(&site->learners, site->settings, site->store, err);
    if (r == 0)
        r = live_new(&site->live, site->settings);
    return r < 0 ? r : search_fill(site, err);
}

/* ---- finding ---- */

struct site_lesson *site_find_lesson(const struct site *site, const char *course, const char *lesson)
{
    for (size_t i = 0; i < site->course_count; i++) {
        struct site_course *c = &site->courses[i];
        const struct course_lesson *found =
            strcmp(c->course.id, course) == 0 ? course_find_lesson(&c->course, lesson) : NULL;
        if (found)
            return &c->lessons[found - c->course.lessons];
    }
    return NULL;
}

const struct course_exercise *site_find_exercise(const struct site *site, const char *id)
{
    for (size_t i = 0; i < site->course_count; i++) {
        const struct course *course = &site->courses[i].course;
        size_t n = strlen(course->id);
        if (!strncmp(course->id, id, n) && id[n] == '/')
            return course_find_exercise(course, id, NULL);
    }
    return NULL;
}

struct site_lesson *site_lesson_of(const struct site *site, const struct course_exercise *exercise)
{
    for (size_t i = 0; i < site->course_count; i++) {
        struct site_course *c = &site->courses[i];
        const struct course_lesson *lesson = NULL;
        if (course_find_exercise(&c->course, exercise->id, &lesson) == exercise && lesson)
            return &c->lessons[lesson - c->course.lessons];
    }
    return NULL;
}

/* ---- the room ---- */

/* The exercises that POST /api/v1/grade may name. */
static int find_grade(void *context, const char *id, struct grade_request *to)
{
    const struct site *site = context;
    const struct course_exercise *exercise = site_find_exercise(site, id);
    return exercise ? course_grade_request(to, exercise, site->languages, NULL, 0) : -ENOENT;
}

static bool on_problem(struct http_request *request, const struct problem *problem, void *context)
{
    if (!http_path(request)) /* it could not be read */
        return false;
    page_problem(context, request, problem);
    return true;
}

int site_routes(struct site *site, struct http_server *server)
{
    int (*const parts[])(struct site *, struct http_server *) = {
        lesson_routes, search_routes,  play_routes,  run_routes,      practice_routes,
        live_routes,   account_routes, teach_routes, learners_routes,
    };
    for (size_t i = 0; i < array_length(parts); i++) {
        int r = parts[i](site, server);
        if (r < 0)
            return r;
    }
    int r = assets_routes(&site->assets, server);
    if (r < 0)
        return r;
    api_set_exercises(site->api, find_grade, site);
    http_server_problem_page(server, on_problem, site);
    return 0;
}

void site_free(struct site *site)
{
    if (!site)
        return;
    for (size_t i = 0; i < site->course_count; i++) {
        struct site_course *c = &site->courses[i];
        for (size_t j = 0; c->lessons && j < c->course.lesson_count; j++)
            pages_free(&c->lessons[j].pages);
        free(c->lessons);
        course_free(&c->course);
    }
    free(site->courses);
    pages_free(&site->home);
    assets_free(&site->assets);
    live_free(site->live);
    learners_free(site->learners);
    free(site);
}

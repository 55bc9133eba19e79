/* phial attack: shows on this very host that the walls stand. */
#include "cli/attack.h"
#include "cli/settings_options.h"
#include "cli/warmth.h"

#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <getopt.h>
#include <linux/prctl.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <time.h>

enum {
    OPTION_DIR = 256,
    OPTION_ONLY,
    OPTION_QUICK,
    OPTION_LIST,
    OPTION_JSON,
    OPTION_AFTER,
    OPTION_COLD,
    OPTION_WARM
};
enum {
    READY_TIMEOUT_MS = 120000,
    WARM_TIMEOUT_MS = 180000,
    SETTLE_MS = 3000,
    CGROUP2_MAGIC = 0x63677270,
    PATTERNS_MOST = 64
};

static const struct option_row rows[] = {
    {OPTION_LIST, "list", NULL, "list the attacks, run none"},
    {OPTION_ONLY, "only", "PATTERN",
     "only those whose WALL/NAME fits, as a shell would read it; several times"},
    {OPTION_QUICK, "quick", NULL, "leave out those that take seconds"},
    {OPTION_COLD, "cold", NULL, "only in booted runtimes, not in clones of warm ones"},
    {OPTION_WARM, "warm", NULL, "only in clones of warm runtimes"},
    {OPTION_DIR, "dir", "DIR", "other programs than " PHIAL_DATADIR "/attacks"},
    {OPTION_AFTER, "after", "COMMAND",
     "run COMMAND by /bin/sh after each attack (PHIAL_ATTACK and\n"
     "PHIAL_EXECUTOR_PID are set); if it fails, the attack has"},
    {OPTION_JSON, "json", NULL, "print one JSON object a line"},
    SETTINGS_OPTION_ROWS,
};

static int attack_main(const struct command *command, int argc, char **argv);

const struct command command_attack = {
    .name = "attack",
    .summary = "Attack this host's own sandbox with the shipped programs",
    .usage = "[NAME...] [OPTION...]",
    .text = "Each program tries to get through a wall, in a sandbox as any other run's; after each the host "
            "is searched\n"
            "for what it left behind: once with booted runtimes (cold), then with clones of warm ones where "
            "the program's\n"
            "language has them. Needs root. NAME is WALL, WALL/NAME or a pattern. Exits with 1 when one got "
            "through.\n",
    COMMAND_OPTIONS(rows),
    .main = attack_main,
    .usage_exit = EXIT_USAGE,
};

struct campaign {
    struct settings settings;
    struct languages languages;
    struct attack_list list;
    enum round { ROUND_COLD, ROUND_WARM, ROUND_COUNT } round;
    bool rounds[ROUND_COUNT];         /* that are wanted */
    struct executor_process executor; /* of this round */
    struct warmth warmth;
    struct host_state before;
    const char *dir, *after;
    const char *patterns[PATTERNS_MOST];
    size_t pattern_count;
    bool quick, only_list, json;
    const struct attack *first; /* of those chosen in this round */
    size_t counts[3];           /* by enum attack_result */
};

/* ---- which ---- */

static bool has_landlock(void)
{
    enum { VERSION = 1 };
    return syscall(SYS_landlock_create_ruleset, NULL, 0, VERSION) > 0;
}

static bool has_core_scheduling(void)
{
    unsigned long cookie;
    return prctl(PR_SCHED_CORE, PR_SCHED_CORE_GET, 0, 0, &cookie) == 0;
}

static bool host_has(const char *what)
{
    struct statfs fs;
    bool v2 = statfs("/sys/fs/cgroup", &fs) == 0 && fs.f_type == CGROUP2_MAGIC;
    if (!strcmp(what, "landlock"))
        return has_landlock();
    if (!strcmp(what, "core-scheduling"))
        return has_core_scheduling();
    return !strcmp(what, "cgroup-v2") ? v2 : !strcmp(what, "cgroup-v1") && !v2;
}

/* A pattern may be a wall, a name, or a name without its extension. */
static bool pattern_fits(const char *pattern, const char *name)
{
    char bare[96];
    size_t wall = strcspn(name, "/");
    snprintf(bare, sizeof bare, "%.*s", (int)strcspn(name, "."), name);
    return fnmatch(pattern, name, 0) == 0 || fnmatch(pattern, bare, 0) == 0 ||
           (strlen(pattern) == wall && !strncmp(pattern, name, wall));
}

static bool needs_warm(const struct attack *a)
{
    return a->needs && !strcmp(a->needs, "warm");
}

/* In the warm round only what can be warm at all. */
static bool in_round(const struct campaign *c, const struct attack *a)
{
    const struct language *language = languages_find(&c->languages, a->request.language);
    return c->round == ROUND_COLD ? !needs_warm(a) : language && language->template.warm_up;
}

static bool chosen(const struct campaign *c, const struct attack *a)
{
    if (c->quick && a->slow)
        return false;
    for (size_t i = 0; i < c->pattern_count; i++)
        if (pattern_fits(c->patterns[i], a->name))
            return true;
    return c->pattern_count == 0;
}

/* ---- the table ---- */

static const char *const round_names[] = {"cold", "warm"};

/* Texts may hold what an attack wrote: it must not move the cursor or begin a row of its own. */
static void print_plain(const char *text)
{
    for (; *text; text++)
        putchar((unsigned char)*text < ' ' || *text == 127 ? ' ' : *text);
}

static void print_row(const struct campaign *c, const struct attack *a, const struct attack_verdict *v)
{
    static const char *const words[] = {"ok", "FAIL", "skip"}, *const names[] = {"passed", "failed",
                                                                                 "skipped"};
    static const enum style styles[] = {STYLE_GOOD, STYLE_BAD, STYLE_DIM};
    if (!c->json) {
        printf("%s%-4s%s  %-40s  %s  %-13s  ", style_on(stdout, styles[v->result]), words[v->result],
               style_on(stdout, STYLE_PLAIN), a->name, round_names[c->round], v->status);
        print_plain(v->result == ATTACK_PASSED ? a->about : v->why);
        putchar('\n');
        fflush(stdout);
        return;
    }
    json_t *o = json_object();
    json_object_set_new(o, "wall", json_stringn(a->name, strcspn(a->name, "/")));
    json_object_set_new(o, "name", json_string(a->name + strcspn(a->name, "/") + 1));
    json_object_set_new(o, "attack", json_string(a->about));
    json_object_set_new(o, "start", json_string(round_names[c->round]));
    json_object_set_new(o, "result", json_string(names[v->result]));
    json_object_set_new(o, "status", json_string(v->status));
    const char *const texts[] = {"why", v->why, "stdout", v->out, "stderr", v->err};
    for (size_t i = 0; i < array_length(texts); i += 2) {
        size_t size; /* the texts were cut to length, perhaps within a character */
        cleanup_free char *text = utf8_replace(texts[i + 1], strlen(texts[i + 1]), &size);
        json_object_set_new(o, texts[i], json_stringn(text, size));
    }
    json_object_set_new(o, "wall_ms", json_real((double)v->wall_us / 1000));
    json_dumpf(o, stdout, RUN_ANSWER_DUMP);
    putchar('\n');
    fflush(stdout);
    json_decref(o);
}

static void settle(struct campaign *c, const struct attack *a, struct attack_verdict *v)
{
    c->counts[v->result]++;
    print_row(c, a, v);
}

/* ---- what is left ---- */

/* A box is taken down after its answer has left, so what is there at once may be gone a moment later. */
static bool nothing_left(struct campaign *c, char *text, size_t room)
{
    uint64_t until = clock_now_ns() + SETTLE_MS * UINT64_C(1000000);
    for (;;) {
        struct host_state now;
        host_look(&now, &c->executor, &c->settings);
        if (host_same(&c->before, &now, text, room))
            return true;
        if (clock_now_ns() >= until)
            return false;
        nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
    }
}

static void look_around(struct campaign *c, const struct attack *a, struct attack_verdict *v)
{
    char text[256], number[16];
    if (v->result == ATTACK_PASSED && !nothing_left(c, text, sizeof text)) {
        v->result = ATTACK_FAILED;
        snprintf(v->why, sizeof v->why, "it left something on the host: %s", text);
    }
    if (!c->after)
        return;
    snprintf(number, sizeof number, "%d", c->executor.pid);
    setenv("PHIAL_ATTACK", a->name, 1);
    setenv("PHIAL_EXECUTOR_PID", number, 1);
    fflush(NULL);
    FILE *command = popen(c->after, "re");
    size_t n = command ? fread(text, 1, sizeof text - 1, command) : 0;
    text[n] = 0;
    while (command && fread(number, 1, sizeof number, command) > 0)
        ;
    if ((!command || pclose(command) != 0) && v->result == ATTACK_PASSED) {
        v->result = ATTACK_FAILED;
        snprintf(v->why, sizeof v->why, "--after: %.300s", text);
    }
}

/* ---- one attack, or those that belong together ---- */

static int fresh_client(struct campaign *c, int pair[static 2], struct error *err)
{
    char byte = 'c';
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
        return error_set(err, errno, "socketpair: %m");
    int r = message_send(c->executor.control, &byte, 1, &pair[1], 1);
    close(pair[1]);
    if (r < 0)
        close(pair[0]);
    return r < 0 ? error_set(err, -r, "give the executor a client: %m") : 0;
}

static int run_group(struct campaign *c, const struct attack *const *attacks, size_t count,
                     struct attack_verdict *verdicts, struct error *err)
{
    int client[2], result[2];
    int r = fresh_client(c, client, err);
    if (r < 0)
        return r;
    if (pipe2(result, O_CLOEXEC) < 0) {
        close(client[0]);
        return error_set(err, errno, "pipe: %m");
    }
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        close(c->executor.control);
        close(c->executor.lock);
        attack_child(attacks, count, client[0], result[1], c->settings.user);
    }
    close(client[0]);
    close(result[1]);
    size_t size = count * sizeof *verdicts;
    ssize_t n = child < 0 ? -1 : read_all(result[0], verdicts, size);
    close(result[0]);
    if (child > 0)
        waitpid(child, NULL, 0);
    if (n != (ssize_t)size)
        return error_set(err, ECHILD, "the attack's client gave no verdict: %m");
    for (size_t i = 0; i < count; i++)
        verdicts[i].why[sizeof verdicts[i].why - 1] = verdicts[i].status[sizeof verdicts[i].status - 1] = 0;
    return 0;
}

/* How many programs from `at` on belong together. */
static size_t group_size(const struct attack_list *list, size_t at)
{
    const struct attack *first = &list->items[at];
    size_t n = 1, wall = strcspn(first->name, "/");
    while (first->pair && n < ATTACK_PAIR_MOST && at + n < list->count) {
        const struct attack *next = &list->items[at + n];
        if (!next->pair || strcmp(next->pair, first->pair) || strncmp(next->name, first->name, wall + 1))
            break;
        n++;
    }
    return n;
}

/* Why its language is not warm, or NULL when it is. */
static const char *not_warm(const struct campaign *c, const struct attack *a)
{
    const struct warm_facts *facts = warmth_of(&c->warmth, a->request.language);
    if (facts && facts->state == WARM_READY)
        return NULL;
    return facts && *facts->why ? facts->why : "it has no template here";
}

/* True when this attack shows nothing here; then the verdict says why. */
static bool left_out(const struct campaign *c, const struct attack *a, struct attack_verdict *v)
{
    const char *why = c->round == ROUND_WARM ? not_warm(c, a) : NULL;
    if (why) {
        v->result = needs_warm(a) ? ATTACK_FAILED : ATTACK_SKIPPED;
        snprintf(v->why, sizeof v->why, "%s is not warm: %s", a->request.language, why);
    } else if (a->needs && !needs_warm(a) && !host_has(a->needs)) {
        v->result = ATTACK_SKIPPED;
        snprintf(v->why, sizeof v->why, "this host has no %s", a->needs);
    }
    return v->result != ATTACK_PASSED;
}

static void judge_start(const struct campaign *c, struct attack_verdict *v)
{
    if (c->round != ROUND_WARM || v->result != ATTACK_PASSED || v->warm || !strcmp(v->status, "refused"))
        return;
    v->result = ATTACK_FAILED;
    snprintf(v->why, sizeof v->why, "it was started cold, although its language is warm");
}

static void attack_group(struct campaign *c, const struct attack *const *attacks, size_t count)
{
    struct attack_verdict verdicts[ATTACK_PAIR_MOST] = {0};
    struct error err = {0};
    bool out = false;
    for (size_t i = 0; i < count; i++)
        out |= left_out(c, attacks[i], &verdicts[i]);
    int r = out ? 0 : run_group(c, attacks, count, verdicts, &err);
    for (size_t i = 0; i < count; i++) {
        if (out && verdicts[i].result == ATTACK_PASSED) {
            verdicts[i].result = ATTACK_SKIPPED;
            snprintf(verdicts[i].why, sizeof verdicts[i].why, "the others of its pair are left out");
        } else if (r < 0) {
            verdicts[i].result = ATTACK_FAILED;
            snprintf(verdicts[i].why, sizeof verdicts[i].why, "%.500s", err.text);
        }
        if (!out) {
            judge_start(c, &verdicts[i]);
            look_around(c, attacks[i], &verdicts[i]);
        }
        settle(c, attacks[i], &verdicts[i]);
    }
}

/* Calls `what` for each chosen group. */
static void for_groups(struct campaign *c,
                       void (*what)(struct campaign *, const struct attack *const *, size_t))
{
    for (size_t at = 0, n; at < c->list.count; at += n) {
        const struct attack *attacks[ATTACK_PAIR_MOST];
        bool any = false;
        n = group_size(&c->list, at);
        for (size_t i = 0; i < n; i++) {
            attacks[i] = &c->list.items[at + i];
            any |= chosen(c, attacks[i]) && (c->only_list || in_round(c, attacks[i]));
        }
        if (any)
            what(c, attacks, n);
    }
}

static void note_first(struct campaign *c, const struct attack *const *attacks, size_t count)
{
    (void)count;
    if (!c->first)
        c->first = attacks[0];
}

static void print_name(struct campaign *c, const struct attack *const *attacks, size_t count)
{
    (void)c;
    for (size_t i = 0; i < count; i++)
        printf("%-40s  %s\n", attacks[i]->name, attacks[i]->about);
}

/* ---- the campaign ---- */

/* What the executor makes at its first runs and then keeps (empty network namespaces, for one) is not the
 * attacks' doing: before the first look, as many runs as will ever go on at once. */
static int warm_up(struct campaign *c, struct error *err)
{
    const struct attack *first[ATTACK_PAIR_MOST];
    struct attack_verdict verdicts[ATTACK_PAIR_MOST];
    for (size_t i = 0; i < ATTACK_PAIR_MOST; i++)
        first[i] = c->first;
    int r = run_group(c, first, ATTACK_PAIR_MOST, verdicts, err);
    struct host_state again = {0};
    char text[256];
    /* Until two looks in a row see the same. */
    for (int i = 0; r == 0 && i < 50; i++) {
        nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
        host_look(&c->before, &c->executor, &c->settings);
        if (host_same(&again, &c->before, text, sizeof text) &&
            host_same(&c->before, &again, text, sizeof text))
            break;
        again = c->before;
    }
    return r;
}

/* No clone is made ahead of need and no template is replaced meanwhile: then what is there beyond the
 * templates is left of an attack. */
static struct settings round_settings(const struct campaign *c)
{
    struct settings settings = c->settings;
    settings.templates = c->round == ROUND_WARM;
    settings.pool_bytes = 0;
    settings.template_clones = settings.template_age_ms = UINT64_C(1) << 40;
    return settings;
}

static int wait_warm(struct campaign *c, struct error *err)
{
    int pair[2];
    int r = fresh_client(c, pair, err);
    if (r == 0)
        r = warmth_wait(&c->warmth, pair[0], false, WARM_TIMEOUT_MS, err);
    return r;
}

static int start(struct campaign *c, struct error *err)
{
    const struct settings settings = round_settings(c);
    int r = executor_spawn(&c->executor, &settings, err);
    if (r < 0)
        return r;
    r = executor_wait_ready(&c->executor, READY_TIMEOUT_MS, err);
    close_fd(&c->executor.client); /* each attack gets a socket of its own */
    if (r == 0 && c->round == ROUND_WARM)
        r = wait_warm(c, err);
    return r < 0 ? r : warm_up(c, err);
}

static void skip_group(struct campaign *c, const struct attack *const *attacks, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct attack_verdict v = {.result = ATTACK_SKIPPED, .why = "warm templates are switched off"};
        if (needs_warm(attacks[i]))
            settle(c, attacks[i], &v);
    }
}

/* In this round, all that are chosen. */
static int wage_round(struct campaign *c, struct error *err)
{
    c->first = NULL;
    for_groups(c, note_first);
    if (!c->first)
        return 0;
    if (c->round == ROUND_WARM && !c->settings.templates) {
        for_groups(c, skip_group);
        return 0;
    }
    c->executor = (struct executor_process){.pidfd = -1, .control = -1, .client = -1, .lock = -1};
    int r = start(c, err);
    if (r == 0)
        for_groups(c, attack_group);
    if (c->executor.pidfd >= 0)
        executor_stop(&c->executor);
    return r;
}

static int wage(struct campaign *c)
{
    struct error err = {0};
    if (languages_load(&c->languages, c->settings.languages_dir, c->settings.images_dir, &err) < 0 ||
        attack_list_read(&c->list, c->dir, &c->languages, &err) < 0)
        return command_error(&err);
    if (c->only_list) {
        for_groups(c, print_name);
        return EXIT_OK;
    }
    if (c->list.count == 0)
        error_set(&err, ENOENT, "attack: there is no program in %s; make install, or --dir DIR", c->dir);
    else if (geteuid() != 0)
        error_set(&err, EPERM, "attack: only root can make sandboxes; run it as root");
    if (err.code)
        return command_error(&err);
    for (c->round = ROUND_COLD; c->round < ROUND_COUNT; c->round++)
        if (c->rounds[c->round] && wage_round(c, &err) < 0)
            return command_error(&err);
    if (!c->json)
        printf("%zu passed, %zu failed, %zu skipped\n", c->counts[ATTACK_PASSED], c->counts[ATTACK_FAILED],
               c->counts[ATTACK_SKIPPED]);
    return c->counts[ATTACK_FAILED] ? EXIT_BAD : EXIT_OK;
}

static void add_pattern(struct campaign *c, const char *pattern)
{
    if (c->pattern_count < PATTERNS_MOST)
        c->patterns[c->pattern_count++] = pattern;
}

static bool take_option(struct campaign *c, int id, const char *value)
{
    switch (id) {
    case OPTION_DIR:
        c->dir = value;
        return true;
    case OPTION_ONLY:
        add_pattern(c, value);
        return true;
    case OPTION_AFTER:
        c->after = value;
        return true;
    case OPTION_COLD:
        return c->rounds[ROUND_COLD] = true;
    case OPTION_WARM:
        return c->rounds[ROUND_WARM] = true;
    case OPTION_QUICK:
        return c->quick = true;
    case OPTION_LIST:
        return c->only_list = true;
    case OPTION_JSON:
        return c->json = true;
    default:
        return false;
    }
}

static int attack_main(const struct command *command, int argc, char **argv)
{
    static struct campaign c = {.dir = PHIAL_DATADIR "/attacks"};
    struct settings_options options = {0};
    struct error err = {0};
    const char *value;
    int exit_code;
    for (int id; (id = options_next(command, argc, argv, &value, &exit_code)) != OPTION_END;)
        if (id == OPTION_STOP)
            return exit_code;
        else if (!take_option(&c, id, value))
            settings_options_take(&options, id, value);
    for (; optind < argc; optind++)
        add_pattern(&c, argv[optind]);
    if (settings_options_load(&options, &c.settings, &err) < 0)
        return command_error(&err);
    if (!c.rounds[ROUND_COLD] && !c.rounds[ROUND_WARM])
        c.rounds[ROUND_COLD] = c.rounds[ROUND_WARM] = true;
    exit_code = wage(&c);
    attack_list_free(&c.list);
    languages_free(&c.languages);
    settings_free(&c.settings);
    return exit_code;
}

/* bench: see bench.h and docs/performance.md. Called by bench/run. */
#include "bench.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <sys/mount.h>

static const char usage[] =
    "usage: bench [--json] [--rounds N] [--only true|warm|site] [--seconds N] [--sleepers N] "
    "[--images DIR] [--phial PROGRAM] [--languages DIR]\n";

struct options {
    bool json, with_true, with_warm, with_site;
    unsigned rounds, seconds, sleepers;
};

static unsigned number(const char *text)
{
    return (unsigned)strtoul(text, NULL, 10);
}

static int take_option(int c, struct options *o, struct bench *b)
{
    switch (c) {
    case 'j':
        o->json = true;
        return 0;
    case 'r':
        o->rounds = number(optarg);
        return 0;
    case 'o':
        o->with_true = strcmp(optarg, "true") == 0;
        o->with_warm = strcmp(optarg, "warm") == 0;
        o->with_site = strcmp(optarg, "site") == 0;
        return 0;
    case 's':
        o->seconds = number(optarg);
        return 0;
    case 'n':
        o->sleepers = number(optarg);
        return 0;
    case 'i':
        b->images = optarg;
        return 0;
    case 'l':
        b->languages = optarg;
        return 0;
    case 'p':
        b->phial = optarg;
        return 0;
    default:
        return -EINVAL;
    }
}

static int read_options(int argc, char **argv, struct options *o, struct bench *b)
{
    static const struct option names[] = {{"json", no_argument, NULL, 'j'},
                                          {"rounds", required_argument, NULL, 'r'},
                                          {"only", required_argument, NULL, 'o'},
                                          {"seconds", required_argument, NULL, 's'},
                                          {"sleepers", required_argument, NULL, 'n'},
                                          {"images", required_argument, NULL, 'i'},
                                          {"phial", required_argument, NULL, 'p'},
                                          {"languages", required_argument, NULL, 'l'},
                                          {0}};
    int c;
    while ((c = getopt_long(argc, argv, "", names, NULL)) != -1)
        if (take_option(c, o, b) < 0)
            return -EINVAL;
    bool some = o->with_true || o->with_warm || o->with_site, rounds = o->rounds > 0 && o->rounds <= 10000;
    bool seconds = o->seconds > 0 && o->seconds <= 3600, sleepers = o->sleepers > 0 && o->sleepers <= 50000;
    return optind == argc && some && rounds && seconds && sleepers ? 0 : -EINVAL;
}

static struct subject true_subjects[] = {
    {.key = "bare", .name = "fork and exec, no sandbox", .run = run_true_bare, .per_turn = 10},
    {.key = "phial", .name = "phial", .run = run_true_phial, .per_turn = 10},
    {.key = "bubblewrap", .name = "bwrap --unshare-all", .run = run_true_bubblewrap, .per_turn = 10},
    {.key = "crun", .name = "crun run", .run = run_true_crun, .per_turn = 5},
};
/* A warm run is measured as it comes to one who works alone, and back to back, where each waits for what is
 * made behind the answer of the one before. */
enum { THINK_NS = 20000000 };

static struct subject warm_subjects[] = {
    {.key = "bare", .name = "elixir -e, no sandbox", .run = run_elixir_bare, .per_turn = 2},
    {.key = "bubblewrap", .name = "bwrap around elixir -e", .run = run_elixir_bubblewrap, .per_turn = 1},
    {.key = "elixir_cold", .name = "Elixir, cold", .run = run_elixir_cold, .per_turn = 1},
    {.key = "elixir_warm",
     .name = "Elixir, warm",
     .run = run_elixir_warm,
     .per_turn = 10,
     .pause_ns = THINK_NS},
    {.key = "elixir_back", .name = "Elixir, warm, back to back", .run = run_elixir_warm, .per_turn = 20},
    {.key = "exunit_cold", .name = "ten ExUnit tests, cold", .run = run_exunit_cold, .per_turn = 1},
    {.key = "exunit_warm",
     .name = "ten ExUnit tests, warm",
     .run = run_exunit_warm,
     .per_turn = 5,
     .pause_ns = THINK_NS},
    {.key = "exunit_back",
     .name = "ten ExUnit tests, warm, back to back",
     .run = run_exunit_warm,
     .per_turn = 5},
    {.key = "grade_cold", .name = "ten tests judged apart, cold", .run = run_grade_cold, .per_turn = 1},
    {.key = "grade_warm",
     .name = "ten tests judged apart, warm",
     .run = run_grade_warm,
     .per_turn = 5,
     .pause_ns = THINK_NS},
    {.key = "grade_back",
     .name = "ten tests judged apart, warm, back to back",
     .run = run_grade_warm,
     .per_turn = 5},
    {.key = "python_cold",
     .name = "Python, cold",
     .run = run_python_cold,
     .per_turn = 5,
     .pause_ns = THINK_NS},
    {.key = "python_warm",
     .name = "Python, warm",
     .run = run_python_warm,
     .per_turn = 10,
     .pause_ns = THINK_NS},
    {.key = "python_back", .name = "Python, warm, back to back", .run = run_python_warm, .per_turn = 20},
    {.key = "javascript_cold",
     .name = "JavaScript, cold",
     .run = run_javascript_cold,
     .per_turn = 2,
     .pause_ns = THINK_NS},
    {.key = "javascript_warm",
     .name = "JavaScript, warm",
     .run = run_javascript_warm,
     .per_turn = 10,
     .pause_ns = THINK_NS},
    {.key = "javascript_back",
     .name = "JavaScript, warm, back to back",
     .run = run_javascript_warm,
     .per_turn = 20},
};
static struct table tables[] = {
    {.key = "true",
     .title = "A fresh sandbox around /usr/bin/true, to all cleaned up",
     .subjects = true_subjects,
     .count = array_length(true_subjects),
     .base = "bubblewrap"},
    {.key = "warm",
     .title = "A program over HTTP, request to answer, one at a time",
     .subjects = warm_subjects,
     .count = array_length(warm_subjects),
     .base = "bare"},
};

static void note_absent(void)
{
    if (!plain_has("bwrap"))
        true_subjects[2].absent = warm_subjects[1].absent = "bubblewrap is not installed";
    if (!plain_has("crun"))
        true_subjects[3].absent = "crun is not installed";
}

/* The sandbox around `true`, and the steps of a clone, in our own process. */
static int run_true(struct bench *b, const struct options *o, struct error *err)
{
    int r = true_subjects[3].absent ? 0 : plain_prepare_crun(b, err);
    if (r >= 0)
        r = box_bench_start(b, err);
    if (r >= 0)
        r = measure(b, &tables[0], o->rounds, err);
    if (r >= 0)
        r = clone_bench_start(b, err);
    for (unsigned i = 0; r >= 0 && i < o->rounds * 10; i++)
        r = measure_clone(b, &b->phases, err);
    clone_bench_stop(b);
    return r;
}

static int run_warm(struct bench *b, const struct options *o, struct findings *found, struct error *err)
{
    static struct load load;
    static struct sleepers sleepers;
    static struct ready_times ready;
    static struct clone_parts quiet, loaded;
    int r = measure_ready(b, &ready, err);
    if (r >= 0)
        r = warm_start(b, err);
    if (r >= 0)
        r = cold_start(b, err);
    if (r >= 0)
        r = measure(b, &tables[1], o->rounds, err);
    if (r >= 0)
        r = measure_parts(b, &quiet, err);
    if (r >= 0)
        r = measure_load(b, o->seconds, &load, err);
    if (r >= 0)
        r = measure_parts(b, &loaded, err);
    server_stop(&b->warm);
    server_stop(&b->cold);
    if (r >= 0)
        r = measure_sleepers(b, o->sleepers, &sleepers, err);
    found->warm = &tables[1];
    found->load = &load;
    found->quiet = &quiet;
    found->loaded = &loaded;
    found->sleepers = &sleepers;
    found->ready = &ready;
    return r;
}

static int run_all(struct bench *b, const struct options *o, struct error *err)
{
    struct findings found = {.tables = tables, .phases = &b->phases, .rounds = o->rounds};
    int r = machine_enter(err);
    if (r >= 0)
        r = machine_prepare(b, err);
    note_absent();
    if (o->with_true && r >= 0)
        r = run_true(b, o, err);
    if (o->with_warm && r >= 0)
        r = run_warm(b, o, &found, err);
    static struct site_figures site;
    if (o->with_site && r >= 0) {
        r = measure_site(b, o->seconds, &site, err);
        found.site = &site;
    }
    found.tables += !o->with_true;
    found.table_count = (size_t)(o->with_true + o->with_warm);
    if (r >= 0 && o->json)
        r = report_print_json(stdout, &found);
    else if (r >= 0)
        report_print(stdout, &found);
    return r;
}

int main(int argc, char **argv)
{
    struct bench b = {.images = "/var/lib/phial/images", .phial = "phial"};
    struct options options = {.with_true = true,
                              .with_warm = true,
                              .with_site = true,
                              .rounds = 20,
                              .seconds = 60,
                              .sleepers = 1000};
    struct error err = {0};

    if (read_options(argc, argv, &options, &b) < 0) {
        fputs(usage, stderr);
        return 2;
    }
    int r = run_all(&b, &options, &err);
    server_stop(&b.warm);
    server_stop(&b.cold);
    clone_bench_stop(&b);
    box_bench_stop(&b);
    phases_free(&b.phases);
    free(b.bundle);
    if (b.work[0]) {
        umount2(b.work, MNT_DETACH);
        rmdir(b.work);
    }
    if (r < 0) {
        fprintf(stderr, "bench: %s\n", err.text);
        return 1;
    }
    return 0;
}

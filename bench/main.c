/* bench: see bench.h and docs/performance.md. Called by bench/run. */
#include "bench.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <sys/mount.h>

static const char usage[] = "usage: bench [--json] [--rounds N] [--only true|elixir] [--images DIR] [--phial "
                            "PROGRAM] [--languages DIR]\n";

struct options {
    bool json, with_true, with_elixir;
    unsigned rounds;
};

static int read_options(int argc, char **argv, struct options *o, struct bench *b)
{
    static const struct option names[] = {{"json", no_argument, NULL, 'j'},
                                          {"rounds", required_argument, NULL, 'r'},
                                          {"only", required_argument, NULL, 'o'},
                                          {"images", required_argument, NULL, 'i'},
                                          {"phial", required_argument, NULL, 'p'},
                                          {"languages", required_argument, NULL, 'l'},
                                          {0}};
    int c;
    while ((c = getopt_long(argc, argv, "", names, NULL)) != -1) {
        switch (c) {
        case 'j':
            o->json = true;
            break;
        case 'r':
            o->rounds = (unsigned)strtoul(optarg, NULL, 10);
            break;
        case 'o':
            o->with_true = strcmp(optarg, "true") == 0;
            o->with_elixir = strcmp(optarg, "elixir") == 0;
            break;
        case 'i':
            b->images = optarg;
            break;
        case 'l':
            b->languages = optarg;
            break;
        case 'p':
            b->phial = optarg;
            break;
        default:
            return -EINVAL;
        }
    }
    return optind == argc && o->rounds > 0 && o->rounds <= 10000 && (o->with_true || o->with_elixir)
               ? 0
               : -EINVAL;
}

static struct subject true_subjects[] = {
    {.key = "bare", .name = "fork and exec, no sandbox", .run = run_true_bare, .per_turn = 10},
    {.key = "phial", .name = "phial", .run = run_true_phial, .per_turn = 10},
    {.key = "bubblewrap", .name = "bwrap --unshare-all", .run = run_true_bubblewrap, .per_turn = 10},
    {.key = "crun", .name = "crun run", .run = run_true_crun, .per_turn = 5},
};
static struct subject elixir_subjects[] = {
    {.key = "bare", .name = "elixir -e, no sandbox", .run = run_elixir_bare, .per_turn = 1},
    {.key = "phial", .name = "phial, cold, over HTTP", .run = run_elixir_phial, .per_turn = 1},
    {.key = "bubblewrap",
     .name = "bwrap --unshare-all elixir -e",
     .run = run_elixir_bubblewrap,
     .per_turn = 1},
};
static struct table tables[] = {
    {.key = "true",
     .title = "A fresh sandbox around /usr/bin/true, to all cleaned up",
     .subjects = true_subjects,
     .count = array_length(true_subjects),
     .base = "bubblewrap"},
    {.key = "elixir",
     .title = "A cold Elixir: IO.puts(1 + 1)",
     .subjects = elixir_subjects,
     .count = array_length(elixir_subjects),
     .base = "bare"},
};

static void note_absent(void)
{
    if (!plain_has("bwrap"))
        true_subjects[2].absent = elixir_subjects[2].absent = "bubblewrap is not installed";
    if (!plain_has("crun"))
        true_subjects[3].absent = "crun is not installed";
}

static int run_all(struct bench *b, const struct options *o, struct error *err)
{
    struct findings found = {.tables = tables, .table_count = array_length(tables), .rounds = o->rounds};
    int r = machine_enter(err);
    if (r >= 0)
        r = machine_prepare(b, err);
    note_absent();
    if (o->with_true) {
        if (r >= 0 && !true_subjects[3].absent)
            r = plain_prepare_crun(b, err);
        if (r >= 0)
            r = box_bench_start(b, err);
        if (r >= 0)
            r = measure(b, &tables[0], o->rounds, err);
        if (r >= 0)
            found.phase_count = box_bench_phases(b, &found.phases);
    } else {
        found.tables++;
        found.table_count--;
    }
    if (o->with_elixir) {
        if (r >= 0)
            r = server_start(b, err);
        if (r >= 0)
            r = measure(b, &tables[1], o->rounds, err);
    } else {
        found.table_count--;
    }
    if (r >= 0 && o->json)
        r = report_print_json(stdout, &found);
    else if (r >= 0)
        report_print(stdout, &found);
    return r;
}

int main(int argc, char **argv)
{
    struct bench b = {.images = "/var/lib/phial/images", .phial = "phial"};
    struct options options = {.with_true = true, .with_elixir = true, .rounds = 20};
    struct error err = {0};

    if (read_options(argc, argv, &options, &b) < 0) {
        fputs(usage, stderr);
        return 2;
    }
    int r = run_all(&b, &options, &err);
    server_stop(&b);
    box_bench_stop(&b);
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

#include "bench.h"

#include <errno.h>
#include <jansson.h>

#define NS_IN_MS 1e6

static const struct subject *base_of(const struct table *t)
{
    for (size_t i = 0; i < t->count; i++)
        if (strcmp(t->subjects[i].key, t->base) == 0)
            return &t->subjects[i];
    return &t->subjects[0];
}

struct figures {
    double wall, wall_95, wall_least, own, machine;
};

static struct figures figures_of(const struct subject *s)
{
    return (struct figures){
        .wall = statistics_percentile(s->wall_ns, s->wall_count, 50) / NS_IN_MS,
        .wall_95 = statistics_percentile(s->wall_ns, s->wall_count, 95) / NS_IN_MS,
        .wall_least = statistics_least(s->wall_ns, s->wall_count) / NS_IN_MS,
        .own = statistics_percentile(s->own_ns, s->turn_count, 50) / NS_IN_MS,
        .machine = statistics_percentile(s->machine_ns, s->turn_count, 50) / NS_IN_MS,
    };
}

static double ratio(double a, double b)
{
    return b > 0 ? a / b : 0;
}

static void print_table(FILE *out, const struct table *t)
{
    const struct subject *base = base_of(t);
    struct figures b = figures_of(base);

    fprintf(out, "\n%s\n\n", t->title);
    fprintf(out, "%-38s %7s %7s %7s %7s %7s   of %s\n", "milliseconds a run", "median", "95 %", "least",
            "CPU", "machine", base->name);
    for (size_t i = 0; i < t->count; i++) {
        const struct subject *s = &t->subjects[i];
        if (s->absent) {
            fprintf(out, "%-38s (%s)\n", s->name, s->absent);
            continue;
        }
        struct figures f = figures_of(s);
        fprintf(out, "%-38s %7.2f %7.2f %7.2f %7.2f %7.2f", s->name, f.wall, f.wall_95, f.wall_least, f.own,
                f.machine);
        if (!base->absent)
            fprintf(out, "   wall x %.2f, least x %.2f, CPU x %.2f", ratio(f.wall, b.wall),
                    ratio(f.wall_least, b.wall_least),
                    f.own > 0 ? ratio(f.own, b.own) : ratio(f.machine, b.machine));
        fputc('\n', out);
    }
}

static void print_phases(FILE *out, const struct findings *f)
{
    if (f->phases->count == 0)
        return;
    fprintf(out, "\nWhere the time goes: a sandbox, a clone, a run\n\n%-60s %8s %8s %8s\n", "milliseconds",
            "median", "95 %", "least");
    for (size_t i = 0; i < f->phases->count; i++) {
        const struct phase *p = &f->phases->items[i];
        char name[96];
        snprintf(name, sizeof name, "%s: %s", p->part, p->name);
        fprintf(out, "%-60s %8.3f %8.3f %8.3f\n", name, statistics_percentile(p->ns, p->count, 50) / NS_IN_MS,
                statistics_percentile(p->ns, p->count, 95) / NS_IN_MS,
                statistics_least(p->ns, p->count) / NS_IN_MS);
    }
}

void report_print(FILE *out, const struct findings *f)
{
    fprintf(out, "%s; %u rounds, interleaved\n", machine_model(), f->rounds);
    for (size_t i = 0; i < f->table_count; i++)
        print_table(out, &f->tables[i]);
    print_phases(out, f);
    if (f->warm)
        goals_print(out, f);
    if (f->site)
        site_print(out, f->site);
}

static json_t *subject_json(const struct subject *s)
{
    struct figures f = figures_of(s);
    if (s->absent)
        return json_pack("{s:s}", "absent", s->absent);
    return json_pack("{s:i, s:f, s:f, s:f, s:f, s:f}", "runs", (int)s->wall_count, "wall_ms_median", f.wall,
                     "wall_ms_95", f.wall_95, "wall_ms_least", f.wall_least, "cpu_ms_median", f.own,
                     "machine_cpu_ms_median", f.machine);
}

static json_t *table_json(const struct table *t)
{
    json_t *rows = json_object();
    for (size_t i = 0; i < t->count; i++)
        json_object_set_new(rows, t->subjects[i].key, subject_json(&t->subjects[i]));
    return rows;
}

int report_print_json(FILE *out, const struct findings *f)
{
    json_t *all = json_pack("{s:s, s:i}", "machine", machine_model(), "rounds", (int)f->rounds);
    json_t *phases = json_array();
    for (size_t i = 0; i < f->table_count; i++)
        json_object_set_new(all, f->tables[i].key, table_json(&f->tables[i]));
    for (size_t i = 0; i < f->phases->count; i++) {
        const struct phase *p = &f->phases->items[i];
        json_array_append_new(phases,
                              json_pack("{s:s, s:s, s:f, s:f, s:f}", "part", p->part, "name", p->name,
                                        "ms_median", statistics_percentile(p->ns, p->count, 50) / NS_IN_MS,
                                        "ms_95", statistics_percentile(p->ns, p->count, 95) / NS_IN_MS,
                                        "ms_least", statistics_least(p->ns, p->count) / NS_IN_MS));
    }
    json_object_set_new(all, "phases", phases);
    if (f->warm)
        json_object_set_new(all, "goals", goals_json(f));
    if (f->site)
        json_object_set_new(all, "site", site_json(f->site));
    int r = json_dumpf(all, out, JSON_INDENT(2) | JSON_REAL_PRECISION(5));
    json_decref(all);
    fputc('\n', out);
    return r == 0 ? 0 : -EIO;
}

/* What warm templates must show, one row a goal: what was measured beside what it is compared with. */
#include "bench.h"

#include <jansson.h>

#define MS 1e6

struct goal {
    const char *what, *unit;
    bool more_is_better;
    double value, p95;     /* 0: there is no 95th percentile */
    const char *base_name; /* what `must` is a fraction of; NULL: it is a value */
    double base;           /* in the same unit */
    double must, aim;      /* `must` is the value, or base / value; `aim` the value */
};

static const struct subject *subject(const struct table *t, const char *key)
{
    for (size_t i = 0; i < t->count; i++)
        if (strcmp(t->subjects[i].key, key) == 0)
            return &t->subjects[i];
    abort(); /* the keys stand in main.c and here */
}

static double wall_ms(const struct table *t, const char *key, double percent)
{
    const struct subject *s = subject(t, key);
    return statistics_percentile(s->wall_ns, s->wall_count, percent) / MS;
}

static double machine_ms(const struct table *t, const char *key)
{
    const struct subject *s = subject(t, key);
    return statistics_percentile(s->machine_ns, s->turn_count, 50) / MS;
}

static struct goal compared(const struct table *t, const char *what, const char *warm, const char *base,
                            double must, double aim)
{
    return (struct goal){.what = what,
                         .unit = "ms",
                         .value = wall_ms(t, warm, 50),
                         .p95 = wall_ms(t, warm, 95),
                         .base_name = subject(t, base)->name,
                         .base = wall_ms(t, base, 50),
                         .must = must,
                         .aim = aim};
}

enum { GOALS = 10 };

static void make_goals(const struct findings *f, struct goal goals[static GOALS])
{
    const struct table *t = f->warm;
    const struct load *l = f->load;
    const struct sleepers *s = f->sleepers;
    struct goal made[GOALS] = {
        compared(t, "Elixir IO.puts(1 + 1), POST to answer", "elixir_warm", "bare", 50, 1.5),
        {"the same, 8 clients, CPU of the machine a run", "ms", false, l->machine_ns / MS, 0,
         subject(t, "bare")->name, machine_ms(t, "bare"), 30, 5},
        {"Elixir, 8 clients, sustained", "runs/s", true, l->a_second, 0, NULL, 0, 200, 400},
        compared(t, "a module with its ten ExUnit tests", "exunit_warm", "exunit_cold", 8, 20),
        {"an exercise with ten tests, judged apart", "ms", false, wall_ms(t, "grade_warm", 50),
         wall_ms(t, "grade_warm", 95), NULL, 0, 60, 30},
        compared(t, "Python print(1 + 1), POST to answer", "python_warm", "python_cold", 15, 1.5),
        compared(t, "JavaScript console.log(1 + 1), POST to answer", "javascript_warm", "javascript_cold", 15,
                 3),
        {"memory of a sleeping Elixir run, kernel's share too", "MB", false, s->bytes / 1e6, 0, NULL, 0, 4,
         1},
        {"sleeping Elixir runs alive at once", "runs", true, s->alive, 0, NULL, 0, 1000, 5000},
        {"phial serve to ready, all languages", "s", false,
         statistics_percentile(f->ready->ns, array_length(f->ready->ns), 50) / 1e9,
         statistics_percentile(f->ready->ns, array_length(f->ready->ns), 95) / 1e9, NULL, 0, 6, 3},
    };
    memcpy(goals, made, sizeof made);
}

static double ratio(const struct goal *g)
{
    return g->value > 0 ? g->base / g->value : 0;
}

static bool met(const struct goal *g, double bound)
{
    return g->more_is_better ? g->value >= bound : g->value > 0 && g->value <= bound;
}

static bool must_met(const struct goal *g)
{
    return g->base_name ? ratio(g) >= g->must : met(g, g->must);
}

static void print_back_to_back(FILE *out, const struct table *t)
{
    fprintf(out,
            "back to back, median and 95 %%: Elixir %.2f, %.2f ms; ten ExUnit tests %.2f, %.2f; Python %.2f, "
            "%.2f; "
            "JavaScript %.2f, %.2f\n",
            wall_ms(t, "elixir_back", 50), wall_ms(t, "elixir_back", 95), wall_ms(t, "exunit_back", 50),
            wall_ms(t, "exunit_back", 95), wall_ms(t, "python_back", 50), wall_ms(t, "python_back", 95),
            wall_ms(t, "javascript_back", 50), wall_ms(t, "javascript_back", 95));
}

static void print_parts(FILE *out, const char *when, const struct clone_parts *p)
{
    fprintf(out,
            "a clone of Elixir, %s: box %.2f ms, copy until stripped %.2f ms, check until it runs %.2f ms\n",
            when, p->box_ns / MS, p->clone_ns / MS, p->check_ns / MS);
}

void goals_print(FILE *out, const struct findings *f)
{
    struct goal goals[GOALS];
    make_goals(f, goals);
    fprintf(out, "\nWhat warm templates must show\n\n%-52s %9s %9s %-6s  %-48s %s\n", "", "median", "95 %",
            "", "must", "aim");
    for (size_t i = 0; i < GOALS; i++) {
        const struct goal *g = &goals[i];
        char p95[32] = "", must[96];
        if (g->p95 > 0)
            snprintf(p95, sizeof p95, "%.2f", g->p95);
        if (g->base_name)
            snprintf(must, sizeof must, "1/%.0f of %s, %.0f: 1/%.1f, %s", g->must, g->base_name, g->base,
                     ratio(g), must_met(g) ? "met" : "NOT met");
        else
            snprintf(must, sizeof must, "%g: %s", g->must, must_met(g) ? "met" : "NOT met");
        fprintf(out, "%-52s %9.2f %9s %-6s  %-48s %g: %s\n", g->what, g->value, p95, g->unit, must, g->aim,
                met(g, g->aim) ? "met" : "not met");
    }
    fprintf(out,
            "under load, a run: median %.2f ms, 95 %% %.2f ms, %.2f ms CPU of what the bench started; %u of "
            "%u sleeping runs alive\n",
            statistics_percentile(f->load->wall_ns, f->load->count, 50) / MS,
            statistics_percentile(f->load->wall_ns, f->load->count, 95) / MS, f->load->own_ns / MS,
            f->sleepers->alive, f->sleepers->asked);
    print_back_to_back(out, f->warm);
    print_parts(out, "one run at a time", f->quiet);
    print_parts(out, "under load", f->loaded);
}

json_t *goals_json(const struct findings *f)
{
    struct goal goals[GOALS];
    json_t *list = json_array();
    make_goals(f, goals);
    for (size_t i = 0; i < GOALS; i++) {
        const struct goal *g = &goals[i];
        json_t *row = json_pack("{s:s, s:s, s:f, s:f, s:f, s:f, s:b, s:b}", "what", g->what, "unit", g->unit,
                                "value", g->value, "p95", g->p95, "must", g->must, "aim", g->aim, "must_met",
                                (int)must_met(g), "aim_met", (int)met(g, g->aim));
        if (g->base_name) {
            json_object_set_new(row, "base", json_string(g->base_name));
            json_object_set_new(row, "base_value", json_real(g->base));
        }
        json_array_append_new(list, row);
    }
    return list;
}

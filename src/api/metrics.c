/* The figures for Prometheus. */
#include "api/internal.h"

#include <stddef.h>
#include <stdio.h>

static const double bounds[BUCKETS] = {.0005, .001, .002, .005, .01, .02, .05, .1,
                                       .2,    .5,   1,    2,    5,   10,  30,  60};
static const char *const phase_names[] = {"queue", "start", "run", "teardown"};

static void count_phase(struct metrics *m, enum run_phase phase, uint64_t us)
{
    struct histogram *h = &m->phases[phase];
    size_t i = 0;
    while (i < BUCKETS && (double)us > bounds[i] * 1e6)
        i++;
    h->counts[i]++;
    h->sum_us += us;
}

void metrics_run(struct metrics *m, uint64_t created_ns, uint64_t started_ns, const struct run_result *result)
{
    uint64_t start_us = result->box_us + result->start_us;
    uint64_t until = started_ns ? started_ns : clock_now_ns();
    uint64_t waited_us = (until - created_ns) / 1000;
    count_phase(m, PHASE_QUEUE, waited_us > start_us ? waited_us - start_us : 0);
    count_phase(m, PHASE_START, start_us);
    count_phase(m, PHASE_RUN, result->wall_us);
    count_phase(m, PHASE_TEARDOWN, result->teardown_us);
}

static const char *status_text(unsigned status)
{
    return status == COUNT_NOT_RUN     ? "not_run"
           : status == COUNT_ABANDONED ? "abandoned"
                                       : run_status_name(status);
}

static void head(FILE *out, const char *name, const char *type, const char *help)
{
    fprintf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void write_runs(FILE *out, const struct api *api)
{
    head(out, "phial_runs_total", "counter", "Runs that have ended, by language and status.");
    for (size_t i = 0; i < api->languages->count; i++)
        for (unsigned status = 0; status <= COUNT_ABANDONED; status++)
            fprintf(out, "phial_runs_total{language=\"%s\",status=\"%s\"} %llu\n",
                    api->languages->items[i].name, status_text(status),
                    (unsigned long long)api->metrics.runs[i][status]);
}

static void write_grades(FILE *out, const struct api *api)
{
    head(out, "phial_grades_total", "counter", "Gradings that have ended, by language and verdict.");
    for (size_t i = 0; i < api->languages->count; i++)
        for (unsigned verdict = 0; verdict < COUNTED_VERDICTS; verdict++)
            fprintf(out, "phial_grades_total{language=\"%s\",verdict=\"%s\"} %llu\n",
                    api->languages->items[i].name,
                    verdict == COUNT_NOT_JUDGED ? "not_judged"
                    : verdict == COUNT_LEFT     ? "abandoned"
                                                : grade_verdict_name(verdict),
                    (unsigned long long)api->metrics.grades[i][verdict]);
}

static void write_phases(FILE *out, const struct metrics *m)
{
    head(out, "phial_run_phase_seconds", "histogram", "Where the time of runs goes.");
    for (unsigned phase = 0; phase < PHASE_COUNT; phase++) {
        const struct histogram *h = &m->phases[phase];
        unsigned long long sum = 0;
        for (size_t i = 0; i <= BUCKETS; i++) {
            char bound[32] = "+Inf";
            if (i < BUCKETS)
                snprintf(bound, sizeof bound, "%g", bounds[i]);
            sum += h->counts[i];
            fprintf(out, "phial_run_phase_seconds_bucket{phase=\"%s\",le=\"%s\"} %llu\n", phase_names[phase],
                    bound, sum);
        }
        fprintf(out, "phial_run_phase_seconds_sum{phase=\"%s\"} %.6f\n", phase_names[phase],
                (double)h->sum_us / 1e6);
        fprintf(out, "phial_run_phase_seconds_count{phase=\"%s\"} %llu\n", phase_names[phase], sum);
    }
}

static uint64_t own_memory(const struct api *api)
{
    char text[128];
    unsigned long long total, resident;
    ssize_t n = api->memory >= 0 ? pread(api->memory, text, sizeof text - 1, 0) : -1;
    if (n <= 0)
        return 0;
    text[n] = 0;
    return sscanf(text, "%llu %llu", &total, &resident) == 2 ? resident * (uint64_t)sysconf(_SC_PAGESIZE) : 0;
}

static void write_gauges(FILE *out, const struct api *api)
{
    const struct executor_stats s = executor_client_stats(api->executor);
    const struct http_stats *http = http_server_stats(api->server);
    const struct {
        const char *name, *type, *help;
        uint64_t value;
    } rows[] = {
        {"phial_runs_running", "gauge", "Runs that the executor has.", s.running},
        {"phial_runs_queued", "gauge", "Runs that wait.", s.queued},
        {"phial_runs_started_total", "counter", "Runs that the executor was given.", s.started},
        {"phial_runs_refused_total", "counter", "Runs that found no place.", api->metrics.refused},
        {"phial_executor_connected", "gauge", "1 when there is an executor.",
         executor_client_connected(api->executor)},
        {"phial_boxes_ready", "gauge", "Sandboxes made ahead of need.", s.boxes_ready},
        {"phial_executor_memory_bytes", "gauge", "Memory of the executor.", s.memory_bytes},
        {"phial_runs_memory_bytes", "gauge", "Memory of the control group above all runs.",
         s.group_memory_bytes},
        {"phial_frontend_memory_bytes", "gauge", "Memory of the frontend.", own_memory(api)},
        {"phial_answers_kept", "gauge", "Answers that can be asked for.", api->kept_count},
        {"phial_answers_kept_bytes", "gauge", "Memory of those answers.", api->kept_bytes},
        {"phial_http_requests_total", "counter", "Requests.", http->requests},
        {"phial_http_connections", "gauge", "Open connections.", http->connections},
        {"phial_http_body_bytes", "gauge", "Large request bodies under way.", http->body_bytes},
    };
    for (size_t i = 0; i < array_length(rows); i++) {
        head(out, rows[i].name, rows[i].type, rows[i].help);
        fprintf(out, "%s %llu\n", rows[i].name, (unsigned long long)rows[i].value);
    }
}

/* ---- warm templates ---- */

static void write_states(FILE *out, const struct executor_stats *s)
{
    static const char *const states[] = {
        [WARM_NONE] = "none", [WARM_BOOTING] = "booting", [WARM_READY] = "warm", [WARM_REFUSED] = "refused"};
    head(out, "phial_template_state", "gauge", "1 for the state that the language's template is in.");
    for (size_t i = 0; i < s->template_count; i++)
        for (unsigned state = 0; state < array_length(states); state++)
            fprintf(out, "phial_template_state{language=\"%s\",state=\"%s\"} %d\n", s->templates[i].language,
                    states[state], s->templates[i].facts.state == state);
}

static uint64_t fact(const struct executor_template *t, size_t offset)
{
    uint64_t value;
    memcpy(&value, (const char *)&t->facts + offset, sizeof value);
    return value;
}

static void write_facts(FILE *out, const struct executor_stats *s)
{
    static const struct {
        const char *name, *type, *help;
        size_t offset;
        double unit; /* so many make one of what the name says */
    } rows[] = {
#define FACT(field) offsetof(struct warm_facts, field)
        {"phial_template_age_seconds", "gauge", "Age of the template that serves.", FACT(age_ms), 1e3},
        {"phial_template_boot_seconds", "gauge", "What the last template took, from start to frozen.",
         FACT(boot_us), 1e6},
        {"phial_template_generations_total", "counter", "Templates made.", FACT(generations), 1},
        {"phial_template_faults_total", "counter",
         "Clones that failed, templates that died or could not be made.", FACT(faults), 1},
        {"phial_template_memory_bytes", "gauge",
         "Memory charged to the template's group, the page tables of its clones with it.", FACT(memory_bytes),
         1},
        {"phial_template_page_table_bytes", "gauge",
         "Page tables of the template, of which each clone gets a copy.", FACT(page_table_bytes), 1},
        {"phial_clones_total", "counter", "Clones made.", FACT(clones), 1},
        {"phial_clones_ready", "gauge", "Clones made ahead of need that wait for a run.", FACT(ready), 1},
        {"phial_pool_hits_total", "counter", "Runs that found a clone waiting.", FACT(hits), 1},
        {"phial_pool_misses_total", "counter", "Runs that found none.", FACT(misses), 1},
#undef FACT
    };
    for (size_t row = 0; row < array_length(rows); row++) {
        head(out, rows[row].name, rows[row].type, rows[row].help);
        for (size_t i = 0; i < s->template_count; i++)
            fprintf(out, "%s{language=\"%s\"} %.17g\n", rows[row].name, s->templates[i].language,
                    (double)fact(&s->templates[i], rows[row].offset) / rows[row].unit);
    }
}

static void write_clone_times(FILE *out, const struct executor_stats *s)
{
    head(out, "phial_clone_seconds", "gauge", "Where the time of the last clones went (medians).");
    for (size_t i = 0; i < s->template_count; i++) {
        const struct executor_template *t = &s->templates[i];
        const struct {
            const char *name;
            uint64_t us;
        } parts[] = {{"box", t->facts.box_us}, {"clone", t->facts.clone_us}, {"check", t->facts.check_us}};
        for (size_t k = 0; k < array_length(parts); k++)
            fprintf(out, "phial_clone_seconds{language=\"%s\",part=\"%s\"} %.6f\n", t->language,
                    parts[k].name, (double)parts[k].us / 1e6);
    }
}

static void write_templates(FILE *out, const struct api *api)
{
    const struct executor_stats s = executor_client_stats(api->executor);
    write_states(out, &s);
    write_facts(out, &s);
    write_clone_times(out, &s);
}

static void write_problems(FILE *out, const struct http_stats *http)
{
    head(out, "phial_http_problems_total", "counter", "Errors that clients were given, by type.");
    for (unsigned i = 0; i < PROBLEM_COUNT; i++) {
        char uri[64];
        fprintf(out, "phial_http_problems_total{type=\"%s\",code=\"%d\"} %llu\n",
                problem_uri(i, uri) + strlen("/problems/"), problem_status(i),
                (unsigned long long)http->problems[i]);
    }
}

static void write_store(FILE *out, struct store *store)
{
    struct error err;
    const struct store_stats s = store_stats(store);
    const struct {
        const char *name, *type, *help;
        uint64_t value;
    } rows[] = {
        {"phial_store_ready", "gauge", "1 when the site's database answers and takes writes.",
         store_ready(store, &err)},
        {"phial_store_reads_total", "counter", "Reads of the site's database.", s.reads},
        {"phial_store_writes_total", "counter", "Writes to it that were asked for.", s.writes},
        {"phial_store_failures_total", "counter", "Reads and writes that the disk or the database refused.",
         s.failures},
        {"phial_store_writes_pending", "gauge", "Writes that are not yet on the disk.", s.pending},
        {"phial_store_bytes", "gauge", "Size of the site's database.", s.bytes},
    };
    for (size_t i = 0; i < array_length(rows); i++) {
        head(out, rows[i].name, rows[i].type, rows[i].help);
        fprintf(out, "%s %llu\n", rows[i].name, (unsigned long long)rows[i].value);
    }
}

char *metrics_text(const struct api *api, size_t *size)
{
    char *text = NULL;
    FILE *out = open_memstream(&text, size);
    if (!out)
        return NULL;
    write_runs(out, api);
    write_grades(out, api);
    write_phases(out, &api->metrics);
    write_gauges(out, api);
    write_templates(out, api);
    if (api->store)
        write_store(out, api->store);
    write_problems(out, http_server_stats(api->server));
    bool failed = ferror(out);
    if (fclose(out) != 0 || failed) {
        free(text);
        return NULL;
    }
    return text;
}

#include "unit.h"

#include "base/worker.h"

#include <pthread.h>

enum { JOBS = 10 };

struct number {
    struct job job;
    unsigned value;
};
struct scene {
    struct event_base *loop;
    struct worker *worker;
    pthread_mutex_t gate; /* the worker goes through it before each list */
    unsigned order[JOBS], ran, told;
    bool in_thread;
    pthread_t main;
    struct number numbers[JOBS];
};
static struct scene scene;

static void run(void *context, struct job_list *jobs)
{
    struct scene *s = context;
    struct job *job;
    pthread_mutex_lock(&s->gate);
    STAILQ_FOREACH(job, jobs, link)
    {
        s->order[s->ran++] = ((struct number *)job)->value;
    }
    s->in_thread = !pthread_equal(pthread_self(), s->main);
    pthread_mutex_unlock(&s->gate);
}

static void on_done(struct job *job)
{
    assert_int_equal(((struct number *)job)->value, scene.told);
    scene.told++;
}

static int build(void **state)
{
    struct error err;
    scene = (struct scene){.loop = event_base_new(), .main = pthread_self()};
    pthread_mutex_init(&scene.gate, NULL);
    *state = &scene;
    return worker_start(
        &scene.worker,
        &(struct worker_options){.loop = scene.loop, .waiting_most = JOBS, .run = run, .context = &scene},
        &err);
}

static int leave(void **state)
{
    (void)state;
    worker_stop(scene.worker);
    event_base_free(scene.loop);
    return 0;
}

static int add(unsigned value)
{
    scene.numbers[value % JOBS] = (struct number){.job.done = on_done, .value = value};
    return worker_add(scene.worker, &scene.numbers[value % JOBS].job);
}

static void jobs_are_run_in_their_order_on_the_thread_and_told_on_the_loop(void **state)
{
    struct scene *s = *state;
    for (unsigned i = 0; i < JOBS; i++)
        assert_int_equal(add(i), 0);
    while (s->told < JOBS)
        event_base_loop(s->loop, EVLOOP_ONCE);
    for (unsigned i = 0; i < JOBS; i++)
        assert_int_equal(s->order[i], i);
    assert_true(s->in_thread);
    assert_int_equal(worker_pending(s->worker), 0);
    assert_int_equal(worker_stuck_ns(s->worker), 0);
}

static void more_than_may_wait_are_refused(void **state)
{
    struct scene *s = *state;
    pthread_mutex_lock(&s->gate);
    for (unsigned i = 0; i < JOBS; i++)
        assert_int_equal(add(i), 0);
    struct number more = {.job.done = on_done};
    assert_int_equal(worker_add(s->worker, &more.job), -EAGAIN);
    assert_int_equal(worker_pending(s->worker), JOBS);
    assert_true(worker_stuck_ns(s->worker) > 0);
    pthread_mutex_unlock(&s->gate);
    while (s->told < JOBS)
        event_base_loop(s->loop, EVLOOP_ONCE);
}

static void what_waits_is_done_and_told_before_it_stops(void **state)
{
    struct scene *s = *state;
    pthread_mutex_lock(&s->gate);
    for (unsigned i = 0; i < JOBS; i++)
        assert_int_equal(add(i), 0);
    pthread_mutex_unlock(&s->gate);
    worker_stop(s->worker);
    s->worker = NULL;
    assert_int_equal(s->told, JOBS);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, build, leave)
    const struct CMUnitTest tests[] = {
        TEST(jobs_are_run_in_their_order_on_the_thread_and_told_on_the_loop),
        TEST(more_than_may_wait_are_refused),
        TEST(what_waits_is_done_and_told_before_it_stops),
    };
    return unit_run(tests);
}

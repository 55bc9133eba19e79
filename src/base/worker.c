#include "base/worker.h"
#include "base/loop.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>

struct worker {
    struct worker_options options;
    struct event ready;
    int eventfd;
    size_t pending;    /* the loop's: added, end not told */
    uint64_t moved_ns; /* the loop's: when a job's end was told last, or the first of those pending came */
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    /* under the lock: */
    struct job_list waiting, ended;
    bool stop;
};

/* ---- the thread ---- */

static void tell(struct worker *w)
{
    const uint64_t one = 1;
    (void)!write(w->eventfd, &one, sizeof one); /* it cannot fill up: the loop reads it to zero */
}

static void *thread_main(void *context)
{
    struct worker *w = context;
    pthread_mutex_lock(&w->lock);
    for (;;) {
        while (STAILQ_EMPTY(&w->waiting) && !w->stop)
            pthread_cond_wait(&w->wake, &w->lock);
        if (STAILQ_EMPTY(&w->waiting))
            break;
        struct job_list jobs = STAILQ_HEAD_INITIALIZER(jobs);
        STAILQ_CONCAT(&jobs, &w->waiting);
        pthread_mutex_unlock(&w->lock);
        w->options.run(w->options.context, &jobs);
        pthread_mutex_lock(&w->lock);
        STAILQ_CONCAT(&w->ended, &jobs);
        tell(w);
    }
    pthread_mutex_unlock(&w->lock);
    return NULL;
}

/* ---- the loop ---- */

static void tell_ends(struct worker *w)
{
    struct job_list ended = STAILQ_HEAD_INITIALIZER(ended);
    pthread_mutex_lock(&w->lock);
    STAILQ_CONCAT(&ended, &w->ended);
    pthread_mutex_unlock(&w->lock);
    w->moved_ns = clock_now_ns();
    for (struct job *job; (job = STAILQ_FIRST(&ended));) {
        STAILQ_REMOVE_HEAD(&ended, link);
        w->pending--;
        job->done(job);
    }
}

static void on_ready(int fd, short what, void *context)
{
    (void)what;
    uint64_t count;
    (void)!read(fd, &count, sizeof count);
    tell_ends(context);
}

int worker_add(struct worker *w, struct job *job)
{
    if (w->pending >= w->options.waiting_most)
        return -EAGAIN;
    if (w->pending++ == 0)
        w->moved_ns = clock_now_ns();
    pthread_mutex_lock(&w->lock);
    STAILQ_INSERT_TAIL(&w->waiting, job, link);
    pthread_cond_signal(&w->wake);
    pthread_mutex_unlock(&w->lock);
    return 0;
}

size_t worker_pending(const struct worker *w)
{
    return w->pending;
}

uint64_t worker_stuck_ns(const struct worker *w)
{
    return w->pending > 0 ? clock_now_ns() - w->moved_ns : 0;
}

/* Signals are the loop's business. */
static int start_thread(struct worker *w)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int r = pthread_create(&w->thread, NULL, thread_main, w);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return -r;
}

int worker_start(struct worker **out, const struct worker_options *options, struct error *err)
{
    struct worker *w = calloc(1, sizeof *w);
    if (!w)
        return error_set(err, ENOMEM, "start a thread: %m");
    w->options = *options;
    STAILQ_INIT(&w->waiting);
    STAILQ_INIT(&w->ended);
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->wake, NULL);
    w->eventfd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    int r = w->eventfd < 0 ? error_set(err, errno, "start a thread: eventfd: %m")
                           : loop_watch(&w->ready, options->loop, w->eventfd, EV_READ, on_ready, w, err);
    if (r == 0 && (r = start_thread(w)) < 0)
        error_set(err, -r, "start a thread: %m");
    if (r < 0) {
        loop_unwatch(&w->ready);
        close_fd(&w->eventfd);
        free(w);
        return r;
    }
    *out = w;
    return 0;
}

void worker_stop(struct worker *w)
{
    if (!w)
        return;
    pthread_mutex_lock(&w->lock);
    w->stop = true;
    pthread_cond_signal(&w->wake);
    pthread_mutex_unlock(&w->lock);
    pthread_join(w->thread, NULL);
    tell_ends(w);
    loop_unwatch(&w->ready);
    close(w->eventfd);
    pthread_mutex_destroy(&w->lock);
    pthread_cond_destroy(&w->wake);
    free(w);
}

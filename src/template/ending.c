/* The end of boxes, their programs, and templates, in the background.
 *
 * Theory of operation. All is killed at once; then the parts are waited for one after the other, so one event
 * is enough: first the program, since it is our child in the box's pid namespace, and the kernel lets that
 * namespace's init end only when all in it have been reaped; then the box's init, or the template. What is
 * still being made when its end comes is first followed until the kernel's name for it is known. Removing a
 * group answers EBUSY for a moment after the last process: then it is tried again, after pauses that grow.
 */
#include "template/internal.h"

#include <errno.h>
#include <poll.h>

enum {
    LONG_US = 5000000, /* what takes longer to die is killed again, and the log says so */
    AGAIN_LEAST_US = 500,
    AGAIN_MOST_US = 100000,
    AGAIN_DOUBLINGS = 8,
};

struct ending {
    struct ending *next;
    struct templates *all;
    struct program *program;
    struct box *box;
    struct template *template;
    int fd; /* what is waited for, after -EAGAIN */
    struct event event, late;
    unsigned tries;
};

static bool readable(int fd)
{
    struct pollfd p = {fd, POLLIN, 0};
    return poll(&p, 1, 0) > 0;
}

static int wait_for(struct ending *e, int fd)
{
    e->fd = fd;
    return -EAGAIN;
}

static void kill_all(struct ending *e)
{
    if (e->program)
        program_kill(e->program);
    if (e->box)
        box_kill(e->box);
    if (e->template)
        template_kill(e->template);
}

static int end_program(struct ending *e, struct error *err)
{
    struct program_end end;
    struct program *p = e->program;
    if (!p)
        return 0;
    while (program_state(p) == PROGRAM_STARTING && readable(program_fd(p)))
        if (program_step(p, err) < 0)
            break;
    program_kill(p);
    if (program_state(p) == PROGRAM_STARTING)
        return wait_for(e, program_fd(p));
    int r = program_pidfd(p) < 0 ? 0 : program_reap(p, &end);
    if (r == -EAGAIN)
        return wait_for(e, program_pidfd(p));
    program_free(p);
    e->program = NULL;
    return r < 0 ? error_set(err, -r, "reap a clone: %m") : 0;
}

static int end_box(struct ending *e, struct error *err)
{
    struct box *b = e->box;
    if (!b)
        return 0;
    while (box_init_fd(b) < 0 && box_state(b) == BOX_MAKING && readable(box_fd(b)))
        if (box_step(b, err) < 0)
            break;
    box_kill(b);
    if (box_init_fd(b) < 0 && box_state(b) == BOX_MAKING)
        return wait_for(e, box_fd(b));
    if (box_init_fd(b) >= 0 && !readable(box_init_fd(b)) && !box_is_lost(b))
        return wait_for(e, box_init_fd(b));
    int r = box_reap(b, err);
    if (r == -EBUSY)
        return r;
    box_free(b);
    e->box = NULL;
    return r;
}

static int end_template(struct ending *e, struct error *err)
{
    struct template *t = e->template;
    if (!t)
        return 0;
    while (template_pidfd(t) < 0 && template_state(t) == TEMPLATE_STARTING && readable(template_fd(t)))
        if (template_step(t, err) < 0)
            break;
    template_kill(t);
    if (template_pidfd(t) < 0 && template_state(t) == TEMPLATE_STARTING)
        return wait_for(e, template_fd(t));
    if (template_pidfd(t) >= 0 && !readable(template_pidfd(t)))
        return wait_for(e, template_pidfd(t));
    int r = template_reap(t, err);
    if (r == -EBUSY)
        return r;
    template_free(t);
    e->template = NULL;
    return r;
}

/* 0: it is gone. -EAGAIN: wait until e->fd is readable. -EBUSY: try again in a moment. */
static const struct {
    const char *what;
    int (*go)(struct ending *e, struct error *err);
} steps[] = {
    {"clone", end_program},
    {"box", end_box},
    {"template", end_template},
};

/* Goes as far as it can. 0: all is gone. */
static int go_on(struct ending *e)
{
    for (size_t i = 0; i < array_length(steps); i++) {
        struct error err;
        int r = steps[i].go(e, &err);
        if (r == -EAGAIN || r == -EBUSY)
            return r;
        if (r < 0)
            log_error("template", "the end of a %s: %s", steps[i].what, err.text);
    }
    return 0;
}

static void ending_free(struct ending *e)
{
    struct ending **at = &e->all->endings;
    while (*at != e)
        at = &(*at)->next;
    *at = e->next;
    loop_unwatch(&e->event);
    loop_unwatch(&e->late);
    free(e);
}

static void on_event(evutil_socket_t fd, short what, void *context);

static uint64_t pause_us(unsigned tries)
{
    uint64_t us = (uint64_t)AGAIN_LEAST_US << (tries < AGAIN_DOUBLINGS ? tries : AGAIN_DOUBLINGS);
    return us < AGAIN_MOST_US ? us : AGAIN_MOST_US;
}

static void look(struct ending *e)
{
    struct event_base *loop = e->all->options.loop;
    struct error err;
    loop_unwatch(&e->event); /* before its descriptor is closed: the loop must not meet the number again */
    int r = go_on(e);
    if (r == 0) {
        ending_free(e);
        return;
    }
    if (r == -EBUSY)
        r = loop_after(&e->event, loop, pause_us(e->tries++), on_event, e, &err);
    else
        r = loop_watch(&e->event, loop, e->fd, EV_READ, on_event, e, &err);
    if (r < 0)
        log_error("template", "an end cannot be waited for: %s", err.text);
}

static void on_event(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    look(context);
}

static void on_late(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    struct ending *e = context;
    log_warning("template", "%s does not die; killing it again",
                e->program    ? "a clone"
                : e->box      ? "a box"
                : e->template ? "a template"
                              : "a group");
    kill_all(e);
    if (loop_after(&e->late, e->all->options.loop, LONG_US, on_late, e, NULL) < 0)
        log_error("template", "no timer for an end");
}

void ending_start(struct templates *all, struct program *program, struct box *box, struct template *template)
{
    struct ending *e = calloc(1, sizeof *e);
    if (!program && !box && !template) {
        free(e);
        return;
    }
    if (!e) { /* killed at least; the executor's own end takes the rest */
        log_error("template", "out of memory at the end of a clone");
        kill_all(&(struct ending){.program = program, .box = box, .template = template});
        return;
    }
    *e = (struct ending){all->endings, all, program, box, template, .fd = -1};
    all->endings = e;
    kill_all(e);
    if (loop_after(&e->late, all->options.loop, LONG_US, on_late, e, NULL) < 0)
        log_error("template", "no timer for an end");
    look(e);
}

bool endings_wait(struct templates *all, uint64_t most_ms)
{
    uint64_t until = clock_now_ns() + most_ms * 1000000;
    while (all->endings && clock_now_ns() < until) {
        poll(NULL, 0, 1);
        for (struct ending *e = all->endings, *next; e; e = next) {
            next = e->next;
            loop_unwatch(&e->event);
            if (go_on(e) == 0)
                ending_free(e);
        }
    }
    bool all_gone = !all->endings;
    while (all->endings)
        ending_free(all->endings);
    return all_gone;
}

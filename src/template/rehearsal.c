/* The rehearsal of a template: one clone of it runs a small program of the image, and what that touched of
 * its memory each later clone touches before it is let go.
 *
 * Theory of operation. It is made for this alone, behind the template's back: the template serves meanwhile.
 * Its output stays in the pipes, which are large enough. When its program has ended and its holder still has
 * the memory, the sandbox looks at that. Whatever fails, clones are made as without it.
 */
#include "template/internal.h"

#include <errno.h>

enum { LONG_US = 10000000 };

struct rehearsal {
    struct generation *of;
    struct clone clone;
    struct event end, deadline;
};

static void told(const struct generation *g, const struct error *err)
{
    log_info("template", "%s: no rehearsal: %s", g->warm->language->name, err->text);
}

void rehearsal_drop(struct generation *g)
{
    struct rehearsal *r = g->rehearsal;
    if (!r)
        return;
    g->rehearsal = NULL;
    loop_unwatch(&r->end);
    loop_unwatch(&r->deadline);
    clone_discard(g->warm->all, &r->clone);
    free(r);
}

static void on_end(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    struct rehearsal *r = context;
    struct generation *g = r->of;
    struct error err;
    int pages = template_learn(g->template, &err);
    if (pages < 0)
        told(g, &err);
    else
        log_info("template", "%s: clones write %d pages before their run", g->warm->language->name, pages);
    rehearsal_drop(g);
}

static void on_deadline(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    struct rehearsal *r = context;
    struct generation *g = r->of;
    struct error err;
    error_set(&err, ETIMEDOUT, "it did not end within %d ms", LONG_US / 1000);
    told(g, &err);
    rehearsal_drop(g);
}

static int begin(struct rehearsal *r, struct error *err)
{
    struct generation *g = r->of;
    struct event_base *loop = g->warm->all->options.loop;
    const char *file = g->warm->language->template.rehearsal;
    cleanup_free char *order = NULL;
    if (asprintf(&order, "file=%s", file) < 0) {
        order = NULL;
        return error_set(err, ENOMEM, "%m");
    }
    int n = template_watch(g->template, r->clone.program, err);
    if (n < 0)
        return n;
    n = write_all(r->clone.order, order, strlen(order) + 1);
    if (n < 0)
        return error_set(err, -n, "its order: %m");
    close_fd(&r->clone.order);
    close_fd(&r->clone.input);
    n = loop_watch(&r->end, loop, program_pidfd(r->clone.program), EV_READ, on_end, r, err);
    return n < 0 ? n : loop_after(&r->deadline, loop, LONG_US, on_deadline, r, err);
}

void rehearsal_start(struct generation *g, struct clone *clone)
{
    struct error err;
    struct rehearsal *r = g->rehearsal ? NULL : calloc(1, sizeof *r);
    if (!r) {
        clone_discard(g->warm->all, clone);
        return;
    }
    *r = (struct rehearsal){.of = g, .clone = *clone};
    g->rehearsal = r;
    if (begin(r, &err) < 0) {
        told(g, &err);
        rehearsal_drop(g);
    }
}

void rehearsal_want(struct generation *g)
{
    struct error err;
    if (g->warm->language->template.rehearsal && making_start_rehearsal(g->warm, &err) < 0)
        told(g, &err);
}

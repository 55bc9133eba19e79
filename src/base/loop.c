#include "base/loop.h"

#include <errno.h>

void loop_unwatch(struct event *event)
{
    if (event_initialized(event))
        event_del(event);
}

int loop_watch(struct event *event, struct event_base *loop, int fd, short what, event_callback_fn callback,
               void *context, struct error *err)
{
    loop_unwatch(event);
    if (event_assign(event, loop, fd, (short)(what | EV_PERSIST), callback, context) < 0 ||
        event_add(event, NULL) < 0)
        return error_set(err, ENOMEM, "watch descriptor %d: %m", fd);
    return 0;
}

int loop_after(struct event *event, struct event_base *loop, uint64_t us, event_callback_fn callback,
               void *context, struct error *err)
{
    struct timeval time = {.tv_sec = (time_t)(us / 1000000), .tv_usec = (suseconds_t)(us % 1000000)};
    loop_unwatch(event);
    if (evtimer_assign(event, loop, callback, context) < 0 || evtimer_add(event, &time) < 0)
        return error_set(err, ENOMEM, "set a timer: %m");
    return 0;
}

/* Event loop glue: libevent's events kept in the structs of their owners. An owner zeroes its struct, and may
 * then watch, set and unwatch an event in any order; each call takes the place of what the event was before.
 */
#ifndef PHIAL_BASE_LOOP_H
#define PHIAL_BASE_LOOP_H

#include "base/base.h"

#include <event2/event.h>
#include <event2/event_struct.h>

/* Calls `callback` whenever `fd` is ready for `what` (EV_READ, EV_WRITE). */
int loop_watch(struct event *event, struct event_base *loop, int fd, short what, event_callback_fn callback,
               void *context, struct error *err);
/* Calls it once, after `us` microseconds. */
int loop_after(struct event *event, struct event_base *loop, uint64_t us, event_callback_fn callback,
               void *context, struct error *err);
void loop_unwatch(struct event *event);

#endif

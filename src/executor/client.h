/* The client's side, as its files share it: client.c (tickets, queue, loss), receive.c. Inside the executor
 * room. */
#ifndef PHIAL_EXECUTOR_CLIENT_H
#define PHIAL_EXECUTOR_CLIENT_H

#include "executor/executor.h"
#include "executor/queue.h"
#include "executor/wire.h"

#include <event2/buffer.h>

enum ticket_state { TICKET_QUEUED, TICKET_SENT, TICKET_OVER };

struct ticket {
    struct queue_entry entry; /* first: a queue's entry is its ticket */
    struct ticket *next;      /* among those that were sent, or whose end is to be told */
    struct executor_client *client;
    struct ticket_callbacks callbacks;
    void *context;
    enum ticket_state state;
    uint32_t id, place;
    bool abandoned, cancelled, paused, started;
    struct ticket *other;  /* the other half of a pair, while there is one */
    bool second;           /* it goes with the other, which stands in the queue */
    struct packer request; /* packed, that of the second half behind it; freed with the ticket */
    size_t split;          /* where the second half begins */
    struct limits limits;
    struct evbuffer *input; /* standard input that was given before it started; NULL when not interactive */
    bool input_end, input_closed;
    size_t input_ahead; /* bytes that the run has not taken yet */
};

struct executor_client {
    struct executor_client_options options;
    struct queue queue;
    int sock;
    struct event socket_event, work_event, places_event, again_event, lost_event;
    struct outbox out;
    bool connected, refused_all, broken, draining, drain_sent;
    struct ticket *sent, *over;
    uint32_t sent_count, next_id;
    void (*drained)(void *context);
    void *drained_context;
    struct executor_stats stats;
    struct wire_stats heard; /* the executor's own; zero while there is none */
};

/* client.c */
void client_send_input(struct ticket *t);
/* The holder's last word of a ticket that was sent; it is gone afterwards. */
void client_end_sent(struct ticket *t, const struct run_result *result, const struct error *err);
/* Nothing was started: back into the queue, or away when nobody holds it. */
void client_take_back(struct ticket *t);
void client_try_again_later(struct executor_client *c);
struct ticket *client_find_sent(const struct executor_client *c, uint32_t id);
void client_lose(struct executor_client *c);

/* places.c */
void client_places_changed(struct executor_client *c);
void client_on_places(evutil_socket_t fd, short what, void *context);

/* receive.c */
void client_on_message(evutil_socket_t sock, short what, void *context);

#endif

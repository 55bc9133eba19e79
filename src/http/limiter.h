/* http/limiter: how often somebody may do something. */
#ifndef PHIAL_HTTP_LIMITER_H
#define PHIAL_HTTP_LIMITER_H

#include "base/base.h"

struct limiter;
int limiter_new(struct limiter **limiter);
void limiter_free(struct limiter *limiter);
/* 0, or the seconds after which `who` may call again; `per_minute` 0 is no bound. */
unsigned limiter_take(struct limiter *limiter, const char *who, uint64_t per_minute, uint64_t now_ns);

#endif

/* A token bucket for each client: it holds a minute's worth of calls and fills evenly. The table has a fixed
 * size: a client is looked for in one set of eight; when all are taken, the one that has been quiet longest
 * is forgotten, which can only help a client. The hash is keyed, so nobody can aim at another's set. */
#include "http/internal.h"

#include <errno.h>
#include <sodium.h>

enum { SETS = 1024, WAYS = 8 };

struct bucket {
    uint64_t who; /* hash of the name; 0 for none */
    uint64_t at_ns;
    double tokens;
};
struct limiter {
    uint8_t key[crypto_shorthash_KEYBYTES];
    struct bucket buckets[SETS][WAYS];
};

int limiter_new(struct limiter **limiter)
{
    *limiter = calloc(1, sizeof **limiter);
    if (!*limiter)
        return -ENOMEM;
    randombytes_buf((*limiter)->key, sizeof(*limiter)->key);
    return 0;
}

void limiter_free(struct limiter *limiter)
{
    free(limiter);
}

static struct bucket *bucket_find(struct limiter *l, const char *who, uint64_t per_minute, uint64_t now_ns)
{
    uint64_t hash;
    crypto_shorthash((unsigned char *)&hash, (const unsigned char *)who, strlen(who), l->key);
    hash |= 1;
    struct bucket *set = l->buckets[(hash >> 32) % SETS], *oldest = set;
    for (size_t i = 0; i < WAYS; i++) {
        if (set[i].who == hash)
            return &set[i];
        if (set[i].at_ns < oldest->at_ns)
            oldest = &set[i];
    }
    *oldest = (struct bucket){.who = hash, .at_ns = now_ns, .tokens = (double)per_minute};
    return oldest;
}

unsigned limiter_take(struct limiter *limiter, const char *who, uint64_t per_minute, uint64_t now_ns)
{
    if (per_minute == 0)
        return 0;
    struct bucket *b = bucket_find(limiter, who, per_minute, now_ns);
    double per_ns = (double)per_minute / 60e9;
    b->tokens += (double)(now_ns - b->at_ns) * per_ns;
    b->at_ns = now_ns;
    if (b->tokens > (double)per_minute)
        b->tokens = (double)per_minute;
    if (b->tokens >= 1) {
        b->tokens -= 1;
        return 0;
    }
    return (unsigned)((1 - b->tokens) / per_ns / 1e9) + 1;
}

/* Waits until the templates of an executor are warm, or until it is known of each why it is not. */
#ifndef PHIAL_CLI_WARMTH_H
#define PHIAL_CLI_WARMTH_H

#include "executor/executor.h"

struct warmth {
    struct executor_template templates[EXECUTOR_TEMPLATES_MOST];
    size_t count;
    bool late; /* one was still booting when the time was over */
};
/* `sock` is a client's socket of the executor; taken. `clones`: waits for a first clone of each, too. */
int warmth_wait(struct warmth *warmth, int sock, bool clones, uint64_t timeout_ms, struct error *err);
/* NULL when the language has no template. */
const struct warm_facts *warmth_of(const struct warmth *warmth, const char *language);

#endif

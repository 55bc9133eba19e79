/* api/parse: the body of POST /api/v1/runs, bytes that anyone may have sent, into a request. Pure and fuzzed.
 */
#ifndef PHIAL_API_PARSE_H
#define PHIAL_API_PARSE_H

#include "http/problem.h"
#include "language/language.h"
#include "run/run.h"

struct parsed_run {
    struct run_request request;
    const struct language *language;
    bool base64;                  /* the answer's streams are wanted so */
    char source_hash[SHA256_HEX]; /* over the contents of all files, in order */
    uint64_t source_size;
    char line[96]; /* where it waits in the fair queue; "" for the line of the client that calls */
};
/* Reads and checks the body. 0, or -1 with *problem filled in; parsed_run_free() in any case. */
int parse_run(struct parsed_run *parsed, const char *body, size_t size, const struct languages *languages,
              struct problem *problem);
/* Sets hash and size of the source from the request's files, and checks the request. */
int parsed_run_finish(struct parsed_run *parsed, struct problem *problem);
void parsed_run_free(struct parsed_run *parsed);

#endif

/* `phial attack`: programs that try to get out, and what must become of them. tests/attacks/FORMAT.md says
 * how such a program is written.
 *
 * Theory of operation. There are two rounds, cold and warm, with an executor each, which serves all attacks
 * of its round. For each attack (or pair of attacks) a child without privileges gets a client socket of the
 * executor, sends the programs, judges the answers and writes its verdicts into a pipe. The parent stays
 * root, since it looks afterwards for what is left of the run on the host; of what the programs write it sees
 * nothing but the verdict's texts.
 */
#ifndef PHIAL_CLI_ATTACK_H
#define PHIAL_CLI_ATTACK_H

#include "cli/cli.h"
#include "executor/executor.h"
#include "run/run.h"

enum { ATTACK_EXPECTS_MOST = 8, ATTACK_DIFFERS_MOST = 16, ATTACK_PAIR_MOST = 8, ATTACK_SIZE_MOST = 4 << 20 };

/* One outcome that passes. What is NULL or negative is not compared. */
struct attack_expect {
    char status[16];
    long exit_code;
    char signal[16], truncated[8];
    char *out, *err;
    bool no_values, no_value, no_diagnostics;
};

struct attack {
    char name[96];    /* "WALL/NAME" */
    char *about;      /* what it tries */
    char *pair;       /* NULL for none */
    char *needs;      /* NULL for none */
    bool after, slow; /* after: starts when the one before it in the pair has ended */
    struct attack_expect expects[ATTACK_EXPECTS_MOST];
    size_t expect_count;
    char *differs[ATTACK_DIFFERS_MOST];
    size_t differ_count;
    struct run_request request;
};
struct attack_list {
    struct attack *items;
    size_t count;
};

/* Reads every program below `dir`; those of a pair stand one after the other. attack_list_free() in any case.
 */
int attack_list_read(struct attack_list *list, const char *dir, const struct languages *languages,
                     struct error *err);
void attack_list_free(struct attack_list *list);

enum attack_result { ATTACK_PASSED, ATTACK_FAILED, ATTACK_SKIPPED };

/* What the child says of one program; of fixed size, so that the parent parses nothing. */
struct attack_verdict {
    uint32_t result; /* enum attack_result */
    uint32_t warm;   /* it ran in a clone of a warm runtime */
    char status[16];
    char why[512]; /* of a failure */
    uint64_t wall_us;
    char out[2048], err[2048]; /* the beginning of what it wrote */
};

/* attack_judge.c: compares an answer with what is expected. `answer` is NULL when the request was refused. */
void attack_judge(const struct attack *attack, const json_t *answer, struct attack_verdict *verdict);
/* The words of `differ` must have another value in each program of the pair. */
void attack_judge_pair(const struct attack *const *attacks, const json_t *const *answers, size_t count,
                       struct attack_verdict *verdicts);

/* attack_child.c: runs `count` attacks that belong together over `sock` as user `user`; never returns. The
 * verdicts go to `pipe`. */
_Noreturn void attack_child(const struct attack *const *attacks, size_t count, int sock, int pipe,
                            const char *user);

/* ---- what is left on the host (attack_host.c) ---- */

struct host_state {
    size_t processes, descriptors, namespaces, mounts, cgroups, files;
};
/* Looks at the executor's process tree, the slot's cgroups, the mounts of both, and the files of the slot's
 * uids. */
void host_look(struct host_state *state, const struct executor_process *executor,
               const struct settings *settings);
/* True when `now` holds nothing more than `before`; else says what. */
bool host_same(const struct host_state *before, const struct host_state *now, char *text, size_t room);

#endif

#include "sandbox/seccomp_table.h"

#include <errno.h>

struct run_of_calls {
    uint32_t first, verdict;
};
struct tree {
    struct run_of_calls runs[CALLS_KNOWN];
    struct sock_filter *code;
    size_t most, count;
};

static int emit(struct tree *t, struct sock_filter instruction)
{
    if (t->count == t->most)
        return -E2BIG;
    t->code[t->count] = instruction;
    return (int)t->count++;
}

/* The runs from `from` up to, not with, `to`, at least two. A node compares with the first number of its
 * right half. A half of one run is no node: its jump keeps the run's place, 0 stands in it, until the
 * verdicts are written. */
static int emit_node(struct tree *t, size_t from, size_t to, size_t *run_of_jump)
{
    size_t middle = from + (to - from) / 2;
    int node = emit(t, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, t->runs[middle].first, 0, 0));
    if (node < 0)
        return node;
    size_t *left = &run_of_jump[2 * node], *right = left + 1;
    *left = middle - from == 1 ? from : SIZE_MAX; /* a left half stands right behind its node: jump 0 */
    *right = to - middle == 1 ? middle : SIZE_MAX;
    if (*left == SIZE_MAX && emit_node(t, from, middle, run_of_jump) < 0)
        return -E2BIG;
    if (*right != SIZE_MAX)
        return 0;
    size_t distance = t->count - (size_t)node - 1;
    if (distance > UINT8_MAX)
        return -E2BIG;
    t->code[node].jt = (uint8_t)distance;
    return emit_node(t, middle, to, run_of_jump);
}

/* Where the verdict stands behind the nodes; each is written once. */
static int place_of(struct tree *t, size_t nodes, uint32_t verdict)
{
    for (size_t i = nodes; i < t->count; i++)
        if (t->code[i].k == verdict)
            return (int)i;
    return emit(t, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, verdict));
}

static int patch(uint8_t *jump, size_t node, int target)
{
    if (target < 0 || (size_t)target - node - 1 > UINT8_MAX)
        return -E2BIG;
    *jump = (uint8_t)((size_t)target - node - 1);
    return 0;
}

static int write_verdicts(struct tree *t, const size_t *run_of_jump)
{
    size_t nodes = t->count;
    for (int looks = 0; looks < 2; looks++) { /* VERDICT_LOOK last: it goes on behind all the others */
        size_t end = t->count;
        for (size_t i = 0; i < nodes; i++)
            for (int right = 0; right < 2; right++) {
                size_t run = run_of_jump[2 * i + (size_t)right];
                if (run == SIZE_MAX || (t->runs[run].verdict == VERDICT_LOOK) != looks)
                    continue;
                int target = looks ? (int)end : place_of(t, nodes, t->runs[run].verdict);
                if (patch(right ? &t->code[i].jt : &t->code[i].jf, i, target) < 0)
                    return -E2BIG;
            }
    }
    return 0;
}

int call_table_compile(const struct call_table *table, struct sock_filter *code, size_t most)
{
    size_t run_of_jump[2 * CALLS_KNOWN], runs = 0;
    struct tree t = {.code = code, .most = most};
    for (uint32_t call = 0; call < CALLS_KNOWN; call++)
        if (call == 0 || table->verdicts[call] != table->verdicts[call - 1])
            t.runs[runs++] = (struct run_of_calls){call, table->verdicts[call]};
    if (runs < 2)
        return -EINVAL;
    if (emit_node(&t, 0, runs, run_of_jump) < 0 || write_verdicts(&t, run_of_jump) < 0)
        return -E2BIG;
    return (int)t.count;
}

/* Where the time goes: parts and their steps, in the order in which they are first met. */
#include "bench.h"

enum { SAMPLES_MOST = 20000 };

/* The strings must stay. */
void note(struct phases *ps, const char *part, const char *name, double ns)
{
    size_t i = 0;
    while (i < ps->count && (strcmp(ps->items[i].part, part) || strcmp(ps->items[i].name, name)))
        i++;
    if (i == array_length(ps->items))
        return;
    struct phase *p = &ps->items[i];
    if (i == ps->count) {
        if (!(p->ns = calloc(SAMPLES_MOST, sizeof *p->ns)))
            return;
        p->part = part;
        p->name = name;
        ps->count++;
    }
    if (p->count < SAMPLES_MOST)
        p->ns[p->count++] = ns;
}

void note_steps(struct phases *ps, const char *part, const struct step_time *steps, size_t count,
                double total)
{
    double left = total;
    for (size_t i = 0; i < count; i++) {
        note(ps, part, steps[i].name, (double)steps[i].ns);
        left -= (double)steps[i].ns;
    }
    note(ps, part, "answer and check from outside", left);
    note(ps, part, "= together", total);
}

void phases_free(struct phases *ps)
{
    for (size_t i = 0; i < ps->count; i++)
        free(ps->items[i].ns);
    ps->count = 0;
}

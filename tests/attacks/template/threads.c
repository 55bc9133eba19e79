// attack: looks for a privilege, another user or a missing filter in every thread of every process that it can see
// expect: status=ok stdout=contained
// with: attack.h
// with: runtime.h
// host: plain
#include "runtime.h"

static struct status first;
static size_t seen;

static void look(const char *path)
{
    struct status s;
    if (!status_read(path, &s))
        return;
    tried();
    seen++;
    for (size_t i = 0; i < 5; i++)
        if (s.sets[i])
            breach("%s (%s): capabilities %llx in set %zu", path, s.name, s.sets[i], i);
    for (size_t i = 0; i < 4; i++)
        if (s.uid[i] != first.uid[0] || s.gid[i] != first.gid[0] || s.uid[i] == 0)
            breach("%s (%s): user %u, group %u", path, s.name, s.uid[i], s.gid[i]);
    if (s.no_new_privs != 1 || s.seccomp != 2 || s.filters != first.filters || s.groups)
        breach("%s (%s): no_new_privs %d, seccomp %d, %d filters, %d groups", path, s.name, s.no_new_privs,
               s.seccomp, s.filters, s.groups);
}

int main(void)
{
    pid_t processes[NUMBERS_MOST], threads[NUMBERS_MOST];
    char path[64];
    if (!status_read("/proc/self/status", &first))
        wrong("/proc/self/status: %s", strerror(errno));
    size_t n = numbers_in("/proc", processes);
    for (size_t i = 0; i < n; i++) {
        snprintf(path, sizeof path, "/proc/%d/task", processes[i]);
        size_t count = numbers_in(path, threads);
        for (size_t k = 0; k < count; k++) {
            snprintf(path, sizeof path, "/proc/%d/task/%d/status", processes[i], threads[k]);
            look(path);
        }
    }
    printf("%zu processes, %zu threads\n", n, seen);
    if (seen == 0)
        wrong("no thread could be looked at");
    return finish();
}

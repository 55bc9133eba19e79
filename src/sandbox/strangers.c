/* Dead children that nobody waits for. A clone's parent is the executor from the start, but it is its
 * template that knows the number and sends the pidfd: a template that is killed in between leaves a child
 * that only the kernel can name (proc(5), /proc/PID/task/TID/children). */
#include "sandbox/internal.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/wait.h>

static bool is_process(int pidfd, pid_t pid)
{
    return pidfd >= 0 && pidfd_number(pidfd) == pid;
}

static bool is_known(const struct ground *g, pid_t pid)
{
    if (is_process(g->maker_pidfd, pid) || is_process(g->init_pidfd, pid))
        return true;
    for (const struct template *t = g->templates; t; t = t->next)
        if (is_process(t->pidfd, pid))
            return true;
    for (const struct box *b = g->boxes; b; b = b->after)
        if (is_process(b->init, pid) || (b->program && is_process(b->program->pidfd, pid)))
            return true;
    return false;
}

static bool is_dead(pid_t pid)
{
    char path[32], text[256];
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    cleanup_fd int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t k = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
    if (k <= 0)
        return false;
    text[k] = 0;
    const char *name_end = strrchr(text, ')');
    return name_end && name_end[1] == ' ' && name_end[2] == 'Z';
}

void ground_reap_strangers(struct ground *g)
{
    char path[64];
    cleanup_free char *text = NULL;
    snprintf(path, sizeof path, "/proc/self/task/%d/children", gettid());
    if (read_file_at(AT_FDCWD, path, 1 << 20, &text, NULL, NULL) < 0)
        return; /* a kernel without CONFIG_PROC_CHILDREN has no templates either */
    for (char *at = text, *end; *at; at = end) {
        pid_t pid = (pid_t)strtol(at, &end, 10);
        if (end == at)
            break;
        if (is_dead(pid) && !is_known(g, pid))
            (void)waitpid(pid, NULL, __WALL | WNOHANG);
    }
}

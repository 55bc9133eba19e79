// attack: looks for capabilities in every set of every thread, and for a thread without filter or no_new_privs
// expect: status=ok stdout=contained
// with: attack.h
// host: plain
#include "attack.h"
#include <pthread.h>

static void *idle(void *nothing)
{
    pause();
    return nothing;
}

static void look(const char *path)
{
    static const char *const sets[] = {"CapInh:", "CapPrm:", "CapEff:", "CapBnd:", "CapAmb:"};
    char line[256];
    int found = 0;
    FILE *f = fopen(path, "re");
    while (f && fgets(line, sizeof line, f)) {
        for (size_t i = 0; i < 5; i++)
            if (!strncmp(line, sets[i], strlen(sets[i]))) {
                found++;
                if (strtoull(line + strlen(sets[i]), NULL, 16))
                    breach("%s %s", path, line);
            }
        int n;
        if (sscanf(line, "NoNewPrivs: %d", &n) == 1 && ++found && n != 1)
            breach("%s: no_new_privs is %d", path, n);
        if (sscanf(line, "Seccomp: %d", &n) == 1 && ++found && n != 2)
            breach("%s: seccomp is %d", path, n);
    }
    tried();
    if (f)
        fclose(f);
    if (found != 7)
        wrong("%s could not be read", path);
}

int main(void)
{
    pthread_t thread;
    for (int i = 0; i < 3; i++)
        pthread_create(&thread, NULL, idle, NULL);
    pid_t child = fork();
    if (child == 0) {
        pause();
        _exit(0);
    }
    DIR *tasks = opendir("/proc/self/task");
    struct dirent *e;
    char path[64 + 256];
    while (tasks && (e = readdir(tasks)))
        if (e->d_name[0] != '.') {
            snprintf(path, sizeof path, "/proc/self/task/%s/status", e->d_name);
            look(path);
        }
    snprintf(path, sizeof path, "/proc/%d/status", child);
    look(path);
    kill(child, SIGKILL);
    return finish();
}

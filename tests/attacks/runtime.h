/* What the attacks on warm runtimes share (template/): this process's threads, its neighbours, its mappings. */
#ifndef RUNTIME_H
#define RUNTIME_H
#include "attack.h"

enum { FREEZE_SIGNAL = 64, NUMBERS_MOST = 512, MAPPINGS_MOST = 8192 };

/* The numbers that a folder of proc lists. */
UNUSED static size_t numbers_in(const char *path, pid_t *list)
{
    size_t n = 0;
    DIR *folder = opendir(path);
    for (struct dirent *e; folder && n < NUMBERS_MOST && (e = readdir(folder));)
        if (e->d_name[0] >= '0' && e->d_name[0] <= '9')
            list[n++] = atoi(e->d_name);
    if (folder)
        closedir(folder);
    return n;
}

struct status { /* of a thread: what must be the same in each */
    char name[32];
    unsigned uid[4], gid[4];
    unsigned long long sets[5]; /* inheritable, permitted, effective, bounding, ambient */
    int no_new_privs, seccomp, filters, groups;
    unsigned long long caught;
};

/* False when the thread is gone. */
UNUSED static bool status_read(const char *path, struct status *s)
{
    static const char *const sets[] = {"CapInh:", "CapPrm:", "CapEff:", "CapBnd:", "CapAmb:"};
    char line[512];
    FILE *f = fopen(path, "re");
    if (!f)
        return false;
    *s = (struct status){.no_new_privs = -1, .seccomp = -1, .filters = -1};
    while (fgets(line, sizeof line, f)) {
        sscanf(line, "Name: %31s", s->name);
        sscanf(line, "Uid: %u %u %u %u", &s->uid[0], &s->uid[1], &s->uid[2], &s->uid[3]);
        sscanf(line, "Gid: %u %u %u %u", &s->gid[0], &s->gid[1], &s->gid[2], &s->gid[3]);
        sscanf(line, "NoNewPrivs: %d", &s->no_new_privs);
        sscanf(line, "Seccomp: %d", &s->seccomp);
        sscanf(line, "Seccomp_filters: %d", &s->filters);
        sscanf(line, "SigCgt: %llx", &s->caught);
        unsigned group;
        s->groups += sscanf(line, "Groups: %u", &group) == 1;
        for (size_t i = 0; i < 5; i++)
            if (!strncmp(line, sets[i], strlen(sets[i])))
                s->sets[i] = strtoull(line + strlen(sets[i]), NULL, 16);
    }
    fclose(f);
    return s->no_new_privs >= 0 && s->seccomp >= 0;
}

struct mapping {
    uintptr_t start, end;
    char rights[5], path[256];
};

UNUSED static size_t mappings_read(struct mapping *list)
{
    size_t n = 0;
    char line[1024];
    FILE *f = fopen("/proc/self/maps", "re");
    while (f && n < MAPPINGS_MOST && fgets(line, sizeof line, f)) {
        struct mapping *m = &list[n];
        *m = (struct mapping){0};
        if (sscanf(line, "%lx-%lx %4s %*s %*s %*s %255[^\n]", &m->start, &m->end, m->rights, m->path) >= 3)
            n++;
    }
    if (f)
        fclose(f);
    return n;
}

/* The library that copied this process: nothing else here was loaded from a file that has no name. */
UNUSED static bool is_engine(const struct mapping *m)
{
    return strstr(m->path, "/memfd:") != NULL && strstr(m->path, "phial") != NULL;
}
#endif

// attack: looks for a mount that is not nosuid, not nodev, or writable where it must not be
// expect: status=ok stdout=contained
// with: attack.h
// host: plain
#include "attack.h"

static bool has(const char *options, const char *word)
{
    size_t n = strlen(word);
    for (const char *p = options; (p = strstr(p, word)); p += n)
        if ((p == options || p[-1] == ',') && (p[n] == ',' || p[n] == 0 || p[n] == ' '))
            return true;
    return false;
}

int main(void)
{
    char line[1024], at[256], options[256], root[256];
    FILE *f = fopen("/proc/self/mountinfo", "re");
    int count = 0;
    while (f && fgets(line, sizeof line, f)) {
        if (sscanf(line, "%*d %*d %*s %255s %255s %255s", root, at, options) != 3)
            continue;
        count++;
        tried();
        /* nodes on a nodev mount cannot be opened; nothing can be made in /dev: it is read-only */
        bool device = !strncmp(at, "/dev", 4);
        bool writable = !strncmp(at, "/work", 5) || !strncmp(at, "/tmp", 4);
        if (!has(options, "nosuid"))
            breach("%s is not nosuid: %s", at, options);
        if (!device && !has(options, "nodev"))
            breach("%s is not nodev: %s", at, options);
        if (strncmp(at, "/dev/", 5) && !writable && !has(options, "ro"))
            breach("%s is writable: %s", at, options);
        if (strstr(line, "shared:") || strstr(line, "master:"))
            breach("%s passes mounts on: %s", at, line);
        if (strstr(line, "/var/lib") || strstr(line, "/home/") || strstr(line, "phial"))
            breach("a path of the host is shown: %s", line);
    }
    if (count == 0)
        wrong("mountinfo cannot be read: %s", strerror(errno));
    printf("%d mounts\n", count);
    return finish();
}

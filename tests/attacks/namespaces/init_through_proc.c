// attack: reads and opens what /proc holds of its init: memory, environment, descriptors, root, program
// expect: status=ok stdout=contained
// with: attack.h
// host: plain
#include "attack.h"

int main(void)
{
    static const char *const names[] = {
        "mem",  "environ",    "maps",      "fd/0",   "fd/1",      "fd/3",    "root/",       "cwd/",
        "exe",  "stack",      "syscall",   "auxv",   "io",        "pagemap", "personality", "cmdline",
        "stat", "task/1/mem", "map_files", "ns/mnt", "mountinfo", "smaps"};
    char text[64], path[64];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "/proc/1/%s", names[i]);
        tried();
        int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
        if (fd >= 0)
            breach("%s can be opened", path);
        else if (errno != ENOENT && errno != EACCES && errno != EPERM)
            wrong("%s: %s", path, strerror(errno));
        if (readlink(path, text, sizeof text) > 0)
            breach("%s is a link that can be read", path);
        if (fd >= 0)
            close(fd);
    }
    return finish();
}

// attack: writes read-only memory of its child through /proc/PID/mem, as debuggers do
// expect: status=ok stdout=contained
// with: attack.h
// host: plain
#include "attack.h"

static const char constant[] = "as it was";

int main(void)
{
    char path[64];
    pid_t child = fork();
    if (child == 0) {
        pause();
        _exit(0);
    }
    snprintf(path, sizeof path, "/proc/%d/mem", child);
    int fd;
    STOPPED(fd = open(path, O_RDWR), EROFS, EACCES, EPERM, ENOENT);
    STOPPED(fd = open("/proc/self/mem", O_RDWR), EROFS, EACCES, EPERM);
    (void)constant;
    kill(child, SIGKILL);
    return finish();
}

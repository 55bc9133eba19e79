// attack: reaches phial's own program through /proc/self/exe and its init's (CVE-2019-5736)
// expect: status=ok stdout=contained
// with: attack.h
// host: plain
#include "attack.h"

int main(void)
{
    STOPPED(open("/proc/1/exe", O_RDONLY), ENOENT, EACCES, EPERM);
    STOPPED(open("/proc/1/exe", O_WRONLY), ENOENT, EACCES, EPERM);
    char text[256] = "";
    ssize_t n = readlink("/proc/self/exe", text, sizeof text - 1);
    tried();
    if (n < 0)
        wrong("/proc/self/exe: %s", strerror(errno));
    else if (strncmp(text, "/work/", 6))
        breach("/proc/self/exe is %s", text);
    return finish();
}

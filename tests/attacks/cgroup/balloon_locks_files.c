// attack: holds memory in ten thousand open files of /proc, folders and watches
// expect: status=ok stdout=contained
// expect: status=memory
// with: attack.h
// limits: memory_bytes=67108864
// host: never
#include "attack.h"

int main(void)
{
    long opened = 0;
    char text[16];
    for (; opened < 1000000; opened++) {
        int fd = open("/proc/self/smaps", O_RDONLY);
        if (fd < 0 || read(fd, text, sizeof text) < 0) /* a page of buffer each, once read */
            break;
    }
    tried();
    printf("%ld files: %s\n", opened, strerror(errno));
    if (opened == 1000000)
        breach("a million files were opened");
    return finish();
}

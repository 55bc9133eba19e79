// attack: ends while its children hold mappings, folders and descriptors of the work folder
// expect: status=ok stdout=contained
// with: attack.h
// host: never
#include "attack.h"

int main(void)
{
    tried();
    int p[2];
    if (pipe(p))
        return 1;
    for (int i = 0; i < 8; i++)
        if (fork() == 0) {
            char name[32];
            snprintf(name, sizeof name, "held%d", i);
            mkdir(name, 0700);
            if (chdir(name) == 0) {
                int fd = open("file", O_CREAT | O_RDWR, 0600);
                ftruncate(fd, 1 << 20);
                char *m = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
                memset(m, 1, 1 << 20);
            }
            ssize_t n = write(p[1], "r", 1);
            (void)n;
            for (;;)
                pause();
        }
    char byte;
    for (int i = 0; i < 8; i++)
        if (read(p[0], &byte, 1) != 1)
            wrong("read: %s", strerror(errno));
    return finish();
}

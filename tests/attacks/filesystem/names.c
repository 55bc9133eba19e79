// attack: uses names and paths at the edges: 255 bytes, 4096 bytes, odd bytes, link loops, dangling links
// expect: status=ok stdout=contained
// with: attack.h
// host: never
#include "attack.h"

int main(void)
{
    char name[5000];
    memset(name, 'a', sizeof name);
    name[255] = 0;
    tried();
    if (open(name, O_CREAT | O_WRONLY, 0600) < 0)
        wrong("a name of 255 bytes: %s", strerror(errno));
    name[255] = 'a';
    name[256] = 0;
    STOPPED(open(name, O_CREAT | O_WRONLY, 0600), ENAMETOOLONG);
    for (size_t i = 0; i < sizeof name - 1; i += 2)
        memcpy(name + i, "./", 2);
    name[sizeof name - 1] = 0;
    STOPPED(open(name, O_RDONLY), ENAMETOOLONG);
    symlink("loop", "loop");
    STOPPED(open("loop", O_RDONLY), ELOOP);
    symlink("/etc/shadow", "main.c.link");
    symlink("../../../../../../etc/passwd", "up");
    symlink("/proc/self/fd/0", "zero");
    mkfifo("fifo", 0600);
    for (int c = 1; c < 256; c++) {
        char odd[2] = {(char)c, 0};
        if (c != '/' && c != '.')
            close(open(odd, O_CREAT | O_WRONLY, 0600));
    }
    /* the run's own files become links, pipes and nothing: nobody outside may follow or wait for them */
    unlink("main.c");
    unlink("names.c");
    symlink("/etc/shadow", "names.c");
    mkfifo("main.c", 0600);
    return finish();
}

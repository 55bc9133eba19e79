// attack: fills the buffers of sockets and passes descriptors in them that nobody receives: memory of the kernel's
// expect: status=ok stdout=contained
// expect: status=memory
// with: attack.h
// limits: memory_bytes=33554432 processes=64
// host: never
#include "attack.h"

int main(void)
{
    static char block[65536];
    long total = 0;
    for (int c = 0; c < 40; c++) {
        int report[2];
        if (pipe(report))
            break;
        if (fork() == 0) {
            long own = 0;
            int p[2], size = 16 << 20;
            while (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, p) == 0) {
                setsockopt(p[1], SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
                ssize_t n;
                while ((n = write(p[1], block, sizeof block)) > 0)
                    own += n;
            }
            ssize_t w = write(report[1], &own, sizeof own);
            pause();
            _exit(w != sizeof own);
        }
        long own = 0;
        close(report[1]);
        if (read(report[0], &own, sizeof own) != sizeof own)
            break;
        close(report[0]);
        total += own;
    }
    tried();
    printf("%ld bytes in sockets\n", total);
    if (total > 33554432)
        breach("%ld bytes of the kernel's memory under a limit of 32 MiB", total);
    return finish();
}

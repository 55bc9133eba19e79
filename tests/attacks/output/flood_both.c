// attack: writes to both streams from many processes without end, ignoring every signal
// expect: status=output_limit
// with: attack.h
// limits: output_bytes=1048576
// host: never
#include "attack.h"

int main(void)
{
    for (int s = 1; s < 65; s++)
        signal(s, SIG_IGN);
    for (int i = 0; i < 5; i++)
        fork();
    static char block[4096];
    memset(block, 'y', sizeof block);
    for (;;) {
        ssize_t n = write(1, block, sizeof block);
        n += write(2, block, sizeof block);
        (void)n;
    }
}

// attack: ends, but leaves children that hold both streams open and write on: the answer comes at once, with what was written before
// expect: status=ok exit=0 stdout=contained
// with: attack.h
// limits: wall_ms=8000 output_bytes=16777216
// host: never
#include "attack.h"

int main(void)
{
    for (int i = 0; i < 3; i++)
        if (fork() == 0) {
            setsid();
            for (int s = 1; s < 65; s++)
                signal(s, SIG_IGN);
            for (;;) {
                ssize_t n = write(2, "still here\n", 11);
                (void)n;
                sleep_ms(5);
            }
        }
    tried();
    return finish();
}

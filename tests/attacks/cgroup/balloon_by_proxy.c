// attack: lets a child be killed for memory and goes on itself: the limit must end the whole run
// expect: status=memory
// with: attack.h
// limits: memory_bytes=67108864
// host: never
#include "attack.h"

int main(void)
{
    for (int i = 0; i < 5; i++) {
        pid_t child = fork();
        if (child == 0)
            for (;;) {
                char *p = malloc(1 << 20);
                touch(p, 1 << 20);
            }
        waitpid(child, NULL, 0);
        sleep_ms(200);
    }
    breach("it lived on after five children had been killed for memory");
    return finish();
}

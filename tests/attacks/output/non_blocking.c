// attack: makes its ends of the pipes non-blocking, append-only and packet-wise, then writes bytes one by one
// expect: status=ok exit=0 stdout=contained
// expect: status=output_limit
// with: attack.h
// limits: output_bytes=262144
// host: never
#include "attack.h"

int main(void)
{
    tried();
    fcntl(0, F_SETFL, O_NONBLOCK);
    fcntl(1, F_SETFL, O_NONBLOCK | O_DIRECT | O_APPEND);
    fcntl(2, F_SETFL, O_NONBLOCK | O_DIRECT | O_ASYNC);
    for (int i = 0; i < 100000; i++)
        while (write(2, "p", 1) < 0 && errno == EAGAIN)
            sched_yield();
    fcntl(1, F_SETFL, 0);
    fcntl(2, F_SETFL, 0);
    return finish();
}

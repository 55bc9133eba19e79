// attack: calls by int 0x80 from a thread: all threads must die of it, not that one alone
// expect: status=killed signal=SIGSYS
// with: attack.h
// host: plain
#include "attack.h"
#include <pthread.h>

static void *call(void *nothing)
{
    long r;
    __asm__ volatile("int $0x80" : "=a"(r) : "a"(20L) : "memory");
    breach("an i386 call gave %ld", r);
    return nothing;
}

int main(void)
{
    pthread_t thread;
    pthread_create(&thread, NULL, call, NULL);
    pthread_join(thread, NULL);
    sleep_ms(200);
    breach("the process lived on");
    return finish();
}

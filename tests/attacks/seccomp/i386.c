// attack: calls by int 0x80, whose numbers mean other calls than the filter reads
// expect: status=killed signal=SIGSYS
// with: attack.h
// host: plain
#include "attack.h"

int main(void)
{
    long r;
    __asm__ volatile("int $0x80" : "=a"(r) : "a"(20L /* getpid of i386 */) : "memory");
    breach("an i386 call gave %ld", r);
    return finish();
}

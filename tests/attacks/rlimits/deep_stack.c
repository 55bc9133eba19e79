// attack: recurses without end
// expect: status=error signal=SIGSEGV
// expect: status=memory
// with: attack.h
// host: never
#include "attack.h"

static long deeper(long n)
{
    volatile char room[4096];
    room[0] = (char)n;
    return deeper(n + 1) + room[0];
}

int main(void)
{
    printf("%ld\n", deeper(0));
    breach("it came back");
    return finish();
}

// attack: aborts: the answer must say SIGABRT, which it would not if it were process 1
// expect: status=error signal=SIGABRT
// with: attack.h
// host: never
#include "attack.h"

int main(void)
{
    if (getpid() == 1)
        breach("it is process 1");
    abort();
}

// attack: gives a program gigabytes of arguments, or a huge stack by its own limit
// expect: status=ok stdout=contained
// expect: status=memory
// with: attack.h
// host: never
#include "attack.h"

int main(int count, char **arguments)
{
    if (count > 1)
        return 0;
    static char *many[600000];
    char *long_one = malloc(131000);
    memset(long_one, 'a', 131000);
    long_one[130999] = 0;
    for (int i = 0; i < 599999; i++)
        many[i] = long_one;
    STOPPED(execve(arguments[0], many, NULL), E2BIG);
    return finish();
}

// attack: a file name that looks like an option to the compiler
// expect: status=ok stdout=contained
// expect: status=refused
// expect: status=compile_error
// name: -wrapper,x.c
// host: never
#include <stdio.h>
int main(void)
{
    puts("contained");
}

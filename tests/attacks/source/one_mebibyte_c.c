// attack: a source of 1 MiB of line feeds
// expect: status=ok stdout=contained
// pad: 1048576
// host: never
#include <stdio.h>
int main(void)
{
    puts("contained");
}

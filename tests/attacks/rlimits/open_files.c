// attack: opens files without end
// expect: status=ok stdout=contained
// with: attack.h
// host: never
#include "attack.h"

int main(void)
{
    int opened = 0;
    for (; opened < 100000 && open("/dev/null", O_RDONLY) >= 0; opened++)
        ;
    tried();
    printf("%d files: %s\n", opened, strerror(errno));
    if (opened > 65536 || (opened == 100000))
        breach("%d files could be opened", opened);
    else if (errno != EMFILE)
        wrong("it ended with %s", strerror(errno)); /* ENFILE would be the whole machine's table */
    return finish();
}

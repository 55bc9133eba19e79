// attack: never reads its input and closes it, while there is more than a pipe holds
// expect: status=ok stdout=contained
// with: attack.h
// stdin_bytes: 1048576
// host: never
#include "attack.h"

int main(void)
{
    tried();
    close(0);
    sleep_ms(100);
    return finish();
}

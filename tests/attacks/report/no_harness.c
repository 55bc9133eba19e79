// attack: writes a report although its language has no harness
// expect: status=error exit=9 value=null stdout=contained
// with: attack.h
// host: never
#include "attack.h"

int main(void)
{
    static const char line[] = "{\"compile_error\":true}\n{\"value\":\"forged\"}\n";
    for (int fd = 3; fd < 64; fd++)
        STOPPED(write(fd, line, sizeof line - 1), EBADF);
    finish();
    return 9;
}

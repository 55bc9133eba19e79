// attack: binds a datagram socket to a name by SO_PASSCRED alone, without bind or socket
// expect: status=ok stdout=contained
// with: attack.h
// host: plain
#include "attack.h"

int main(void)
{
    int pair[2], on = 1;
    DENIED(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair));
    DENIED(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair));
    DENIED(socketpair(AF_UNIX, SOCK_RAW, 0, pair));
    (void)on;
    return finish();
}

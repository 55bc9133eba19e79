// attack: looks for network interfaces and calls the host on loopback and the machine's own metadata address
// expect: status=ok stdout=contained
// with: attack.h
// host: plain
#include "attack.h"
#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/ioctl.h>

int main(void)
{
    DENIED(socket(AF_INET, SOCK_STREAM, 0));
    DENIED(socket(AF_INET6, SOCK_STREAM, 0));
    DENIED(socket(AF_INET, SOCK_DGRAM, 0));
    /* even without such a socket the interfaces could be asked for through one of another family */
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0) {
        struct ifreq r = {.ifr_ifindex = 1};
        struct ifconf c = {0};
        DENIED(ioctl(pair[0], SIOCGIFCONF, &c));
        DENIED(ioctl(pair[0], SIOCGIFNAME, &r));
        struct sockaddr_in a = {
            .sin_family = AF_INET, .sin_port = htons(22), .sin_addr = {htonl(INADDR_LOOPBACK)}};
        STOPPED(connect(pair[0], (struct sockaddr *)&a, sizeof a), EINVAL, EISCONN);
    }
    return finish();
}

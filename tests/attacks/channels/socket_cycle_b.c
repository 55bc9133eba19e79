// attack: looks for sockets that the run before left in its network namespace
// expect: status=ok stdout=contained
// with: attack.h
// with: channel.h
// pair: socket_cycle
// order: after
// host: never
#define LEAVE 0
#include "attack.h"
#include "channel.h"
#include <sys/un.h>

static void pass(int to, int what)
{
    char space[CMSG_SPACE(sizeof(int))] = {0}, byte = 'x';
    struct iovec v = {&byte, 1};
    struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1, .msg_control = space, .msg_controllen = sizeof space};
    struct cmsghdr *c = CMSG_FIRSTHDR(&m);
    *c = (struct cmsghdr){
        .cmsg_len = CMSG_LEN(sizeof(int)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
    memcpy(CMSG_DATA(c), &what, sizeof what);
    if (sendmsg(to, &m, 0) != 1)
        wrong("sendmsg: %s", strerror(errno));
}

int main(void)
{
    char line[256];
    int listed = 0, s;
    FILE *f = fopen("/proc/self/net/unix", "re");
    while (f && fgets(line, sizeof line, f))
        listed++;
    tried();
    if (listed > 1)
        breach("there are %d sockets already", listed - 1);
    for (int i = 0; i < 64; i++) {
        struct sockaddr_un a = {.sun_family = AF_UNIX};
        socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 +
                                     (size_t)snprintf(a.sun_path + 1, 64, SECRET "%d", i));
        if ((s = socket(AF_UNIX, SOCK_STREAM, 0)) < 0)
            break;
        if (!LEAVE && connect(s, (struct sockaddr *)&a, size) == 0)
            breach("socket %d of the run before answers", i);
        int pair[2];
        if (LEAVE && bind(s, (struct sockaddr *)&a, size) == 0 && listen(s, 5) == 0 &&
            socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0) {
            pass(pair[0], s); /* the listener in flight in a pair whose ends are in flight in each other */
            pass(pair[0], pair[1]);
            pass(pair[1], pair[0]);
            close(pair[0]);
            close(pair[1]);
        }
        close(s);
    }
    return finish();
}

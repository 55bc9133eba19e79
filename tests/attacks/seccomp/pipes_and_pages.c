// attack: lends pages of its own and of the image to the pipe that phial reads: vmsplice, tee, splice, sendfile
// expect: status=ok stdout=contained
// with: attack.h
// host: plain
#include "attack.h"
#include <sys/sendfile.h>
#include <sys/uio.h>

int main(void)
{
    int pipes[2], others[2], file = open("/proc/self/exe", O_RDONLY);
    static char page[4096] __attribute__((aligned(4096)));
    struct iovec v = {page, sizeof page};
    if (pipe(pipes) || pipe(others))
        wrong("pipe: %s", strerror(errno));
    DENIED(vmsplice(pipes[1], &v, 1, SPLICE_F_GIFT));
    DENIED(vmsplice(1, &v, 1, 0));
    DENIED(tee(pipes[0], others[1], 16, SPLICE_F_NONBLOCK));
    DENIED(splice(file, NULL, pipes[1], NULL, 16, 0));
    /* sendfile from a file to a pipe is a splice: it leaves a page of the page cache in the pipe (CVE-2022-0847) */
    STOPPED(sendfile(pipes[1], file, NULL, 16), EPERM, EINVAL);
    return finish();
}

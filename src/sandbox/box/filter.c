/* Wall 4 from inside: installing the filter that the executor compiled (seccomp.c). */
#include "sandbox/box/box.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <sys/stat.h>
#include <sys/syscall.h>

int filter_load(struct filter_program *f, int fd)
{
    struct stat s;
    if (fstat(fd, &s) < 0)
        return -errno;
    if (s.st_size <= 0 || (size_t)s.st_size > sizeof f->code || (size_t)s.st_size % sizeof f->code[0])
        return -EINVAL;
    f->count = (unsigned short)((size_t)s.st_size / sizeof f->code[0]);
    return pread_all(fd, f->code, (size_t)s.st_size, 0);
}

int install_filter(struct making *m)
{
    struct sock_fprog program = {m->filter->count, (struct sock_filter *)m->filter->code};
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) < 0 ? -errno : 0;
}

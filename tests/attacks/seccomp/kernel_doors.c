// attack: calls the parts of the kernel where most holes are found: bpf, perf, userfaultfd, io_uring, keys, aio
// expect: status=ok stdout=contained
// with: attack.h
// host: plain
#include "attack.h"

int main(void)
{
    /* with these arguments the kernel itself would say EINVAL, EFAULT or EBADF: EPERM can only be the filter's */
    char params[128] = {0};
    DENIED(syscall(SYS_bpf, 999, 0, 0));
    DENIED(syscall(SYS_perf_event_open, 0, 0, -1, -1, 0));
    DENIED(syscall(SYS_userfaultfd, 0));
    DENIED(syscall(SYS_userfaultfd, 1 /* UFFD_USER_MODE_ONLY */));
    DENIED(syscall(SYS_io_uring_setup, 4, params));
    DENIED(syscall(SYS_io_uring_setup, 0, 0));
    DENIED(syscall(SYS_io_uring_enter, -1, 0, 0, 0, 0, 0));
    DENIED(syscall(SYS_io_uring_register, -1, 0, 0, 0));
    unsigned long aio = 0;
    DENIED(syscall(SYS_io_setup, 4, &aio));
    DENIED(syscall(SYS_io_submit, 0, 0, 0));
    DENIED(syscall(SYS_add_key, "user", "phial", "x", 1, -3));
    DENIED(syscall(SYS_request_key, "user", "phial", 0, -3));
    DENIED(syscall(SYS_keyctl, 0 /* GET_KEYRING_ID */, -3, 0));
    DENIED(syscall(SYS_keyctl, 9999, 0, 0));
    DENIED(syscall(447 /* memfd_secret */, 0));
    DENIED(syscall(SYS_seccomp, 1 /* SET_MODE_FILTER */, 0, 0));
    DENIED(syscall(SYS_seccomp, 2 /* GET_ACTION_AVAIL */, 0, 0));
    return finish();
}

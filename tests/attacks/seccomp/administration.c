// attack: administers the machine: modules, kexec, swap, accounting, quota, reboot, clocks, log, ports
// expect: status=ok stdout=contained
// with: attack.h
// host: never
#include "attack.h"
#include <sys/time.h>
#include <sys/timex.h>

int main(void)
{
    DENIED(syscall(SYS_init_module, "", 0, ""));
    DENIED(syscall(SYS_finit_module, -1, "", 0));
    DENIED(syscall(SYS_delete_module, "no_such_module", 0));
    DENIED(syscall(SYS_kexec_load, 0, 0, 0, 0));
    DENIED(syscall(SYS_kexec_file_load, -1, -1, 0, "", 0));
    DENIED(syscall(SYS_swapon, "/work/swap", 0));
    DENIED(syscall(SYS_swapoff, "/work/swap"));
    DENIED(syscall(SYS_acct, "/work/acct"));
    DENIED(syscall(SYS_acct, NULL));
    DENIED(syscall(SYS_quotactl, 0x800001, "/dev/null", 0, 0));
    DENIED(syscall(443 /* quotactl_fd */, -1, 0, 0, 0));
    DENIED(syscall(SYS_reboot, 0, 0, 0, 0)); /* EINVAL if the kernel were asked */
    DENIED(syscall(SYS_reboot, 0xfee1dead, 672274793, 0x89abcdef /* CAD_ON */, 0));
    struct timeval tv = {1, 0};
    struct timespec ts = {1, 0};
    struct timex tx = {.modes = 0};
    DENIED(syscall(SYS_settimeofday, &tv, NULL));
    DENIED(syscall(SYS_clock_settime, CLOCK_REALTIME, &ts));
    DENIED(syscall(SYS_adjtimex, &tx)); /* with modes 0 the kernel lets anyone read */
    DENIED(syscall(SYS_clock_adjtime, CLOCK_REALTIME, &tx));
    DENIED(syscall(SYS_syslog, 10, 0, 0));
    DENIED(syscall(SYS_vhangup));
    DENIED(syscall(SYS_iopl, 3));
    DENIED(syscall(SYS_ioperm, 0x80, 1, 1));
    DENIED(syscall(SYS_sync));
    DENIED(syscall(SYS_syncfs, 0));
    return finish();
}

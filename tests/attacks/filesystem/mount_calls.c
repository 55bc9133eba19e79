// attack: mounts, remounts, binds over, moves and unmounts, turns the root around
// expect: status=ok stdout=contained
// with: attack.h
// host: unshared
#include "attack.h"
#include <sys/mount.h>

int main(void)
{
    mkdir("/tmp/m", 0700);
    DENIED(mount("none", "/tmp/m", "tmpfs", 0, "size=1g"));
    DENIED(mount("/", "/tmp/m", NULL, MS_BIND | MS_REC, NULL));
    DENIED(mount("none", "/", NULL, MS_REMOUNT | MS_BIND, NULL));
    DENIED(mount("none", "/work", NULL, MS_REMOUNT, "size=1g"));
    DENIED(mount("none", "/tmp", NULL, MS_REMOUNT, "size=1g,nr_inodes=0"));
    DENIED(mount("proc", "/tmp/m", "proc", 0, NULL));
    DENIED(mount("sysfs", "/tmp/m", "sysfs", 0, NULL));
    DENIED(mount("none", "/tmp/m", "cgroup2", 0, NULL));
    DENIED(mount("/work", "/usr", NULL, MS_BIND, NULL));
    DENIED(mount("/tmp", "/tmp/m", NULL, MS_MOVE, NULL));
    DENIED(mount(NULL, "/", NULL, MS_SHARED | MS_REC, NULL));
    DENIED(umount2("/tmp", MNT_DETACH));
    DENIED(umount2("/proc", MNT_DETACH));
    DENIED(umount2("/dev/null", MNT_DETACH));
    DENIED(umount2("/nothing", UMOUNT_NOFOLLOW)); /* ENOENT if the kernel were asked */
    DENIED(syscall(SYS_pivot_root, "/tmp", "/tmp/m"));
    DENIED(syscall(SYS_pivot_root, ".", "."));
    DENIED(chroot("/tmp"));
    DENIED(chroot("/nothing"));
    rmdir("/tmp/m");
    return finish();
}

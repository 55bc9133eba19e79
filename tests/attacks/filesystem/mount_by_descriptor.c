// attack: mounts by the descriptor calls: fsopen, fsmount, open_tree, move_mount, mount_setattr, statmount
// expect: status=ok stdout=contained
// with: attack.h
// host: unshared
#include "attack.h"

int main(void)
{
    DENIED(syscall(SYS_fsopen, "tmpfs", 0));
    DENIED(syscall(SYS_fsopen, "no such thing", 0)); /* ENODEV if the kernel were asked */
    DENIED(syscall(SYS_fsconfig, -1, 0, 0, 0, 0));
    DENIED(syscall(SYS_fsmount, -1, 0, 0));
    DENIED(syscall(SYS_fspick, AT_FDCWD, "/", 0));
    DENIED(syscall(SYS_open_tree, AT_FDCWD, "/", 0));
    DENIED(syscall(SYS_open_tree, AT_FDCWD, "/", 1 /* OPEN_TREE_CLONE */));
    DENIED(syscall(SYS_move_mount, AT_FDCWD, "/tmp", AT_FDCWD, "/usr", 0));
    DENIED(syscall(442 /* mount_setattr */, AT_FDCWD, "/nothing", 0, 0, 0));
    UNKNOWN(syscall(457 /* statmount */, 0, 0, 0, 0));
    UNKNOWN(syscall(458 /* listmount */, 0, 0, 0, 0));
    UNKNOWN(syscall(467 /* open_tree_attr */, AT_FDCWD, "/", 0, 0, 0));
    return finish();
}

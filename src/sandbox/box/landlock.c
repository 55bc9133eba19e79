/* Wall 5: Landlock, where the kernel has it: landlock(7). The image may be read and executed, the work folder
 * and /tmp written; no TCP; no abstract socket and no signal to anything outside. It stands even if a mount
 * slipped. */
#include "sandbox/box/box.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>

/* The oldest headers we build with (Linux 6.1) lack what later ABIs added, so the structures stand here; the
 * kernel takes any size whose tail it does not know if that tail is zero. */
struct ruleset {
    uint64_t files, net, scoped;
};
struct beneath {
    uint64_t access;
    int32_t parent;
} __attribute__((packed));

enum {
    CREATE_RULESET_VERSION = 1,
    RULE_PATH_BENEATH = 1,
    EXECUTE = 1 << 0,
    WRITE_FILE = 1 << 1,
    READ_FILE = 1 << 2,
    READ_DIR = 1 << 3,
    MAKE_CHAR = 1 << 6,
    MAKE_BLOCK = 1 << 11,
    ALL_OF_ABI_1 = (1 << 13) - 1,
    REFER = 1 << 13,              /* ABI 2 */
    TRUNCATE = 1 << 14,           /* ABI 3 */
    IOCTL_DEV = 1 << 15,          /* ABI 5 */
    NET_BIND_AND_CONNECT = 3,     /* ABI 4 */
    SCOPE_SOCKETS_AND_SIGNALS = 3 /* ABI 6 */
};

static int allow(int ruleset, const char *path, uint64_t access)
{
    cleanup_fd int parent = open(path, O_PATH | O_CLOEXEC);
    if (parent < 0)
        return -errno;
    struct beneath rule = {access, parent};
    return syscall(SYS_landlock_add_rule, ruleset, RULE_PATH_BENEATH, &rule, 0) < 0 ? -errno : 0;
}

int restrict_files(struct making *m)
{
    if (!(m->order.flags & ORDER_LANDLOCK))
        return 0;
    long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, CREATE_RULESET_VERSION);
    if (abi < 0)
        return -errno;
    struct ruleset attributes = {.files = ALL_OF_ABI_1};
    attributes.files |= (abi >= 2 ? REFER : 0) | (abi >= 3 ? TRUNCATE : 0) | (abi >= 5 ? IOCTL_DEV : 0);
    attributes.net = abi >= 4 ? NET_BIND_AND_CONNECT : 0;
    attributes.scoped = abi >= 6 ? SCOPE_SOCKETS_AND_SIGNALS : 0;
    size_t size = abi >= 6 ? 24 : abi >= 4 ? 16 : 8;
    cleanup_fd int ruleset = (int)syscall(SYS_landlock_create_ruleset, &attributes, size, 0);
    if (ruleset < 0)
        return -errno;
    uint64_t writable = attributes.files & ~(uint64_t)(MAKE_CHAR | MAKE_BLOCK | IOCTL_DEV);
    int r = allow(ruleset, "/", EXECUTE | READ_FILE | READ_DIR);
    if (r == 0)
        r = allow(ruleset, "/dev", READ_FILE | WRITE_FILE | (attributes.files & TRUNCATE));
    if (r == 0)
        r = allow(ruleset, "/work", writable);
    if (r == 0)
        r = allow(ruleset, "/tmp", writable);
    if (r == 0 && syscall(SYS_landlock_restrict_self, ruleset, 0) < 0)
        r = -errno;
    return r;
}

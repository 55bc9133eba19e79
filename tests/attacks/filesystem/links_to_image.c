// attack: makes hard links to the image's files, renames and changes them, opens them for writing through links
// expect: status=ok stdout=contained
// with: attack.h
// host: never
#include "attack.h"
#include <sys/time.h>
#include <sys/xattr.h>

int main(void)
{
    const char *file = "/usr/bin/env";
    if (access(file, F_OK))
        file = "/etc/passwd";
    STOPPED(link(file, "/work/hard"), EXDEV, EPERM, EROFS);
    STOPPED(link(file, "/tmp/hard"), EXDEV, EPERM, EROFS);
    STOPPED(rename(file, "/tmp/moved"), EXDEV, EROFS, EACCES, EPERM);
    STOPPED(rename("/work", "/tmp/work"), EXDEV, EBUSY, EROFS, EACCES, EPERM, EINVAL);
    STOPPED(chmod(file, 04777), EROFS, EPERM);
    STOPPED(chown(file, getuid(), getgid()), EROFS, EPERM);
    STOPPED(utimes(file, NULL), EROFS, EPERM, EACCES);
    STOPPED(truncate(file, 0), EROFS, EACCES, EPERM, ETXTBSY);
    STOPPED(unlink(file), EROFS, EACCES, EPERM);
    STOPPED(setxattr(file, "user.x", "1", 1, 0), EROFS, EPERM, EACCES, EOPNOTSUPP);
    symlink(file, "/work/soft");
    STOPPED(open("/work/soft", O_WRONLY), EROFS, EACCES, ETXTBSY);
    STOPPED(open("/proc/self/exe", O_WRONLY), ETXTBSY, EROFS, EACCES);
    int fd = open(file, O_RDONLY);
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    STOPPED(open(path, O_WRONLY), EROFS, EACCES, EPERM, ETXTBSY);
    STOPPED(fchmod(fd, 0777), EROFS, EPERM);
    STOPPED((long)mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0), EACCES, EPERM);
    void *p = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
    STOPPED(mprotect(p, 4096, PROT_READ | PROT_WRITE), EACCES, EPERM);
    return finish();
}

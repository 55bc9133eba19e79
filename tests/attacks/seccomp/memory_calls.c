// attack: takes memory that its group does not pay for or that others see: huge pages, secret memory, merged pages
// expect: status=ok stdout=contained
// with: attack.h
// host: never
#include "attack.h"

int main(void)
{
    long size = 2 << 20;
    STOPPED((long)mmap(NULL, (size_t)size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB,
                       -1, 0),
            EPERM);
    STOPPED((long)mmap(NULL, (size_t)size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB | 30 << 26,
                       -1, 0),
            EPERM);
    DENIED(syscall(SYS_memfd_create, "x", 4 /* MFD_HUGETLB */));
    DENIED(syscall(SYS_memfd_create, "x", 1L << 32 | 4));
    DENIED(syscall(447 /* memfd_secret */, 0));
    void *p = mmap(NULL, (size_t)size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    DENIED(madvise(p, (size_t)size, 12 /* MADV_MERGEABLE */));
    DENIED(madvise(p, (size_t)size, 100 /* MADV_HWPOISON */));
    DENIED(madvise(p, (size_t)size, 101 /* MADV_SOFT_OFFLINE */));
    DENIED(madvise(p, (size_t)size, 21 /* MADV_PAGEOUT */));
    DENIED(syscall(SYS_madvise, p, size, 1L << 32 | 12));
    DENIED(syscall(SYS_mbind, p, size, 0, 0, 0, 0));
    DENIED(mlockall(MCL_CURRENT | MCL_FUTURE));
    return finish();
}

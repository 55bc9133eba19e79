/* The end of a clone. The C library's exit() takes apart what every library has built (exit(3)): for a copied
 * runtime that means to write to, and so to copy, a third of all pages that a short run ever touches, only to
 * let them go. The kernel takes all back anyway. What can be seen from outside is kept: standard I/O is
 * flushed, the code is the same. A program that has loaded a library of its own, whose destructors may do
 * something, ends as ever. */
#include "template/engine/engine.h"

#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <stdio.h>
#include <sys/syscall.h>

static void (*library_exit)(int);

static int take_count(struct dl_phdr_info *info, size_t size, void *count)
{
    (void)size;
    *(unsigned long long *)count = info->dlpi_adds; /* the same for all: how many were ever loaded */
    return 1;
}

unsigned long long libraries_loaded(void)
{
    unsigned long long count = 0;
    dl_iterate_phdr(take_count, &count);
    return count;
}

int exit_find(void)
{
    void *found = dlsym(RTLD_NEXT, "exit");
    memcpy(&library_exit, &found, sizeof library_exit);
    return found ? 0 : -ENOSYS;
}

__attribute__((visibility("default"))) _Noreturn void exit(int code)
{
    if (engine.phase == ENGINE_LIVE && libraries_loaded() == engine.libraries) {
        fflush(NULL);
        _exit(code);
    }
    library_exit(code);
    __builtin_unreachable();
}

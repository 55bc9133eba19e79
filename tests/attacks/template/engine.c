// attack: calls every function of the library that copied the process, and those that it put before the C library's
// expect: status=ok stdout=contained
// with: attack.h
// with: runtime.h
// host: never
#include "runtime.h"
#include <dlfcn.h>
#include <elf.h>
#include <link.h>

static struct mapping maps[MAPPINGS_MOST];
static size_t map_count;

/* After anything the library did: no more rights than before, no descriptor more than before. */
static void same_as_ever(const char *what, size_t descriptors)
{
    struct status s;
    pid_t numbers[NUMBERS_MOST];
    tried();
    if (!status_read("/proc/self/status", &s))
        return;
    for (size_t i = 0; i < 5; i++)
        if (s.sets[i])
            breach("%s: capabilities %llx", what, s.sets[i]);
    if (s.uid[0] != getuid() || s.uid[0] == 0 || s.no_new_privs != 1 || s.seccomp != 2)
        breach("%s: user %u, no_new_privs %d, seccomp %d", what, s.uid[0], s.no_new_privs, s.seccomp);
    if (numbers_in("/proc/self/fd", numbers) > descriptors)
        breach("%s: a new descriptor", what);
}

typedef long any_function(long, long, long, long, long, long);

static void call(const char *name, any_function *function)
{
    static char page[65536];
    const long words[][6] = {{0},
                             {-1, -1, -1, -1, -1, -1},
                             {(long)page, (long)page, (long)page, 64, 64, 64},
                             {3, (long)page, sizeof page, 0, 0, 0},
                             {FREEZE_SIGNAL, (long)page, (long)page, 0, 0, 0}};
    pid_t numbers[NUMBERS_MOST];
    size_t descriptors = numbers_in("/proc/self/fd", numbers);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        pid_t child = fork();
        if (child == 0) {
            alarm(1);
            breaches_ = 0;
            function(words[i][0], words[i][1], words[i][2], words[i][3], words[i][4], words[i][5]);
            same_as_ever(name, descriptors);
            _exit(breaches_ != 0);
        }
        int status = 0;
        waitpid(child, &status, 0);
        if (WIFEXITED(status) && WEXITSTATUS(status) == 1)
            breaches_++;
        if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
            break; /* it waits, for one who does not exist in the child */
    }
    same_as_ever(name, descriptors);
}

/* All that it exports, by its own table of names. */
static int each_object(struct dl_phdr_info *info, size_t size, void *context)
{
    size_t *calls = context;
    (void)size;
    const struct mapping *m = NULL;
    for (size_t i = 0; i < map_count; i++)
        if (is_engine(&maps[i]) && info->dlpi_addr >= maps[i].start && info->dlpi_addr < maps[i].end)
            m = &maps[i];
    if (!m)
        return 0;
    const ElfW(Sym) *symbols = NULL;
    const char *strings = NULL;
    const ElfW(Word) *hash = NULL;
    for (int i = 0; i < info->dlpi_phnum; i++)
        if (info->dlpi_phdr[i].p_type == PT_DYNAMIC)
            for (ElfW(Dyn) *d = (void *)(info->dlpi_addr + info->dlpi_phdr[i].p_vaddr); d->d_tag; d++) {
                if (d->d_tag == DT_SYMTAB)
                    symbols = (void *)d->d_un.d_ptr;
                if (d->d_tag == DT_STRTAB)
                    strings = (void *)d->d_un.d_ptr;
                if (d->d_tag == DT_GNU_HASH)
                    hash = (void *)d->d_un.d_ptr;
            }
    /* The table of symbols lies before that of names, and each is 24 bytes. */
    for (const ElfW(Sym) *s = symbols; hash && symbols && strings && (const char *)s < strings; s++)
        if (ELF64_ST_TYPE(s->st_info) == STT_FUNC && s->st_value) {
            printf("calling %s\n", strings + s->st_name);
            call(strings + s->st_name, (any_function *)(info->dlpi_addr + s->st_value));
            ++*calls;
        }
    return 0;
}

static void put_before_the_c_library(void)
{
    static const char *const names[] = {"pthread_sigmask", "sigprocmask",  "madvise",
                                        "sendmsg",         "memfd_create", "sigaction",
                                        "signal",          "getpid",       "fork"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        void *function = dlsym(RTLD_DEFAULT, names[i]);
        if (function && strcmp(names[i], "fork") != 0)
            call(names[i], (any_function *)function);
    }
    /* What the kernel refuses, the stand-in must not do either. */
    char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    page[0] = 'x';
    STOPPED(madvise(page, 4096, 100 /* MADV_HWPOISON */), EPERM, EINVAL);
    STOPPED(madvise(page, 4096, 21 /* MADV_PAGEOUT */), EPERM);
    STOPPED(sendmsg(-1, NULL, 0), EBADF, EFAULT);
}

int main(void)
{
    size_t calls = 0, found = 0;
    map_count = mappings_read(maps);
    for (size_t i = 0; i < map_count; i++) {
        if (!is_engine(&maps[i]))
            continue;
        found++;
        tried();
        if (maps[i].rights[3] == 's' || (maps[i].rights[1] == 'w' && maps[i].rights[2] == 'x'))
            breach("the library is mapped %s", maps[i].rights);
        char path[96];
        snprintf(path, sizeof path, "/proc/self/map_files/%lx-%lx", maps[i].start, maps[i].end);
        STOPPED_NAMED("open the library's file", open(path, O_RDWR | O_CLOEXEC), EPERM, EACCES, ENOENT,
                      EROFS);
        STOPPED_NAMED("read the library's file", open(path, O_RDONLY | O_CLOEXEC), EPERM, EACCES, ENOENT);
    }
    dl_iterate_phdr(each_object, &calls);
    put_before_the_c_library();
    printf("%zu mappings of the library, %zu functions called\n", found, calls);
    return finish();
}

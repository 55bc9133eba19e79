/* What the attack programs in C share: how they say what happened. Nothing here is part of phial itself.
 *
 * A program ends with `return finish();`. `BREACH:` means that something got through; `WRONG:` that it was stopped,
 * but not by the wall under test, so that nothing is shown. Output is not buffered: a program may die at any point.
 */
#ifndef ATTACK_H
#define ATTACK_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define UNUSED __attribute__((unused))

static int breaches_, wrongs_, tries_;

__attribute__((constructor)) UNUSED static void unbuffered(void)
{
    setvbuf(stdout, NULL, _IONBF, 0);
}

__attribute__((format(printf, 1, 2))) UNUSED static void breach(const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    printf("BREACH: %s\n", text);
    breaches_++;
}

__attribute__((format(printf, 1, 2))) UNUSED static void wrong(const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    printf("WRONG: %s\n", text);
    wrongs_++;
}

/* Counts an attempt that is judged by other means than its return value. */
UNUSED static void tried(void)
{
    tries_++;
}

/* A call that must have failed with one of the errors in `allowed` (ended by 0). */
UNUSED static void judge_(const char *what, long result, int error, const int *allowed)
{
    tries_++;
    if (result != -1) {
        breach("%s gave %ld", what, result);
        return;
    }
    for (; *allowed; allowed++)
        if (error == *allowed)
            return;
    wrong("%s: %s (errno %d)", what, strerror(error), error);
}
#define STOPPED_NAMED(what, call, ...)                                                                       \
    do {                                                                                                     \
        errno = 0;                                                                                           \
        long result_ = (long)(call);                                                                         \
        judge_((what), result_, errno, (const int[]){__VA_ARGS__, 0});                                       \
    } while (0)
/* The same for a call that was made before; `error` is its errno. */
#define STOPPED_BEFORE(what, result, error, ...)                                                             \
    judge_((what), (result), (error), (const int[]){__VA_ARGS__, 0})
/* The call must fail, with one of these errors. */
#define STOPPED(call, ...) STOPPED_NAMED(#call, call, __VA_ARGS__)
/* The filter refuses a call it knows. */
#define DENIED(call) STOPPED(call, EPERM)
/* The call is newer than what every filter can name: refused, or not there. */
#define DENIED_OR_UNKNOWN(call) STOPPED(call, EPERM, ENOSYS)
/* The filter says that there is no such call. */
#define UNKNOWN(call) STOPPED(call, ENOSYS)

UNUSED static int finish(void)
{
    if (tries_ == 0)
        wrong("nothing was tried");
    if (breaches_ == 0 && wrongs_ == 0)
        puts("contained");
    return breaches_ != 0 || wrongs_ != 0;
}

UNUSED static void sleep_ms(long ms)
{
    struct timespec t = {ms / 1000, ms % 1000 * 1000000};
    while (nanosleep(&t, &t) && errno == EINTR)
        ;
}

UNUSED static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Writes to each page of `size` bytes; a memset that nobody reads would be left out by the compiler. */
UNUSED static void touch(void *p, size_t size)
{
    for (size_t i = 0; p && i < size; i += 4096)
        ((volatile char *)p)[i] = 0x5a;
}

/* Does work in a child that is thrown away, so that a success cannot spoil what comes after. */
UNUSED static int in_child(void (*work)(void *), void *context)
{
    pid_t child = fork();
    if (child == 0) {
        breaches_ = wrongs_ = tries_ = 0;
        work(context);
        _exit(breaches_ ? 1 : wrongs_ ? 2 : 0);
    }
    tries_++;
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) != child) {
        wrong("fork: %s", strerror(errno));
        return -1;
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == 1)
        breaches_++;
    else if (!WIFEXITED(status) || WEXITSTATUS(status) == 2)
        wrongs_++;
    return status;
}

/* Whether the file can be read; its first bytes go to `text`. */
UNUSED static ssize_t peek(const char *path, char *text, size_t size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return -1;
    ssize_t n = read(fd, text, size - 1);
    int error = errno;
    close(fd);
    errno = error;
    if (n >= 0)
        text[n] = 0;
    return n;
}

/* In a clone of a warm runtime there is one process more than in a run that booted: it shares the runtime's memory
 * and does nothing. ATTACK_IN_CLONE is set where the attack is made for clones (in_clones). */
UNUSED static bool is_holder(pid_t number)
{
#ifdef ATTACK_IN_CLONE
    char path[64], name[32] = "";
    snprintf(path, sizeof path, "/proc/%d/comm", number);
    return peek(path, name, sizeof name) > 0 && !strcmp(name, "phial-holder\n");
#else
    (void)number;
    return false;
#endif
}

#endif

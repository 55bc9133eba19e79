/* engine: the library that lives in a warm runtime. It freezes the process and makes copies of it, threads
 * and descriptors and all, each in a box of its own, behind the same walls as any program.
 *
 * Theory of operation. The dynamic loader puts it into the runtime (LD_PRELOAD). It takes what it was started
 * with, gives up the ambient set, and installs a handler for one signal; then the runtime boots. When the
 * executor thinks fit it sends that signal to the main thread. In the handler, the main thread stops every
 * other thread by the same signal: each notes what the kernel knows of it (thread pointer, robust list, where
 * its number is to be cleared) and waits for good. Its registers, floating point state, signal mask and
 * alternate stack lie in the frame that the kernel made for the handler. Then the main thread makes a *plan*
 * of the process's descriptors, and looks for whatever else a copy would not have or would share; if it meets
 * something that it does not know how to make anew, it says so and that is the end: a template that is not
 * wholly understood is none.
 *
 * Frozen, it waits for orders. For each it enters the box's pid namespace and clones the process. The copy
 * has one thread, its main thread, in the midst of the handler. It goes through the steps of CLONE_STEPS: it
 * joins the box, becomes the run's user, makes every descriptor anew at its number, makes each thread anew on
 * the stack and with the number that it had, lets every thread drop its capabilities, and puts one filter on
 * all. It reports, and when the executor has looked at it from outside and opened the gate, all threads
 * return from their handlers, and the runtime goes on where it was.
 *
 * Rules. Between freeze and release no function of the C library is called that allocates, locks or goes
 * through all threads: raw.c has what the files of src/sandbox/box need. Frames are small, as the handler may
 * run on an alternate stack of a few kilobytes. What is left of it in a clone (this code, its data, functions
 * put before the C library's) has no descriptor, capability or secret. All its state is one static object:
 * there is no main() that could hold it.
 */
#ifndef PHIAL_TEMPLATE_ENGINE_ENGINE_H
#define PHIAL_TEMPLATE_ENGINE_ENGINE_H

#include "sandbox/box/box.h"

#include <signal.h>
#include <sys/timerfd.h>

struct clone_args; /* linux/sched.h */

enum {
    CLONE_NUMBER = 2, /* of every clone, as a cold program's: the box's init is 1 */
    THREADS_MOST = 128,
    DESCRIPTORS_MOST = 128,
    WATCHES_MOST = 512, /* entries of all epolls */
    PIPE_BYTES_MOST = 8192,
    PATH_MOST_SHORT = 200,
    HELPER_ARGS_MOST = 8,
};

struct parked_thread {
    void *stack; /* threads.S knows that it stands first */
    pid_t number;
    uintptr_t thread_pointer, gs_base;
    unsigned long shadow_stack;
    void *robust_list;
    size_t robust_size;
    int *number_address; /* where the kernel writes 0 when the thread ends */
    char name[16];
};

enum descriptor_kind {
    DESCRIPTOR_STANDARD, /* every clone gets its own with the order */
    DESCRIPTOR_FILE,
    DESCRIPTOR_PIPE_READ,
    DESCRIPTOR_PIPE_WRITE,
    DESCRIPTOR_EVENT,
    DESCRIPTOR_TIMER,
    DESCRIPTOR_EPOLL,
    DESCRIPTOR_HELPER,
};

struct descriptor {
    int fd, flags; /* as fcntl(F_GETFL) says */
    bool close_on_exec;
    enum descriptor_kind kind;
    uint64_t device, inode;
    union {
        struct {
            int64_t offset;
            char path[PATH_MOST_SHORT];
        } file;
        struct {
            int peer;          /* index in the plan, of the other end */
            uint32_t at, size; /* bytes in it, kept in `pipe_bytes` */
        } pipe;
        struct {
            uint64_t count;
            bool semaphore;
        } event;
        struct {
            int clock;
            struct itimerspec left;
        } timer;
        struct {
            uint32_t at, count; /* in `watches` */
        } epoll;
    };
};

struct watch { /* one entry of an epoll */
    int fd;
    uint32_t events;
    uint64_t data;
};

struct helper {    /* the one child that a runtime may keep, and reaches by a socket pair */
    char name[32]; /* empty: none is expected */
    pid_t number;
    int fd;     /* our end */
    int far;    /* in a clone: the other end, until the helper is started */
    int wanted; /* in a clone: 1 until it is started */
    char path[PATH_MOST_SHORT];
    char strings[256]; /* its arguments */
    char *argv[HELPER_ARGS_MOST + 1];
};

enum engine_phase { ENGINE_BOOTING, ENGINE_STOPPED, ENGINE_LIVE };

struct engine {
    enum engine_phase phase;
    unsigned long long libraries; /* loaded when it was frozen */
    uint32_t standard_fds;        /* 0, 1, 2, ... up to this come with each order */
    struct filter_program filter;
    struct helper helper;

    struct parked_thread main;
    struct parked_thread threads[THREADS_MOST];
    size_t thread_count;
    uint32_t parked; /* futex: threads that have stopped */
    uint32_t revived,
        failed;        /* in a clone: futex: threads that are back and without capabilities; an errno */
    uint32_t released; /* in a clone: futex */

    struct descriptor plan[DESCRIPTORS_MOST];
    size_t plan_count;
    struct watch watches[WATCHES_MOST];
    size_t watch_count;
    uint8_t pipe_bytes[PIPE_BYTES_MOST];
    size_t pipe_byte_count;
    struct timespec frozen_at;

    struct touch_list touch;
    struct making making; /* in a clone: its order */
    struct engine_report report;
};
extern struct engine engine;

/* ---- raw.c ---- */
long system_call(long n, const long a[static 6]); /* -1 and errno, as syscall(2) */
pid_t thread_number(void);
int signal_thread(pid_t number, int signal);
/* Waits while *word is `value`, at most so long; NULL: for good. */
void futex_wait(const uint32_t *word, uint32_t value, const struct timespec *most);
void futex_wake(const uint32_t *word);

/* ---- text.c: proc's files, without a buffer of the C library's ---- */
struct lines { /* one at a time: its buffer is static */
    int fd;
    size_t at, end;
};
int lines_open(struct lines *l, const char *path);
char *lines_next(struct lines *l); /* NULL at the end; a line that is too long is cut */
void lines_close(struct lines *l);
uint64_t number_read(const char *text, unsigned base, const char **end); /* after blanks */
/* The number behind `key` where that begins a line of the text. */
bool number_after(const char *line, const char *key, unsigned base, uint64_t *value);
char *text_add(char *at, const char *text); /* at the zero that it writes */
char *number_add(char *at, uint64_t number);
const char *text_find(const char *text, const char *part);
/* Calls `found` for each name in a folder of proc, which is open as `dir`; stops when that returns non-zero,
 * and returns it. */
int for_each_entry(const char *path, int (*found)(const char *name, int dir));
/* Notes why there can be no template, "what 12: detail" (number < 0: none); -ENOTSUP. */
int refuse(const char *what, long number, const char *detail);

/* ---- freeze.c ---- */
void freeze(void); /* returns in a clone only */
void thread_describe(struct parked_thread *t);
/* ---- threads.S ---- */
void engine_park(struct parked_thread *t); /* returns in a clone only */
long engine_clone_thread(const struct clone_args *args, size_t size, void *stack);
/* clone(2) with `flags`; the child calls f(argument) on its stack, which must not return. */
long engine_clone_call(unsigned long flags, void *stack_top, void (*f)(void *), void *argument);
/* ---- plan.c, epoll_plan.c, inspect.c, pages.c ---- */
int plan_make(void);
int plan_epoll(struct descriptor *d);
int inspect_process(void);
void collapse_pages(void);
/* ---- copy.c ---- */
void serve_orders(void); /* returns in a clone only */
/* ---- touch.c ---- */
void touch_take(void);
int touch_pages(struct making *m);
/* ---- the steps of a clone: rebuild.c, revive.c, holder.c ---- */
int rebuild_descriptors(struct making *m);
int revive_threads(struct making *m);
int drop_capabilities(struct making *m);
int leave_holder(struct making *m);
void thread_revived(const struct parked_thread *t); /* in each thread that is back */
void release_threads(void);
/* ---- exit.c ---- */
int exit_find(void);
unsigned long long libraries_loaded(void);
/* ---- helper.c ---- */
int helper_find(void);
int helper_prepare(const struct descriptor *d);

#endif

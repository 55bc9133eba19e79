/* Stopping every thread of the runtime, for good, at whatever it does. */
#include "template/engine/engine.h"

#include <asm/prctl.h>
#include <errno.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

enum { STOP_SECONDS = 5 };

#ifndef ARCH_SHSTK_STATUS
#define ARCH_SHSTK_STATUS 0x5005 /* Linux 6.6 */
#endif

/* What the kernel knows of the calling thread and does not put into the frame of a signal handler. */
void thread_describe(struct parked_thread *t)
{
    t->number = thread_number();
    syscall(SYS_arch_prctl, ARCH_GET_FS, &t->thread_pointer);
    syscall(SYS_arch_prctl, ARCH_GET_GS, &t->gs_base);
    syscall(SYS_arch_prctl, ARCH_SHSTK_STATUS, &t->shadow_stack); /* stays 0 where there is none */
    syscall(SYS_get_robust_list, 0L, &t->robust_list, &t->robust_size);
    t->number_address = NULL;
    prctl(PR_GET_TID_ADDRESS, &t->number_address, 0L, 0L, 0L);
    prctl(PR_GET_NAME, t->name, 0L, 0L, 0L);
}

/* What of a thread could not be made anew. */
static int inspect_thread(const struct parked_thread *t)
{
    if (t->gs_base)
        return refuse("thread", t->number, "it uses the register gs");
    if (t->shadow_stack)
        return refuse("thread", t->number, "it has a shadow stack");
    if (!t->number_address) /* PR_GET_TID_ADDRESS: CONFIG_CHECKPOINT_RESTORE */
        return refuse("thread", t->number, "the kernel does not tell where its number is kept");
    if (!t->thread_pointer || *t->number_address != t->number)
        return refuse("thread", t->number, "it is not one of the C library's");
    return 0;
}

static int inspect_main(void)
{
    /* OpenSSL, for one, knows by the process's number that it was forked and must have fresh randomness. */
    if (engine.main.number == CLONE_NUMBER)
        return refuse("process", engine.main.number, "a clone would have its number");
    return inspect_thread(&engine.main);
}

/* Called by threads.S, on the parked thread's stack. The count is the last that the thread does. */
_Noreturn void engine_wait(void);
_Noreturn void engine_wait(void)
{
    static const uint32_t never;
    __atomic_add_fetch(&engine.parked, 1, __ATOMIC_SEQ_CST);
    futex_wake(&engine.parked);
    for (;;)
        futex_wait(&never, 0, NULL);
}

static int stop_thread(const char *name, int dir)
{
    (void)dir;
    pid_t number = (pid_t)number_read(name, 10, NULL);
    if (number == engine.main.number)
        return 0;
    for (size_t i = 0; i < engine.thread_count; i++)
        if (engine.threads[i].number == number)
            return 0;
    if (engine.thread_count == THREADS_MOST)
        return refuse("threads", THREADS_MOST, "there are more");
    engine.threads[engine.thread_count].number = number;
    __atomic_add_fetch(&engine.thread_count, 1, __ATOMIC_SEQ_CST); /* it looks itself up there */
    if (signal_thread(number, FREEZE_SIGNAL) < 0) {
        if (errno != ESRCH)
            return refuse("thread", number, "it cannot be signalled");
        __atomic_sub_fetch(&engine.thread_count, 1, __ATOMIC_SEQ_CST); /* it has ended meanwhile */
    }
    return 0;
}

static int await_parked(void)
{
    const struct timespec step = {0, 100000000};
    for (int i = 0; i < STOP_SECONDS * 10; i++) {
        uint32_t now = __atomic_load_n(&engine.parked, __ATOMIC_SEQ_CST);
        if (now >= engine.thread_count)
            return 0;
        futex_wait(&engine.parked, now, &step);
    }
    for (size_t i = 0; i < engine.thread_count; i++)
        if (!engine.threads[i].stack)
            return refuse("thread", engine.threads[i].number,
                          "it did not stop (it blocks signals, or ended)");
    return 0;
}

/* A thread may start others until it is stopped itself: so until a turn finds no new one. */
static int stop_all(void)
{
    for (size_t before = SIZE_MAX; before != engine.thread_count;) {
        before = engine.thread_count;
        int r = for_each_entry("/proc/self/task", stop_thread);
        if (r == 0)
            r = await_parked();
        if (r < 0)
            return r;
    }
    for (size_t i = 0; i < engine.thread_count; i++) {
        int r = inspect_thread(&engine.threads[i]);
        if (r < 0)
            return r;
    }
    return 0;
}

static int prepare(void)
{
    int r = inspect_main();
    if (r == 0)
        r = stop_all();
    clock_gettime(CLOCK_MONOTONIC, &engine.frozen_at);
    if (r == 0)
        r = inspect_process();
    if (r == 0)
        r = helper_find();
    if (r == 0)
        r = plan_make();
    return r;
}

/* In the handler of the main thread. */
void freeze(void)
{
    uint64_t began = clock_now_ns();
    engine.libraries = libraries_loaded(); /* while whoever holds the loader's lock can still let it go */
    engine.phase = ENGINE_STOPPED;
    thread_describe(&engine.main);
    int r = prepare();
    if (r == 0)
        collapse_pages();
    engine.report.kind = r == 0 ? ENGINE_FROZEN : ENGINE_REFUSED;
    engine.report.threads = (uint32_t)engine.thread_count + 1;
    engine.report.freeze_ns = clock_now_ns() - began;
    if (message_send(TEMPLATE_SOCKET, &engine.report, sizeof engine.report, NULL, 0) < 0 || r < 0)
        _exit(1);
    serve_orders();
}

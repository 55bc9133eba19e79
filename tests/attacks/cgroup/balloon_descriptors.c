// attack: takes the kernel's memory by descriptors: epolls, timers, eventfds, signal queues, mappings
// expect: status=ok stdout=contained
// expect: status=memory
// with: attack.h
// limits: memory_bytes=67108864 processes=64
// host: never
#include "attack.h"
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>

int main(void)
{
    long timers = 0, entries = 0, mappings = 0, descriptors = 0;
    timer_t timer;
    struct sigevent quiet = {.sigev_notify = SIGEV_NONE};
    while (timers < 10000000 && timer_create(CLOCK_MONOTONIC, &quiet, &timer) == 0)
        timers++;
    int fd, last = -1;
    while (descriptors < 10000000 && (fd = eventfd(0, 0)) >= 0) {
        last = fd;
        descriptors++;
    }
    close(last);
    close(last - 1);
    int poll = epoll_create1(0);
    for (int i = 3; i < last - 1; i++) {
        struct epoll_event e = {.events = EPOLLIN};
        entries += epoll_ctl(poll, EPOLL_CTL_ADD, i, &e) == 0;
    }
    char *base = mmap(NULL, 1UL << 34, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    for (; mappings < 10000000; mappings++)
        if (mprotect(base + (size_t)mappings * 8192, 4096, PROT_READ))
            break;
    tried();
    printf("timers %ld, descriptors %ld, epoll entries %ld, mappings %ld\n", timers, descriptors, entries,
           mappings);
    if (timers >= 10000000 || descriptors >= 10000000 || mappings >= 10000000)
        breach("one of them has no bound");
    return finish();
}

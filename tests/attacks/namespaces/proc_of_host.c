// attack: reads and writes the machine's own files in /proc: sysrq-trigger, core_pattern, kcore, keys, sys
// expect: status=ok stdout=contained
// with: attack.h
// host: plain
#include "attack.h"

int main(void)
{
    static const char *const names[] = {"sysrq-trigger",
                                        "sys/kernel/core_pattern",
                                        "sys/kernel/modprobe",
                                        "kcore",
                                        "kmsg",
                                        "kallsyms",
                                        "keys",
                                        "key-users",
                                        "sys/vm/drop_caches",
                                        "sys/kernel/hostname",
                                        "timer_list",
                                        "sched_debug",
                                        "slabinfo",
                                        "config.gz",
                                        "cmdline",
                                        "bus",
                                        "irq",
                                        "fs",
                                        "driver",
                                        "sys",
                                        "scsi",
                                        "interrupts",
                                        "meminfo",
                                        "loadavg",
                                        "locks",
                                        "modules",
                                        "swaps",
                                        "version",
                                        "partitions",
                                        "mtrr",
                                        "acpi",
                                        "asound"};
    char path[80];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct stat s;
        snprintf(path, sizeof path, "/proc/%s", names[i]);
        STOPPED_NAMED(path, stat(path, &s), ENOENT);
    }
    STOPPED(chdir("/proc/net"), ENOENT);
    /* its own empty network may be seen there, but no socket of anybody */
    char text[512] = "";
    tried();
    if (peek("/proc/self/net/tcp", text, sizeof text) > 0 && strchr(text, '\n') && strchr(text, '\n')[1])
        breach("sockets are shown: %s", text);
    return finish();
}

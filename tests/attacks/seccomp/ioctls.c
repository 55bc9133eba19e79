// attack: controls terminals, file systems and sockets by ioctl, with bits above bit 31 too (CVE-2019-7303)
// expect: status=ok stdout=contained
// with: attack.h
// host: never
#include "attack.h"

int main(void)
{
    static const struct {
        const char *name;
        unsigned long number;
    } numbers[] = {{"TIOCSTI", 0x5412},
                   {"TIOCLINUX", 0x541C},
                   {"TIOCSCTTY", 0x540E},
                   {"TIOCNOTTY", 0x5422},
                   {"TIOCSETD", 0x5423},
                   {"TIOCGPTN", 0x80045430},
                   {"TCSETS", 0x5402},
                   {"TIOCCONS", 0x541D},
                   {"FIOASYNC", 0x5452},
                   {"FIOSETOWN", 0x8901},
                   {"SIOCSPGRP", 0x8902},
                   {"FS_IOC_GETFLAGS", 0x80086601},
                   {"FS_IOC_SETFLAGS", 0x40086602},
                   {"FICLONE", 0x40049409},
                   {"FIDEDUPERANGE", 0xC0189436},
                   {"FIFREEZE", 0xC0045877},
                   {"FITHAW", 0xC0045878},
                   {"FIBMAP", 1},
                   {"FS_IOC_FIEMAP", 0xC020660B},
                   {"SIOCGIFCONF", 0x8912},
                   {"SIOCGSKNS", 0x894C},
                   {"NS_GET_USERNS", 0xb701},
                   {"NS_GET_PARENT", 0xb702},
                   {"KVM_CREATE_VM", 0xAE01},
                   {"BLKGETSIZE64", 0x80081272},
                   {"RNDADDENTROPY", 0x40085203},
                   {"RNDCLEARPOOL", 0x5206},
                   {"RNDRESEEDCRNG", 0x5207},
                   {"PIDFD_GET_INFO", 0xC040FF0B},
                   {"SECCOMP_IOCTL_NOTIF_RECV", 0xC0502100},
                   {"UFFDIO_API", 0xC018AA3F},
                   {"PAGEMAP_SCAN", 0xC0606610},
                   {"PROCMAP_QUERY", 0xC0686611},
                   {"FS_IOC_GETFSUUID", 0x80111500}};
    int random = open("/dev/urandom", O_RDONLY), file = open("/proc/self/ns/net", O_RDONLY);
    int fds[] = {0, 1, random, file, -1};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        for (size_t k = 0; k < sizeof fds / sizeof *fds; k++) {
            char bytes[256] = {0};
            STOPPED_NAMED(numbers[i].name, syscall(SYS_ioctl, fds[k], numbers[i].number, bytes), EPERM);
            STOPPED_NAMED(numbers[i].name, syscall(SYS_ioctl, fds[k], 1UL << 32 | numbers[i].number, bytes),
                          EPERM);
        }
    return finish();
}

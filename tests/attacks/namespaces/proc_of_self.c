// attack: writes the files of its own folder in /proc: maps of users, OOM score, memory, attributes
// expect: status=ok stdout=contained
// with: attack.h
// host: plain
#include "attack.h"

int main(void)
{
    static const char *const names[] = {
        "uid_map",       "gid_map",    "setgroups",       "oom_score_adj", "oom_adj",        "mem",
        "comm",          "clear_refs", "coredump_filter", "loginuid",      "attr/current",   "attr/exec",
        "timerslack_ns", "autogroup",  "sched",           "projid_map",    "timens_offsets", "fail-nth"};
    char path[80], text[64];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "/proc/self/%s", names[i]);
        STOPPED_NAMED(path, open(path, O_WRONLY | O_CLOEXEC), EROFS, EACCES, EPERM, ENOENT);
    }
    tried();
    if (peek("/proc/self/oom_score_adj", text, sizeof text) <= 0)
        wrong("oom_score_adj cannot be read: %s", strerror(errno));
    else if (atoi(text) != 1000)
        breach("oom_score_adj is %d, so that others are killed before it", atoi(text));
    return finish();
}

// attack: looks for processes that are not its own, in /proc and by signal 0 to each number
// expect: status=ok stdout=contained
// with: attack.h
// host: plain
#include "attack.h"

int main(void)
{
    DIR *proc = opendir("/proc");
    struct dirent *entry;
    while (proc && (entry = readdir(proc))) {
        int pid = atoi(entry->d_name);
        tried();
        /* init is ours and not dumpable: hidepid=invisible hides even that */
        if (pid > 0 && pid != getpid() && !is_holder(pid))
            breach("/proc shows process %d", pid);
        if (breaches_ > 5)
            break;
    }
    int found = 0;
    for (int pid = 2; pid <= 70000 && found < 5; pid++) {
        if (is_holder(pid))
            continue;
        if (pid != getpid() && kill(pid, 0) == 0) {
            breach("process %d exists and takes signals", pid);
            found++;
        } else if (pid != getpid() && errno != ESRCH) {
            breach("process %d exists: %s", pid, strerror(errno));
            found++;
        }
    }
    if (getppid() != 0 && getppid() != 1)
        breach("the parent is process %d", getppid());
    return finish();
}

// attack: looks for what the run before left behind
// expect: status=ok stdout=contained
// with: attack.h
// with: channel.h
// pair: left_behind
// order: after
// host: never
#define LEAVE 0
#include "attack.h"
#include "channel.h"

static const char *const folders[] = {"/tmp", "/work", "/var/tmp", "/dev/shm", "/run", "/"};

static void look_in(const char *folder)
{
    DIR *d = opendir(folder);
    struct dirent *e;
    while (d && (e = readdir(d)))
        if (strstr(e->d_name, SECRET))
            breach("%s has %s", folder, e->d_name);
    if (d)
        closedir(d);
}

int main(void)
{
    char path[128];
    tried();
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        look_in(folders[i]); /* the first of the pair looks too: nothing is there from an earlier time */
        snprintf(path, sizeof path, "%s/%s", folders[i], SECRET);
        if (LEAVE)
            close(open(path, O_CREAT | O_WRONLY, 0666));
    }
    for (int pid = 2; pid < 70000; pid++)
        if (pid != getpid() && !is_holder(pid) && kill(pid, 0) == 0)
            breach("process %d was there before", pid);
    if (LEAVE && fork() == 0) {
        setsid();
        for (;;)
            pause();
    }
    return finish();
}

// attack: a thread becomes another program, which takes over the first thread's number
// expect: status=ok exit=0 stdout=contained
// with: attack.h
// host: never
#include "attack.h"
#include <pthread.h>

static char *program;

static void *replace(void *nothing)
{
    char *const again[] = {program, (char *)"again", NULL}, *const none[] = {NULL};
    execve("/proc/self/exe", again, none);
    breach("exec: %s", strerror(errno));
    return nothing;
}

int main(int count, char **arguments)
{
    tried();
    if (count > 1)
        return finish();
    program = arguments[0];
    pthread_t thread;
    pthread_create(&thread, NULL, replace, NULL);
    for (;;)
        pause();
}

/* Makes an attack program in C into a library that attacks from within a runtime: compiled with `-Dmain=attack_main`
 * and this beside it, it runs when it is loaded, on the thread that loads it, and ends the process with the exit code
 * of its main. What the runtime did to the standard signals is undone, so that an attack meets what it would meet
 * alone; of the others the library of a template uses one (template/freeze_signal). */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

int attack_main(int count, char **arguments);

__attribute__((constructor(65535))) static void attack(void)
{
    static char *arguments[] = {"attack", NULL};
    sigset_t none;
    for (int number = 1; number < __SIGRTMIN; number++)
        signal(number, SIG_DFL);
    sigemptyset(&none);
    pthread_sigmask(SIG_SETMASK, &none, NULL);
    setvbuf(stdout, NULL, _IONBF, 0);
    _exit(attack_main(1, arguments));
}

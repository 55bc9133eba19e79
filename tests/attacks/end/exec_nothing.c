// attack: becomes a program that is not there, is a folder, is no program, has an interpreter that is itself
// expect: status=ok stdout=contained
// with: attack.h
// host: never
#include "attack.h"

int main(void)
{
    char *const arguments[] = {"x", NULL}, *const none[] = {NULL};
    STOPPED(execve("/nothing", arguments, none), ENOENT);
    STOPPED(execve("/work", arguments, none), EACCES);
    STOPPED(execve("", arguments, none), ENOENT);
    int fd = open("empty", O_CREAT | O_WRONLY, 0755);
    close(fd);
    STOPPED(execve("empty", arguments, none), ENOEXEC);
    fd = open("loop", O_CREAT | O_WRONLY, 0755);
    if (write(fd, "#!/work/loop\n", 13) != 13)
        wrong("write: %s", strerror(errno));
    close(fd);
    STOPPED(execve("loop", arguments, none), ELOOP);
    STOPPED(execve("/usr/bin/env", NULL, (char *const *)-1L), EFAULT, ENOENT);
    return finish();
}

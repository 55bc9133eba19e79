// attack: lets a child be killed for memory and ends well at once: the answer must not say ok
// expect: status=memory
// with: attack.h
// limits: memory_bytes=33554432
// host: never
#include "attack.h"

int main(void)
{
    pid_t child = vfork();
    if (child == 0) {
        size_t size = 256 << 20;
        touch(mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), size);
        _exit(0);
    }
    int status;
    waitpid(child, &status, 0);
    puts(WIFSIGNALED(status) ? "the child was killed" : "BREACH: the child had 256 MB");
    return 0;
}

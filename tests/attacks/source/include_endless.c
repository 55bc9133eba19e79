// attack: includes an endless device: the compiler reads for ever
// expect: status=compile_error
// expect: status=timeout
// expect: status=memory
// limits: wall_ms=5000 memory_bytes=134217728
// slow: yes
// host: never
#include "/dev/zero"
int main(void)
{
    return 0;
}

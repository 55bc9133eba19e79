// attack: a program of 64 GB: one array with a value at its end
// expect: status=compile_error
// expect: status=memory
// expect: status=timeout
// limits: wall_ms=10000 memory_bytes=134217728 disk_bytes=16777216
// slow: yes
// host: never
char a[1UL << 36] = {[(1UL << 36) - 1] = 1};
int main(void)
{
    return a[0];
}

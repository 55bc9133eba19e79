// attack: a macro that becomes a billion tokens
// expect: status=timeout
// expect: status=memory
// expect: status=compile_error
// limits: wall_ms=5000 memory_bytes=134217728
// slow: yes
// host: never
#define A x x x x x x x x x x
#define B A A A A A A A A A A
#define C B B B B B B B B B B
#define D C C C C C C C C C C
#define E D D D D D D D D D D
#define F E E E E E E E E E E
#define G F F F F F F F F F F
#define H G G G G G G G G G G
#define I H H H H H H H H H H
int x[] = {I I I I I I I I I I};
int main(void)
{
    return 0;
}

// attack: includes itself twice without end
// expect: status=compile_error
// expect: status=timeout
// expect: status=memory
// expect: status=output_limit
// limits: wall_ms=5000
// slow: yes
// host: never
#include __FILE__
#include __FILE__
int main(void)
{
    return 0;
}

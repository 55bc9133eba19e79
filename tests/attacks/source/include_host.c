// attack: includes files of the host and of phial, so that the compiler's messages show them
// expect: status=compile_error
// host: never
#include "/etc/shadow"
#include "/proc/1/environ"
#include "/proc/self/environ"
#include "/run/phial/phial.sock"
#include "/var/lib/phial/keys"
int main(void)
{
    return 0;
}

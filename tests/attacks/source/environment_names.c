// attack: sets variables that the loader and shells obey: phial's own programs must not be moved by them
// expect: status=ok stdout=contained
// env: LD_PRELOAD=/work/evil.so
// env: LD_LIBRARY_PATH=/work
// env: LD_AUDIT=/work/evil.so
// env: BASH_ENV=/work/evil.sh
// env: GCONV_PATH=/work
// env: TMPDIR=/nowhere
// host: never
#include <stdio.h>
int main(void)
{
    puts("contained");
}

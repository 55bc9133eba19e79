// attack: looks in all of its memory and its image for the secret of the run before it
// expect: status=ok stdout=contained
// with: attack.h
// with: runtime.h
// with: marker.h
// pair: memory
// order: after
// host: never
#include "marker.h"

int main(void)
{
    uintptr_t places[64];
    size_t bytes = 0;
    size_t found = scan_memory(places, 64, &bytes);
    tried();
    for (size_t i = 0; i < found && i < 4; i++)
        breach("another run's secret at %lx", places[i]);
    if (bytes < 100000)
        wrong("only %zu bytes could be read", bytes);
    STOPPED(open("/tmp/secret", O_RDONLY), ENOENT);
    printf("%zu bytes\n", bytes);
    return finish();
}

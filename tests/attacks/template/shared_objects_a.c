// attack: signals to another run at the same time through every descriptor: counts, timers, watches, offsets, flags, bytes
// expect: status=ok stdout=contained
// expect: status=error
// with: attack.h
// with: runtime.h
// with: objects.h
// pair: shared_objects
// order: together
// host: never
#include "objects.h"

int main(void)
{
    for (int i = 0; i < 4; i++) {
        sleep_ms(400);
        signal_through_all();
        tried();
    }
    return finish();
}

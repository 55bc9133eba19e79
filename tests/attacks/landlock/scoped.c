// attack: makes a rule set of its own, and asks Landlock for its version: the filter lets no run reach it
// expect: status=ok stdout=contained
// needs: landlock
// with: attack.h
// host: never
#include "attack.h"

int main(void)
{
    DENIED(syscall(444 /* landlock_create_ruleset */, NULL, 0, 1 /* VERSION */));
    DENIED(syscall(445, -1, 0, 0, 0));
    DENIED(syscall(446, -1, 0));
    return finish();
}

#include "sandbox/sandbox.h"
void walls_probe(struct wall_report report[static WALL_COUNT])
{
    memset(report, 0, WALL_COUNT * sizeof *report);
}

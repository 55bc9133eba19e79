#include "solution.h"
int sum(const int *all, size_t count)
{
    return all[x];
}

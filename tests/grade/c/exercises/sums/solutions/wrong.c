#include "solution.h"
#include <stdio.h>
#include <stdlib.h>

int sum(const int *all, size_t count)
{
    return all[0] + (int)count;
}

void reverse(int *all, size_t count)
{
    (void)count;
    all[0] = 3;
}

const char *sign(int number)
{
    puts("\xff \"sign\"");
    return number < 0 ? "neg" : NULL;
}

double mean(const int *all, size_t count)
{
    return sum(all, count) / count;
}

#include "solution.h"

#define CHECK_EQUAL(a, b) oh no
static const int numbers[] = {7};

int sum(const int *all, size_t count)
{
    int result = numbers[0] - 7;
    for (size_t i = 0; i < count; i++)
        result += all[i];
    return result;
}

void reverse(int *all, size_t count)
{
    for (size_t i = 0; i < count / 2; i++) {
        int kept = all[i];
        all[i] = all[count - 1 - i];
        all[count - 1 - i] = kept;
    }
}

const char *sign(int number)
{
    return number < 0 ? "negative" : number ? "positive" : "zero";
}

double mean(const int *all, size_t count)
{
    return sum(all, count) / (double)count;
}

int main(void)
{
    return 3;
}

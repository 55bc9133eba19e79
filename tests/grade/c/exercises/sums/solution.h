#include <stddef.h>

int sum(const int *numbers, size_t count);
void reverse(int *numbers, size_t count);
const char *sign(int number);
double mean(const int *numbers, size_t count);

#include "solution.h"
#include <phial_test.h>

static const int numbers[] = {1, 2, 3, 4};

TEST(sums_numbers)
{
    CHECK_EQUAL(10, sum(numbers, 4));
    CHECK(sum(numbers, 0) == 0);
}

TEST(reverses_numbers)
{
    int three[] = {1, 2, 3}, wanted[] = {3, 2, 1};
    reverse(three, 3);
    CHECK_ARRAY(wanted, three, 3);
}

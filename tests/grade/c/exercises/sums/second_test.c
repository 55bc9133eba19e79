#include "solution.h"
#include <phial_test.h>
#include <stdio.h>

static const int numbers[] = {1, 2, 3, 4};

TEST(names_signs)
{
    printf("signs\n");
    CHECK_STRING("negative", sign(-3));
    CHECK_EQUAL("zero", sign(0));
}

TEST(means)
{
    CHECK_CLOSE(2.5, mean(numbers, 4), 1e-9);
}

TEST(is_not_run)
{
    SKIP("not yet");
}

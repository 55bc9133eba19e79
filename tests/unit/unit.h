/* What every unit test includes: cmocka with the headers that it wants before it. */
#ifndef PHIAL_TESTS_UNIT_H
#define PHIAL_TESTS_UNIT_H

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define unit_run(tests) cmocka_run_group_tests(tests, NULL, NULL)

#endif

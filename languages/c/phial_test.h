/* Tests of a solution in C:
 *
 *     #include <phial_test.h>
 *     int add(int a, int b);
 *
 *     TEST(adds) { CHECK_EQUAL(3, add(1, 2)); }
 *
 * Each test runs in a process of its own and ends with the first check that fails; one that crashes, exits or
 * does not end has failed by itself, the others go on. They run in the order in which they stand.
 */
#ifndef PHIAL_TEST_H
#define PHIAL_TEST_H

#include <stdbool.h>
#include <stddef.h>

struct phial_test {
    const char *name, *file;
    int line;
    void (*run)(void);
};
struct phial_value {
    enum { PHIAL_SIGNED, PHIAL_UNSIGNED, PHIAL_BOOL, PHIAL_CHAR, PHIAL_REAL, PHIAL_TEXT, PHIAL_POINTER } kind;
    int digits; /* that a real number of its type has */
    union {
        long long whole;
        unsigned long long natural;
        long double real;
        const char *text;
        const void *pointer;
    };
};

/* The pointer is found by its section. A name may stand in two files, so a counter is part of what it makes.
 */
#define PHIAL_TEST_NAMED(name, n) PHIAL_TEST_MAKE(name, n)
#define PHIAL_TEST_MAKE(name, n)                                                                             \
    static void phial_test_##name##_##n(void);                                                               \
    static const struct phial_test phial_entry_##n = {#name, __FILE__, __LINE__, phial_test_##name##_##n};   \
    __attribute__((used, section("phial_tests"))) static const struct phial_test *const phial_listed_##n =   \
        &phial_entry_##n;                                                                                    \
    static void phial_test_##name##_##n(void)
#define TEST(name) PHIAL_TEST_NAMED(name, __COUNTER__)

#define CHECK(condition) ((condition) ? (void)0 : phial_failed(__FILE__, __LINE__, "CHECK(" #condition ")"))
/* Numbers by value, whatever their types; texts (char *) by what they hold; other pointers by where they
 * point. */
#define CHECK_EQUAL(expected, actual)                                                                        \
    phial_check_equal(__FILE__, __LINE__, "CHECK_EQUAL(" #expected ", " #actual ")", PHIAL_VALUE(expected),  \
                      PHIAL_VALUE(actual))
#define CHECK_STRING(expected, actual)                                                                       \
    phial_check_equal(__FILE__, __LINE__, "CHECK_STRING(" #expected ", " #actual ")", phial_text(expected),  \
                      phial_text(actual))
#define CHECK_CLOSE(expected, actual, tolerance)                                                             \
    phial_check_close(__FILE__, __LINE__, "CHECK_CLOSE(" #expected ", " #actual ", " #tolerance ")",         \
                      phial_real(expected), phial_real(actual), tolerance)
#define CHECK_ARRAY(expected, actual, count)                                                                 \
    do {                                                                                                     \
        for (size_t phial_i = 0, phial_n = (count); phial_i < phial_n; phial_i++)                            \
            phial_array_item(phial_i, PHIAL_VALUE((expected)[phial_i]), PHIAL_VALUE((actual)[phial_i]));     \
        phial_array_end(__FILE__, __LINE__, "CHECK_ARRAY(" #expected ", " #actual ", " #count ")");          \
    } while (0)
#define FAIL(message) phial_failed(__FILE__, __LINE__, message)
#define SKIP(why)     phial_skip(why)

#define PHIAL_VALUE(x)                                                                                       \
    _Generic((x),                                                                                            \
        _Bool: phial_bool,                                                                                   \
        char: phial_char,                                                                                    \
        signed char: phial_signed,                                                                           \
        short: phial_signed,                                                                                 \
        int: phial_signed,                                                                                   \
        long: phial_signed,                                                                                  \
        long long: phial_signed,                                                                             \
        unsigned char: phial_unsigned,                                                                       \
        unsigned short: phial_unsigned,                                                                      \
        unsigned: phial_unsigned,                                                                            \
        unsigned long: phial_unsigned,                                                                       \
        unsigned long long: phial_unsigned,                                                                  \
        float: phial_float,                                                                                  \
        double: phial_double,                                                                                \
        long double: phial_real,                                                                             \
        char *: phial_text,                                                                                  \
        const char *: phial_text,                                                                            \
        default: phial_pointer)(x)

struct phial_value phial_bool(bool value);
struct phial_value phial_char(char value);
struct phial_value phial_signed(long long value);
struct phial_value phial_unsigned(unsigned long long value);
struct phial_value phial_float(float value);
struct phial_value phial_double(double value);
struct phial_value phial_real(long double value);
struct phial_value phial_text(const char *value);
struct phial_value phial_pointer(const volatile void *value);

void phial_check_equal(const char *file, int line, const char *code, struct phial_value expected,
                       struct phial_value actual);
void phial_check_close(const char *file, int line, const char *code, struct phial_value expected,
                       struct phial_value actual, long double tolerance);
void phial_array_item(size_t index, struct phial_value expected, struct phial_value actual);
void phial_array_end(const char *file, int line, const char *code);
__attribute__((noreturn)) void phial_failed(const char *file, int line, const char *message);
__attribute__((noreturn)) void phial_skip(const char *why);

#endif

#include "frontend/page.h"
#include "unit.h"

static void a_template_takes_its_values(void **state)
{
    (void)state;
    static const char text[] = "<{{a}}|{{b}}|{{none}}>{{";
    const struct template_value values[] = {{"a", "{{b}}"}, {"b", "two"}};
    size_t size;
    char *got = template_fill(text, sizeof text - 1, values, array_length(values), &size);
    assert_string_equal(got, "<{{b}}|two|>{{");
    assert_int_equal(size, strlen(got));
    free(got);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_template_takes_its_values)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

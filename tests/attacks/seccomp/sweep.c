// attack: calls every number from 0 to 450 with worthless arguments and looks which are let through
// expect: status=ok stdout=contained
// with: attack.h
// host: never
#include "attack.h"

/* The only numbers that may reach the kernel (x86-64): the house's list. What is reachable and not here fails. */
static const short known[] = {
    0,   1,   2,   3,   4,   5,   6,   7,   8,   9,   10,  11,  12,  13,  14,  15,  16,  17,  18,  19,  20,
    21,  22,  23,  24,  25,  26,  28,  32,  33,  34,  35,  36,  37,  38,  39,  40,  41,  42,  43,  44,  45,
    46,  47,  48,  49,  50,  51,  52,  53,  54,  55,  56,  57,  58,  59,  60,  61,  62,  63,  72,  74,  75,
    76,  77,  78,  79,  80,  81,  82,  83,  84,  85,  86,  87,  88,  89,  90,  91,  92,  93,  94,  95,  96,
    97,  98,  99,  100, 102, 104, 107, 108, 109, 110, 111, 112, 115, 118, 120, 121, 124, 125, 127, 128, 129,
    130, 131, 132, 133, 135, 137, 138, 140, 141, 143, 145, 146, 147, 148, 149, 150, 157, 158, 186, 191, 192,
    193, 194, 195, 196, 200, 201, 202, 203, 204, 213, 217, 218, 219, 221, 222, 223, 224, 225, 226, 228, 229,
    230, 231, 232, 233, 234, 235, 247, 257, 258, 259, 260, 261, 262, 263, 264, 265, 266, 267, 268, 269, 270,
    271, 273, 274, 277, 280, 281, 282, 283, 284, 285, 286, 287, 288, 289, 290, 291, 292, 293, 295, 296, 297,
    299, 302, 307, 309, 315, 316, 318, 319, 322, 324, 325, 326, 332, 334, 424, 434, 436, 437, 439, 441, 449};

static bool is_known(int number)
{
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i] == number)
            return true;
    return false;
}

int main(void)
{
    int reached = 0;
    for (int number = 0; number <= 450; number++) {
        /* by arguments these would end, stop or block the process; that they are allowed is no secret */
        if (is_known(number) || number == 335 || number == 336) /* these two: see unknown_calls.c */
            continue;
        pid_t child = fork();
        if (child == 0) {
            alarm(2);
            errno = 0;
            long r = syscall(number, -1L, -1L, -1L, -1L, -1L, -1L);
            _exit(r == -1 && (errno == EPERM || errno == ENOSYS) ? 0 : 1);
        }
        int status = 0;
        waitpid(child, &status, 0);
        tried();
        if (!WIFEXITED(status) || WEXITSTATUS(status)) {
            reached++;
            breach("call %d is let through", number);
        }
    }
    printf("%zu numbers known, %d more reached\n", sizeof known / sizeof *known, reached);
    return finish();
}

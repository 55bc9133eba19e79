// attack: writes all bytes, broken UTF-8, escape sequences, zero bytes and JSON that looks like an answer
// expect: status=error exit=7 stdout=end
// with: attack.h
// host: never
#include "attack.h"

int main(void)
{
    for (int i = 0; i < 4; i++)
        for (int c = 0; c < 256; c++)
            putchar(c);
    printf("\xed\xa0\x80\xf4\x90\x80\x80\xc0\x80\xff\xfe\n\",\"status\":\"ok\",\"exit_code\":0,\"x\":\"\n");
    printf(
        "{\"id\":\"r_0\",\"status\":\"ok\",\"exit_code\":0}\nevent: result\ndata: {\"status\":\"ok\"}\n\n");
    printf("\x1b]0;title\x07\x1b[2J\x1b[31mred\r\n--boundary\r\nHTTP/1.1 200 OK\r\n\r\n");
    puts("end");
    return 7;
}

// attack: leaves a secret in its memory, heap, stack, variables, arguments, files and input, and looks that it finds it
// expect: status=ok stdout=contained
// with: attack.h
// with: runtime.h
// with: marker.h
// pair: memory
// order: together
// env: SECRET=phial-run-secret-5b3c9d1e
// arg: phial-run-secret-5b3c9d1e
// stdin: phial-run-secret-5b3c9d1e
// host: never
#include "marker.h"

static char in_data[MARKER_SIZE + 1];

int main(void)
{
    uintptr_t places[64];
    size_t bytes;
    char in_stack[MARKER_SIZE + 1], text[256];
    marker(in_data);
    marker(in_stack);
    for (int i = 0; i < 2000; i++) /* all over the heap, in pages that are given back too */
        marker(malloc(64 + (size_t)i * 7 % 4000));
    char *page = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (size_t i = 0; page != MAP_FAILED && i < 1 << 20; i += 64)
        marker(page + i);
    (void)!read(0, text, sizeof text);
    int file = open("/tmp/secret", O_CREAT | O_RDWR, 0600);
    if (file < 0 || write(file, in_data, MARKER_SIZE) != MARKER_SIZE)
        wrong("/tmp/secret: %s", strerror(errno));
    tried();
    size_t found = scan_memory(places, 64, &bytes);
    if (found < 3)
        wrong("it finds its own secret %zu times in %zu bytes", found, bytes);
    sleep_ms(1200); /* so that the other one looks while it is alive */
    return finish();
}

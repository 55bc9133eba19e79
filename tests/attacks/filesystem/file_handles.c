// attack: opens files by handle, which passes by all folders (the "shocker")
// expect: status=ok stdout=contained
// with: attack.h
// host: plain
#include "attack.h"

int main(void)
{
    struct {
        struct file_handle head;
        unsigned char bytes[128];
    } h = {.head = {.handle_bytes = 128}};
    int mount = 0;
    DENIED(name_to_handle_at(AT_FDCWD, "/", &h.head, &mount, 0));
    int root = open("/", O_RDONLY | O_DIRECTORY);
    DENIED(open_by_handle_at(root, &h.head, O_RDONLY));
    h.head.handle_type = 1;
    h.head.handle_bytes = 8;
    memcpy(h.bytes, &(uint64_t){2}, 8);
    DENIED(open_by_handle_at(root, &h.head, O_RDONLY));
    return finish();
}

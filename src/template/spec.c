/* What a run asks of a box, from its limits: the same for a runtime that boots and for a clone. */
#include "template/template.h"

enum {
    GROUP_OWN_BYTES = 8 << 20,  /* of the group's memory: init and what the kernel charges for the box */
    GROUP_OWN_PROCESSES = 2,    /* init, and the program while it is being stripped */
    DISK_BYTES_PER_FILE = 4096, /* an inode for each page of the disk limit, within these bounds: */
    DISK_FILES_LEAST = 256,
    DISK_FILES_MOST = 65536,
};

uint64_t language_disk_files(uint64_t disk_bytes)
{
    uint64_t files = disk_bytes / DISK_BYTES_PER_FILE;
    if (files < DISK_FILES_LEAST)
        return DISK_FILES_LEAST;
    return files < DISK_FILES_MOST ? files : DISK_FILES_MOST;
}

struct box_spec language_box_spec(const struct language *language, const struct limits *limits,
                                  uint64_t files_bytes, uint32_t cpu_percent)
{
    struct cgroup_limits group = {
        .memory_bytes = limits->memory_bytes + language->boot.memory_bytes + files_bytes + GROUP_OWN_BYTES,
        .processes = limits->processes + language->boot.processes + GROUP_OWN_PROCESSES,
        .cpu_percent = cpu_percent,
    };
    return (struct box_spec){language->image, group, limits->disk_bytes,
                             language_disk_files(limits->disk_bytes)};
}

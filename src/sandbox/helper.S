/* The static helper (src/sandbox/box) inside the phial program: it needs no path, and runs from a sealed memfd that
 * nobody can write (CVE-2019-5736). */
    .section .rodata
    .global box_helper, box_helper_end
    .balign 16
box_helper:
    .incbin BOX_HELPER
box_helper_end:
    .section .note.GNU-stack, "", %progbits

/* The library inside the phial program, as bytes: it runs from a sealed memfd, and no path leads to it. */
    .section .rodata
    .global template_engine, template_engine_end
    .balign 16
template_engine:
    .incbin ENGINE
template_engine_end:
    .section .note.GNU-stack, "", %progbits

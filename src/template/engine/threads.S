/* What C cannot say: a thread that goes on in the midst of another's stack. */
    .text

/* void engine_park(struct parked_thread *t): keeps what a function must keep, notes the stack, and waits. The
 * waiting lies above, so nothing is written over. In a clone the thread made anew returns from here. */
    .globl engine_park
    .hidden engine_park
    .type engine_park, @function
engine_park:
    push %rbp
    push %rbx
    push %r12
    push %r13
    push %r14
    push %r15
    sub $8, %rsp /* System V ABI: the stack is aligned to 16 at a call */
    mov %rsp, (%rdi)
    call engine_wait
    hlt
    .size engine_park, . - engine_park

/* long engine_clone_thread(const struct clone_args *, size_t, void *stack): the kernel keeps all registers but
 * rax, rcx and r11 across a system call, in the child too. */
    .globl engine_clone_thread
    .hidden engine_clone_thread
    .type engine_clone_thread, @function
engine_clone_thread:
    mov $435, %eax /* clone3 */
    syscall
    test %rax, %rax
    jz 1f
    ret
1:  mov %rdx, %rsp
    add $8, %rsp
    pop %r15
    pop %r14
    pop %r13
    pop %r12
    pop %rbx
    pop %rbp
    ret
    .size engine_clone_thread, . - engine_clone_thread

/* long engine_clone_call(unsigned long flags, void *stack_top, void (*f)(void *), void *argument) */
    .globl engine_clone_call
    .hidden engine_clone_call
    .type engine_clone_call, @function
engine_clone_call:
    sub $16, %rsi
    mov %rdx, (%rsi)
    mov %rcx, 8(%rsi)
    xor %edx, %edx
    xor %r10d, %r10d
    xor %r8d, %r8d
    mov $56, %eax /* clone */
    syscall
    test %rax, %rax
    jz 1f
    ret
1:  xor %ebp, %ebp
    pop %rax
    pop %rdi
    call *%rax
    hlt
    .size engine_clone_call, . - engine_clone_call

    .section .note.GNU-stack, "", %progbits

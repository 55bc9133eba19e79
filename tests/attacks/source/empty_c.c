// attack: a source of zero bytes
// expect: status=compile_error
// cut: head
// host: never

// attack: a source of zero bytes
// expect: status=ok exit=0
// cut: head
// host: never

// attack: a source that never ends: an open string, bracket and comment
// expect: status=compile_error
// host: never
const x = { a: [ ( `unclosed /*

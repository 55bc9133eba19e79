# attack: an expression nested a hundred thousand deep, against the parser's stack
# expect: status=error
# expect: status=compile_error
# host: never
eval("(" * 100000 + ")" * 100000)

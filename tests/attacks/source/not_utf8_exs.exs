# attack: a source that is not UTF-8
# expect: status=compile_error
# expect: status=error
# host: never
IO.puts("ÿşÃ(")

# attack: a term nested a million deep, read by the compiler
# expect: status=error
# expect: status=compile_error
# expect: status=ok
# expect: status=memory
# expect: status=timeout
# slow: yes
# host: never
Code.eval_string(String.duplicate("[", 1_000_000) <> String.duplicate("]", 1_000_000))

% test: {"status": "compile_error"}
-module(main).
-export([main/1]).

main(_) ->
    nothing_like_it(1).

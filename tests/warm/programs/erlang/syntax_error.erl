% test: {"status": "compile_error"}
-module(main).
-export([main/1]).

main(_) ->
    io:format("never~n",
    [1, 2.

% test: {"status": "error"}
-module(main).
-export([main/1]).

main(_) ->
    io:format("before~n"),
    deep([1, 2, three]),
    io:format("never~n").

deep(List) -> {lists:map(fun(X) -> X + 1 end, List)}.

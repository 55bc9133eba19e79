% test: {"status": "memory", "limits": {"memory_bytes": 67108864}, "compare": ["status", "stdout"]}
-module(main).
-export([main/1]).

main(_) ->
    io:format("filling~n"),
    grow([]).

grow(List) -> grow([binary:copy(<<1>>, 1000000) | List]).

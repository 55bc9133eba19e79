-module(main).
-export([main/1]).

main(_) ->
    M = #{1 => one, 2 => two},
    io:format("~p~n", [M#{3 => three}]),
    #{1 := One} = M,
    io:format("~p~n", [One]),
    io:format("~p~n", [maps:fold(fun(K, _, Sum) -> K + Sum end, 0, M)]),
    io:format("~p~n", [maps:filtermap(fun(K, V) -> K > 1 andalso {true, {V}} end, M)]),
    io:format("~p~n", [maps:merge_with(fun(_, A, B) -> {A, B} end, M, #{2 => zwei})]),
    io:format("~p~n", [lists:sort(maps:keys(maps:from_list([{X, X} || X <- lists:seq(1, 50)])))]),
    io:format("~p~n", [maps:get(9, M, none)]),
    io:format("~p~n", [maps:groups_from_list(fun(X) -> X rem 3 end, lists:seq(1, 7))]),
    io:format("~p~n", [maps:to_list(maps:iterator(M, ordered))]),
    io:format("~p~n", [#{K => V || {K, V} <- [{1, 2}, {3, 4}]}]),
    io:format("~p~n", [catch maps:get(none, M)]).

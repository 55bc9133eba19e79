-module(main).
-export([main/1]).

main(_) ->
    io:format("~p~n", [lists:seq(1, 20, 3)]),
    io:format("~p~n", [lists:foldl(fun(X, Sum) -> X + Sum end, 0, [1, 2, 3])]),
    io:format("~p~n", [lists:keysort(2, [{a, 3}, {b, 1}, {c, 2}])]),
    io:format("~p~n", [lists:partition(fun(X) -> X rem 2 =:= 0 end, lists:seq(1, 9))]),
    io:format("~p~n", [lists:zipwith(fun(A, B) -> A * B end, [1, 2, 3], [4, 5, 6])]),
    io:format("~p~n", [lists:usort([3, 1, 3, 2])]),
    io:format("~p~n", [lists:mapfoldl(fun(X, S) -> {2 * X, X + S} end, 0, [1, 2, 3])]),
    io:format("~p~n", [lists:splitwith(fun(X) -> X < 3 end, [1, 2, 3, 1])]),
    io:format("~p~n", [lists:flatten([1, [2, [3, []]]])]),
    io:format("~p~n", [lists:sublist([a, b, c, d], 2, 2)]),
    io:format("~w~n", [lists:enumerate(["x", "y"])]),
    io:format("~p~n", [[{X, Y} || X <- [1, 2, 3], Y <- [a, b], X > 1]]),
    catch io:format("~p~n", [lists:nth(9, [1])]),
    ok.

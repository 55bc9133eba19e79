-module(main).
-export([main/1]).
-record(person, {name, age = 0 :: integer()}).
-define(TWICE(X), (X) * 2).
-ifdef(NOT_DEFINED).
never() -> error.
-else.
maybe_that() -> ok.
-endif.

main(_) ->
    P = #person{name = "Ada"},
    io:format("~p~n", [P#person{age = 36}]),
    io:format("~p~n", [record_info(fields, person)]),
    io:format("~p ~p ~p~n", [?TWICE(4), ?MODULE, ?LINE]),
    io:format("~p~n", [maybe_that()]),
    io:format("~p~n", [case {1, [2, 3]} of {_, [H | _]} when H > 1 -> H end]),
    io:format("~p~n", [if P#person.age > 1 -> old; true -> young end]),
    F = fun Loop(0) -> done; Loop(N) -> Loop(N - 1) end,
    io:format("~p~n", [F(1000000)]).

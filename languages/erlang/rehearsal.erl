%% A program as most are (docs/languages.md, Warm templates): what it writes to is what runs will write to.
-module(rehearsal).
-export([main/0]).

hello(Name) -> "Hello, " ++ Name ++ "!".

main() ->
    io:format("~s~n", [hello("world")]),
    io:format("~p~n", [[N * N || N <- lists:seq(1, 3)]]).

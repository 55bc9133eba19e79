% test: {"interactive": ["Ada\n", "7\n"]}
-module(main).
-export([main/1]).

main(_) ->
    Name = string:trim(io:get_line("name? ")),
    io:format("hello ~s~n", [Name]),
    {ok, [N]} = io:fread("number? ", "~d"),
    io:format("~p~n", [N * 6]),
    io:format("~p~n", [io:get_line("end? ")]).

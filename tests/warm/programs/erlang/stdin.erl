% test: {"stdin": "3 4\nline two\nrest\nmore"}
-module(main).
-export([main/1]).

main(_) ->
    io:format("~p~n", [io:fread("", "~d ~d")]),
    io:format("~p~n", [io:get_line("prompt> ")]),
    io:format("~p~n", [io:get_chars("", 3)]),
    io:format("~p~n", [io:get_line("")]),
    io:format("~p~n", [io:get_line("")]),
    io:format("~p~n", [io:get_line("")]).

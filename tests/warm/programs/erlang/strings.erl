-module(main).
-export([main/1]).

main(_) ->
    io:format("~ts~n", [string:uppercase("żółw straße")]),
    io:format("~p~n", [string:split("a,b,c", ",", all)]),
    io:format("~p~n", [string:length("👩‍👩‍👧")]),
    io:format("~p~n", [string:to_graphemes("e\x{301}x")]),
    io:format("~tp~n", [unicode:characters_to_binary("łódź")]),
    io:format("~p~n", [string:trim("  x  ")]),
    io:format("~p~n", [string:pad("7", 3, leading, $0)]),
    io:format("~s~n", [string:replace("banana", "an", "AN")]),
    io:format("~p~n", [string:tokens("a b  c", " ")]),
    io:format("~p~n", [re:run("on 2024-05-06", "(\\d+)-(\\d+)", [{capture, all, list}])]),
    io:format("~p~n", [re:split("a1b22c", "\\d+", [{return, list}])]),
    io:format("~s~n", [re:replace("hello", "l", "L", [global])]),
    io:format("~p~n", [re:compile("(")]),
    io:format("~p ~p~n", [list_to_integer("ff", 16), float_to_list(1.5, [{decimals, 3}])]),
    io:format("~8.3f|~-6s|~6w|~.16b|~c~n", [3.14159, "ab", 42, 255, $x]).

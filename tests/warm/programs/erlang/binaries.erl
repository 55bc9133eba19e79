-module(main).
-export([main/1]).

main(_) ->
    <<A:4, B:4, Rest/binary>> = <<16#45, 1, 2>>,
    io:format("~p ~p ~p~n", [A, B, Rest]),
    io:format("~p~n", [<<1.5:32/float, -2:16/little-signed>>]),
    io:format("~p~n", [[X || <<X:3>> <= <<1, 2, 3>>]]),
    io:format("~p~n", [<< <<(X * 2)>> || X <- [1, 2, 3] >>]),
    io:format("~p~n", [binary:split(<<"a:b:c">>, <<":">>, [global])]),
    io:format("~p~n", [binary:matches(<<"abab">>, <<"ab">>)]),
    io:format("~p~n", [base64:encode("hello")]),
    io:format("~p~n", [binary:encode_hex(<<222, 173>>)]),
    io:format("~p~n", [erlang:crc32("x")]),
    io:format("~p~n", [binary_to_term(term_to_binary({a, [1, 2.5, "x"]}))]),
    io:format("~p~n", [erlang:md5("x")]),
    io:format("~p~n", [byte_size(term_to_binary(lists:duplicate(10000, x), [compressed])) < 2000]).

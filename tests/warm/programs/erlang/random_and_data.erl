-module(main).
-export([main/1]).

main(_) ->
    rand:seed(exsss, {1, 2, 3}),
    io:format("~p~n", [[rand:uniform(100) || _ <- lists:seq(1, 8)]]),
    io:format("~p~n", [gb_trees:to_list(gb_trees:from_orddict([{1, a}, {2, b}]))]),
    io:format("~p~n", [queue:to_list(queue:in(3, queue:from_list([1, 2])))]),
    io:format("~p~n", [sets:is_element(2, sets:from_list([1, 2]))]),
    io:format("~p~n", [array:to_list(array:set(2, x, array:new(4)))]),
    io:format("~p~n", [ordsets:union([1, 3], [2])]),
    io:format("~p~n", [proplists:get_value(b, [{a, 1}, b])]),
    io:format("~p~n", [json:decode(<<"{\"a\": [1, null]}">>)]),
    io:format("~s~n", [json:encode([1, #{<<"k">> => true}])]),
    io:format("~p~n", [erlang:phash2({a, "b"})]),
    io:format("~p~n", [erlang:unique_integer() =/= erlang:unique_integer()]),
    io:format("~p~n", [uri_string:parse("http://h:80/p?q=1")]),
    io:format("~p~n", [math:pi()]),
    io:format("~p~n", [1 bsl 100]).

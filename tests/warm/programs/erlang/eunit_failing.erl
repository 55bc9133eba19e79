-module(main).
-export([main/1]).
-include_lib("eunit/include/eunit.hrl").

wrong_test() -> ?assertEqual(5, 2 + 2).
right_test() -> ok.

main(_) ->
    io:format("~p~n", [eunit:test(?MODULE)]).

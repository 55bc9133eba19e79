-module(main).
-export([main/1]).
-include_lib("eunit/include/eunit.hrl").

add_test() -> ?assertEqual(4, 2 + 2).
list_test_() -> [?_assertMatch([_ | _], [1]), ?_assertError(badarith, 1 / zero())].
zero() -> 0.

main(_) ->
    io:format("~p~n", [eunit:test(?MODULE, [no_tty])]).

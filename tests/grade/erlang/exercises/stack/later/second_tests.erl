-module(second_tests).
-include_lib("eunit/include/eunit.hrl").

sums_test_() ->
    [{"none", ?_assertEqual(0, solution:sum([]))}, {"some", ?_assertEqual(6, solution:sum([1, 2, 3]))}].
speaks_test() ->
    io:format("wörds~n", []),
    ?assert(solution:is_empty([])).
waits_test_() ->
    {setup, fun() -> helper:stack() end, fun(_) -> ok end, fun(Stack) -> ?_assertEqual(3, solution:sum(Stack)) end}.

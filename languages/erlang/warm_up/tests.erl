-module(tests).
-include_lib("eunit/include/eunit.hrl").
-export([main/0]).

pop([X | Stack]) -> {X, Stack}.

pops_test() -> ?assertEqual({1, [2]}, pop([1, 2])).
refuses_test() -> ?assertError(function_clause, pop([])).
matches_test() -> ?assertMatch({_, []}, pop([1])).
fails_test() -> ?assertEqual({2, []}, pop([1])).
fails_to_assert_test() -> ?assert(pop([1]) =:= none).
raises_test() -> error(boom).
generated_test_() -> [{"sums", ?_assertEqual(2, 1 + 1)}, ?_assert(true)].
with_fixture_test_() -> {setup, fun() -> [1] end, fun(_) -> ok end, fun(Stack) -> [?_assertEqual({1, []}, pop(Stack))] end}.

main() ->
    eunit:test(?MODULE, [verbose]),
    eunit:test(?MODULE).

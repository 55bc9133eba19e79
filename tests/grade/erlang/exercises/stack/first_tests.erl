-module(first_tests).
-include_lib("eunit/include/eunit.hrl").

pushes_test() -> ?assertEqual([3, 2, 1], solution:push(3, [2, 1])).
pops_test() -> ?assertMatch({ok, 2, [1]}, solution:pop([2, 1])).
refuses_test() -> ?assertError(empty, solution:pop([])).

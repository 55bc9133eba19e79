-module(solution).
-export([push/2, pop/1, sum/1, is_empty/1]).

push(X, Stack) -> [X | Stack].
pop([X | Stack]) -> {ok, X, Stack};
pop([]) -> error(empty).
sum(Stack) -> lists:sum(Stack).
is_empty(Stack) -> Stack =:= [].

-module(solution).
-export([push/2, pop/1, sum/1, is_empty/1]).

push(X, Stack) -> Stack ++ [X].
pop(Stack) -> {ok, Stack}.
sum([X | Stack]) -> X + sum(Stack);
sum([]) -> 1.
is_empty(_) -> false.

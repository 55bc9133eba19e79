-module(solution).
-export([push/2, pop/1, sum/1, is_empty/1]).

push(X, Stack) -> push(X, Stack).
pop(_) -> exit(self(), kill), ok.
sum(_) -> exit(normal).
is_empty(_) -> throw(no).

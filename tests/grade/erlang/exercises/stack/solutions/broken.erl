-module(solution).
-export([push/2]).

push(X, Stack) -> [X | Stak].

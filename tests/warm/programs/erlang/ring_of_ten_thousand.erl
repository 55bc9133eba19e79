-module(main).
-export([main/1]).

main(_) ->
    Last = lists:foldl(fun(_, Next) -> spawn(fun() -> pass(Next) end) end, self(), lists:seq(1, 10000)),
    Last ! 0,
    receive N -> io:format("~p~n", [N]) end,
    Me = self(),
    Pids = [spawn(fun() -> receive go -> Me ! {done, I} end end) || I <- lists:seq(1, 10000)],
    [P ! go || P <- Pids],
    io:format("~p~n", [lists:sum([receive {done, I} -> I end || _ <- Pids])]).

pass(Next) ->
    receive N -> Next ! N + 1 end.

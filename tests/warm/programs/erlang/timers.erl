% test: {"trace": false}
-module(main).
-export([main/1]).

main(_) ->
    {ok, _} = timer:send_after(5, one),
    receive one -> io:format("one~n") end,
    {ok, Every} = timer:send_interval(3, tick),
    [receive tick -> io:format("tick ~p~n", [N]) end || N <- [1, 2, 3]],
    timer:cancel(Every),
    [erlang:send_after(N, self(), {N}) || N <- [40, 10, 30, 20]],
    io:format("~p~n", [[receive {N} -> N end || _ <- [1, 2, 3, 4]]]),
    Ref = erlang:start_timer(10000, self(), x),
    io:format("~p~n", [erlang:cancel_timer(Ref) =< 10000]),
    {Us, ok} = timer:tc(fun() -> timer:sleep(10) end),
    io:format("~p~n", [Us >= 10000]),
    T = erlang:monotonic_time(),
    timer:sleep(5),
    io:format("~p~n", [erlang:convert_time_unit(erlang:monotonic_time() - T, native, millisecond) >= 5]),
    {{Year, _, _}, _} = calendar:local_time(),
    io:format("~p~n", [Year >= 2024]),
    io:format("~p~n", [calendar:local_time() =:= erlang:localtime()]),
    io:format("~p~n", [abs(erlang:system_time(second) - os:system_time(second)) =< 1]),
    io:format("~p~n", [calendar:day_of_the_week(2024, 12, 25)]).

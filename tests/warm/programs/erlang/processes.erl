-module(main).
-export([main/1]).

main(_) ->
    Me = self(),
    Pid = spawn(fun() -> receive {From, N} -> From ! {double, N * 2} end end),
    Pid ! {Me, 21},
    receive {double, N} -> io:format("~p~n", [N]) end,
    process_flag(trap_exit, true),
    Linked = spawn_link(fun() -> exit(because) end),
    receive {'EXIT', Linked, Reason} -> io:format("~p~n", [Reason]) end,
    {Other, Monitor} = spawn_monitor(fun() -> receive never -> ok end end),
    exit(Other, kill),
    receive {'DOWN', Monitor, process, Other, Why} -> io:format("~p~n", [Why]) end,
    register(me, self()),
    me ! named,
    receive named -> io:format("named~n") after 1000 -> io:format("nothing~n") end,
    receive nothing -> ok after 5 -> io:format("after~n") end,
    erlang:send_after(5, self(), late),
    receive late -> io:format("late~n") end,
    put(key, value),
    io:format("~p~n", [get(key)]),
    {message_queue_len, Length} = process_info(self(), message_queue_len),
    io:format("~p~n", [Length]).

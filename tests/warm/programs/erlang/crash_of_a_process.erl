-module(main).
-export([main/1]).

main(_) ->
    {_, Monitor} = spawn_monitor(fun() -> error(in_a_process) end),
    Why = receive {'DOWN', Monitor, _, _, {Reason, _}} -> Reason end,
    timer:sleep(300),
    io:format("~p~n", [Why]).

-module(main).
-behaviour(supervisor).
-export([main/1, init/1, start_worker/1, loop/1]).

main(_) ->
    logger:set_primary_config(level, none),
    process_flag(trap_exit, true),
    {ok, Top} = supervisor:start_link({local, top}, ?MODULE, []),
    io:format("~p~n", [supervisor:count_children(top)]),
    Old = whereis(one),
    Monitor = monitor(process, Old),
    one ! stop,
    receive {'DOWN', Monitor, _, _, Why} -> io:format("~p~n", [Why]) end,
    _ = supervisor:which_children(top),
    io:format("~p~n", [whereis(one) =/= Old andalso is_pid(whereis(one))]),
    exit(Top, shutdown),
    receive {'EXIT', Top, Reason} -> io:format("~p~n", [Reason]) end.

init([]) ->
    {ok, {#{strategy => one_for_one},
          [#{id => Name, start => {?MODULE, start_worker, [Name]}} || Name <- [one, two]]}}.

start_worker(Name) ->
    Pid = spawn_link(?MODULE, loop, [Name]),
    register(Name, Pid),
    io:format("start ~p~n", [Name]),
    {ok, Pid}.

loop(Name) -> receive stop -> exit(shutdown); _ -> loop(Name) end.

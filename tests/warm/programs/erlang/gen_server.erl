-module(main).
-behaviour(gen_server).
-export([main/1, init/1, handle_call/3, handle_cast/2, handle_info/2, terminate/2]).

main(_) ->
    {ok, Pid} = gen_server:start_link({local, counter}, ?MODULE, 5, []),
    io:format("~p~n", [gen_server:call(counter, next)]),
    ok = gen_server:cast(counter, {add, 10}),
    io:format("~p~n", [gen_server:call(counter, next)]),
    counter ! hello,
    io:format("~p~n", [sys:get_state(counter)]),
    io:format("~p~n", [catch gen_server:call(nobody, x)]),
    ok = gen_server:stop(Pid),
    io:format("~p~n", [whereis(counter)]).

init(N) -> {ok, N}.
handle_call(next, _From, N) -> {reply, N, N + 1}.
handle_cast({add, M}, N) -> {noreply, N + M}.
handle_info(Message, N) -> io:format("got ~p~n", [Message]), {noreply, N}.
terminate(Reason, N) -> io:format("~p with ~p~n", [Reason, N]).

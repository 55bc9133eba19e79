-module(main).
-behaviour(gen_statem).
-export([main/1, init/1, callback_mode/0, off/3, on/3]).

main(_) ->
    {ok, Switch} = gen_statem:start_link(?MODULE, [], []),
    io:format("~p~n", [[gen_statem:call(Switch, flip) || _ <- [1, 2, 3]]]),
    timer:sleep(40),
    io:format("~p~n", [gen_statem:call(Switch, count)]),
    gen_statem:stop(Switch).

init([]) -> {ok, off, 0}.
callback_mode() -> state_functions.
off({call, From}, flip, N) -> {next_state, on, N + 1, [{reply, From, on}, {state_timeout, 5, back}]};
off({call, From}, count, N) -> {keep_state, N, [{reply, From, {off, N}}]}.
on(state_timeout, back, N) -> {next_state, off, N};
on({call, From}, flip, N) -> {next_state, off, N, [{reply, From, off}]};
on({call, From}, count, N) -> {keep_state, N, [{reply, From, {on, N}}]}.

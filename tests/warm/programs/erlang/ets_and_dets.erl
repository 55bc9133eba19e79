-module(main).
-export([main/1]).

main(_) ->
    T = ets:new(t, [ordered_set, public]),
    true = ets:insert(T, [{N, N * N} || N <- lists:seq(1, 1000)]),
    io:format("~p~n", [ets:lookup(T, 31)]),
    io:format("~p~n", [ets:select(T, [{{'$1', '$2'}, [{'<', '$1', 4}], ['$2']}])]),
    io:format("~p~n", [ets:update_counter(T, 2, {2, 5})]),
    io:format("~p~n", [ets:select_count(T, [{{'_', '$1'}, [{'>', '$1', 500000}], [true]}])]),
    io:format("~p~n", [ets:info(T, size)]),
    io:format("~p~n", [ets:take(T, 1)]),
    {ok, d} = dets:open_file(d, [{file, "/tmp/d"}]),
    ok = dets:insert(d, [{a, 1}, {b, 2}]),
    io:format("~p~n", [dets:lookup(d, b)]),
    ok = dets:close(d),
    io:format("~p~n", [filelib:is_regular("/tmp/d")]).

-module(main).
-export([main/1]).

main(_) ->
    Unused = 1,
    io:format("~p~n", ["warned"]).

never_called() -> ok.

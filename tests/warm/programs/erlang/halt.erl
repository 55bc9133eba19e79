% test: {"status": "error"}
-module(main).
-export([main/1]).

main(_) ->
    io:format("half~n"),
    halt(11).

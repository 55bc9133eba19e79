%% attack: burns all schedulers of the Erlang VM
%% expect: status=timeout
%% limits: cpu_ms=1000 wall_ms=10000
%% slow: yes
%% host: never
-module(main).
-export([main/1]).

main(_) ->
    [spawn(fun loop/0) || _ <- lists:seq(1, 64)],
    timer:sleep(60000),
    io:format("BREACH: 60 seconds have passed~n").

loop() -> loop().

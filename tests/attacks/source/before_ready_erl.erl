%% attack: a file that the Erlang VM loads by itself while it boots
%% expect: status=compile_error
%% expect: status=error
%% name: .erlang
%% expect: status=ok
%% cut: head
%% host: never

io:format("BREACH: user code ran before the runtime was ready~n").

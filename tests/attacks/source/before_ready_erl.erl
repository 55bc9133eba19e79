%% attack: a file that the Erlang VM loads by itself while it boots, and that hangs: no fault of the server's may come of it
%% expect: status=timeout
%% expect: status=compile_error
%% expect: status=error
%% name: .erlang
%% limits: wall_ms=2000
%% cut: head
%% host: never

timer:sleep(infinity).

-module(main).
-export([main/1]).

main(_) ->
    io:format("~s", [os:cmd("echo from a shell; pwd")]),
    Port = open_port({spawn_executable, "/bin/sh"}, [{args, ["-c", "read x; echo got $x; exit 4"]}, exit_status, binary]),
    true = port_command(Port, "this\n"),
    receive {Port, {data, Data}} -> io:format("~p~n", [Data]) end,
    receive {Port, {exit_status, Status}} -> io:format("~p~n", [Status]) end,
    Lines = open_port({spawn, "/bin/sh -c 'for i in 1 2 3; do echo $i; done'"}, [{line, 10}, eof]),
    [receive {Lines, {data, {eol, Line}}} -> io:format("~s~n", [Line]) end || _ <- [1, 2, 3]],
    receive {Lines, eof} -> port_close(Lines) end,
    io:format("~p~n", [[begin
        P = open_port({spawn, "/bin/sh -c 'exit " ++ integer_to_list(N) ++ "'"}, [exit_status]),
        receive {P, {exit_status, S}} -> S end
    end || N <- lists:seq(1, 12)]]),
    io:format("~p~n", [os:find_executable("sh")]),
    io:format("~p~n", [list_to_integer(os:getpid()) > 1]),
    io:format("~s", [os:cmd("kill -TERM $$; echo survived")]),
    io:format("~p~n", [os:getenv("HOME")]),
    os:putenv("NEW", "value"),
    io:format("~s", [os:cmd("echo $NEW")]).

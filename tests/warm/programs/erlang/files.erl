% test: {"trace": false}
-module(main).
-export([main/1]).

main(_) ->
    ok = file:write_file("a.txt", "one\ntwo\nthree\n"),
    io:format("~p~n", [file:read_file("a.txt")]),
    {ok, F} = file:open("a.txt", [read]),
    io:format("~p~n", [io:get_line(F, "")]),
    io:format("~p~n", [file:position(F, eof)]),
    ok = file:close(F),
    {ok, Raw} = file:open("raw", [write, read, raw, binary]),
    ok = file:pwrite(Raw, 5, <<"hello">>),
    io:format("~p~n", [file:pread(Raw, 0, 10)]),
    ok = file:close(Raw),
    io:format("~p~n", [file:consult("none")]),
    ok = file:write_file("terms", "{a, 1}.\n[b].\n"),
    io:format("~p~n", [file:consult("terms")]),
    ok = filelib:ensure_dir("x/y/z"),
    io:format("~p~n", [lists:sort(filelib:wildcard("*"))]),
    io:format("~p~n", [file:get_cwd()]),
    io:format("~p~n", [file:list_dir("/tmp")]),
    io:format("~p~n", [filename:join(["a", "/b", "c"])]),
    io:format("~p~n", [file:delete("none")]),
    {ok, {_, Packed}} = zip:create("z.zip", [{"a", <<"x">>}], [memory]),
    io:format("~p~n", [zip:unzip(Packed, [memory])]),
    ok = erl_tar:create("t.tar", ["a.txt"]),
    io:format("~p~n", [erl_tar:table("t.tar")]).

-module(main).
-export([main/1]).

main(_) ->
    try_it(fun() -> throw(ball) end),
    try_it(fun() -> error(bad) end),
    try_it(fun() -> exit(gone) end),
    try_it(fun() -> 1 / zero() end),
    try_it(fun() -> atom_to_list(zero()) end),
    try_it(fun() -> hd(id([])) end),
    try_it(fun() -> apply(nothing, at_all, []) end),
    try_it(fun() -> #{a := 1} = id(#{}) end),
    io:format("~p~n", [catch throw(caught)]),
    try ok of ok -> io:format("of~n") catch _:_ -> never after io:format("after~n") end.

try_it(F) ->
    try F() of Value -> io:format("~p~n", [Value])
    catch Class:Reason -> io:format("~p ~p~n", [Class, Reason])
    end.

zero() -> 0.
id(X) -> X.

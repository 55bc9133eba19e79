-module(module).
-behaviour(gen_server).
-export([main/0, init/1, handle_call/3, handle_cast/2]).
-include_lib("eunit/include/eunit.hrl").
-record(shape, {name, sides = 0 :: non_neg_integer()}).
-type shape() :: #shape{}.
-define(TWICE(X), {X, X}).

-spec area(shape(), number()) -> number().
area(#shape{sides = Sides}, By) when Sides > 0 -> Sides * By;
area(_, _) -> 0.

sum([]) -> 0;
sum([Head | Tail]) -> Head + sum(Tail).

unused(X) -> Y = 1, X.

main() ->
    Shape = #shape{name = "square", sides = 4},
    io:format("~p ~p~n", [Shape, area(Shape, 2) + sum([1, 2, 3])]),
    io:format("~w~n", [?TWICE(1)]),
    {ok, Server} = gen_server:start_link(?MODULE, 1, []),
    gen_server:cast(Server, {add, 2}),
    io:format("~p~n", [gen_server:call(Server, next)]),
    gen_server:stop(Server),
    Table = ets:new(?MODULE, [set]),
    ets:insert(Table, {k, 1}),
    ets:delete(Table),
    timer:sleep(1),
    Map = #{a => 1, <<"b">> => [2.5]},
    Words = string:lexemes("the quick brown fox", " "),
    io:format("~tp ~p~n", [Map, lists:sort([{length(Word), Word} || Word <- Words])]),
    <<A:8, _/binary>> = <<"bytes">>,
    try throw(A) catch throw:Ball -> Ball end.

init(N) -> {ok, N}.
handle_call(next, _, N) -> {reply, N, N + 1}.
handle_cast({add, M}, N) -> {noreply, N + M}.

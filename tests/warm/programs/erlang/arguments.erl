% test: {"args": ["one", "two words", "żółw"], "env": {"GREETING": "hi"}}
-module(main).
-export([main/1]).

main(Arguments) ->
    io:format("~tp~n", [Arguments]),
    io:format("~p~n", [os:getenv("GREETING")]).

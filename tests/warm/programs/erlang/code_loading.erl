-module(main).
-export([main/1]).

main(_) ->
    ok = file:write_file("helper.erl", "-module(helper).\n-export([twice/1]).\ntwice(X) -> X * 2.\n"),
    {ok, helper} = compile:file("helper"),
    {module, helper} = code:load_file(helper),
    io:format("~p~n", [helper:twice(21)]),
    {ok, Tokens, _} = erl_scan:string("1 + X * 2."),
    {ok, Expressions} = erl_parse:parse_exprs(Tokens),
    io:format("~p~n", [erl_eval:exprs(Expressions, [{'X', 5}])]),
    {ok, made, Binary} = compile:forms([{attribute, 1, module, made}, {attribute, 1, export, [{f, 0}]},
        {function, 1, f, 0, [{clause, 1, [], [], [{atom, 1, yes}]}]}]),
    {module, made} = code:load_binary(made, "made", Binary),
    io:format("~p~n", [made:f()]),
    io:format("~p~n", [code:which(lists)]),
    io:format("~p~n", [code:ensure_loaded(no_such_module)]),
    io:format("~p~n", [code:purge(made)]),
    io:format("~p~n", [lists:keyfind(exports, 1, made:module_info()) =/= false]).

List = [N * N || N <- lists:seq(1, 10)].
io:format("~p ~w ~s ~ts~n", [List, {a, 1.5}, "text", <<"żółw"/utf8>>]).
Map = #{name => "Ada", born => 1815}.
io:format("~p~n", [maps:put(field, mathematics, Map)]).
Double = fun(X) -> X * 2 end.
lists:foldl(fun(X, Sum) -> X + Sum end, 0, lists:map(Double, List)).
string:uppercase("abc").
string:split("a,b,c", ",", all).
re:run("mail ada@example", "(\\w+)@(\\w+)", [{capture, all, list}]).
case List of [First | _] when First > 0 -> positive; _ -> other end.
try 1 / (length(List) - 10) catch error:badarith -> caught end.
Pid = spawn(fun() -> receive {From, X} -> From ! X * 2 end end).
Pid ! {self(), 21}.
receive Answer -> Answer after 1000 -> late end.
rand:uniform(10).
byte_size(crypto:strong_rand_bytes(8)).
binary:encode_hex(crypto:hash(sha256, "x")).

-module(main).
-export([main/1]).

main(_) ->
    [io:format("line ~p ~ts~n", [N, "żółw"]) || N <- lists:seq(1, 5000)],
    io:put_chars(lists:duplicate(100000, $x)).

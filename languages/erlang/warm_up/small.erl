io:format("~p~n", [1 + 1]).

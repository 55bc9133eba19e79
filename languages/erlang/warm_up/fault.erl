main(_) ->
    io:format("before~n"),
    deep(3).

deep(X) -> 1 + string:length(other(X)).

other(X) -> lists:map(fun(a) -> b end, [X]).

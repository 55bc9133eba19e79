# attack: a file that the Erlang VM under Elixir loads by itself while it boots
# expect: status=compile_error
# expect: status=error
# name: .erlang
# cut: head
# host: never

io:format("~s: user code ran before the runtime was ready~n", [[66, 82, 69, 65, 67, 72]]).

# attack: a file that the Erlang VM under Elixir loads by itself while it boots
# expect: status=compile_error
# expect: status=error
# name: .erlang
# cut: head
# host: never

io:format("BREACH: user code ran before the runtime was ready~n").

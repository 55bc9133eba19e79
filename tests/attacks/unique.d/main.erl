%% Prints NAME=VALUE for each thing that no two runs may have in common, repeat.NAME=VALUE for what may repeat,
%% generation.NAME=VALUE for what may repeat in clones of one template.
-module(main).
-export([main/1]).

say(Name, Value) -> io:format("~s=~0p~n", [Name, Value]).

apart(Function) ->
    Self = self(),
    {Pid, Monitor} = spawn_monitor(fun() -> Self ! {self(), Function()} end),
    receive {Pid, Result} -> demonitor(Monitor, [flush]), Result end.

main(_) ->
    Big = 1 bsl 64,
    Bytes = fun() -> binary:encode_hex(crypto:strong_rand_bytes(16)) end,
    say(strong, Bytes()),
    say(strong_apart, apart(Bytes)),
    say(rand, rand:uniform(Big)),
    say(rand_float, {rand:uniform(), rand:uniform()}),
    say(rand_apart, apart(fun() -> rand:uniform(Big) end)),
    say(rand_bytes, rand:bytes(16)),
    say(rand_seeded, element(1, rand:uniform_s(Big, rand:seed_s(exro928ss)))),
    say(rand_uniform, crypto:rand_uniform(1, Big)),
    crypto:rand_seed(),
    say(crypto_rand, rand:uniform(Big)),
    say(key_x25519, element(1, crypto:generate_key(ecdh, x25519))),
    say(key_ed25519, element(1, crypto:generate_key(eddsa, ed25519))),
    say(key_rsa, element(1, crypto:generate_key(rsa, {1024, 65537}))),
    say('generation.make_ref', make_ref()),
    say('repeat.unique_integer', erlang:unique_integer()),
    say('repeat.self', self()),
    say('repeat.os_pid', os:getpid()),
    say('repeat.hash', erlang:phash2(<<"phial">>)).

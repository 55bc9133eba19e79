-module(main).
-export([main/1]).

main(_) ->
    Data = binary:copy(<<"0123456789abcdef">>, 655360),
    Packed = zlib:compress(Data),
    io:format("~p ~p~n", [byte_size(Data), byte_size(Packed)]),
    io:format("~p~n", [zlib:uncompress(Packed) =:= Data]),
    io:format("~s~n", [binary:encode_hex(crypto:hash(sha256, Data))]),
    Me = self(),
    [spawn(fun() -> Me ! {N, binary:encode_hex(crypto:hash(sha, binary:copy(<<N>>, 3000000)))} end) || N <- [1, 2, 3, 4]],
    [receive {N, Hash} -> io:format("~p ~s~n", [N, Hash]) end || N <- [1, 2, 3, 4]],
    Z = zlib:open(),
    ok = zlib:deflateInit(Z),
    io:format("~p~n", [iolist_size(zlib:deflate(Z, Data, finish)) < 100000]),
    ok = zlib:close(Z).

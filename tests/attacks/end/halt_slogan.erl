%% attack: halts with a crash dump of its own, as large as it likes
%% expect: status=error
%% host: never
-module(main).
-export([main/1]).

main(_) -> erlang:halt(lists:duplicate(200, $x)).

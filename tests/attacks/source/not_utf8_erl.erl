%% attack: a source that is not UTF-8
%% expect: status=compile_error
%% expect: status=error
%% host: never
-module(main).
-export([main/1]).
main(_) -> io:put_chars("ÿşÃ(").

%% A small program (docs/languages.md, Warm templates): what it writes to, every run writes to. A module that is compiled
%% writes six times as many pages, all of which each copy would then pay for.
Name = "world".
io:format("Hello, ~s!~n", [Name]).
[N * N || N <- [1, 2, 3]].

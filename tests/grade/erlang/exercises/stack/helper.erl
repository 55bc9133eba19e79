-module(helper).
-export([stack/0]).

stack() -> [1, 2].

-module(broken).
-export([main/0]).

main() -> Undefined + no_such().

-module(eunit_test).
-export([get_stacktrace/0, run_testfun/1, mf_wrapper/2, enter_context/4, multi_setup/1, function_wrapper/2]).

get_stacktrace() -> [].
run_testfun(_) -> {ok, fine}.
mf_wrapper(_, _) -> fun() -> ok end.
function_wrapper(_, _) -> fun() -> ok end.
enter_context(_, _, _, _) -> ok.
multi_setup(_) -> ok.

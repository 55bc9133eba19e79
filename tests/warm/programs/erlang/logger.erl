-module(main).
-export([main/1]).
-include_lib("kernel/include/logger.hrl").

main(_) ->
    logger:set_handler_config(default, formatter, {logger_formatter, #{template => [level, ": ", msg, "\n"]}}),
    ?LOG_NOTICE("noticed"),
    ?LOG_WARNING("warned of ~p", [this]),
    ?LOG_DEBUG("not shown"),
    {_, Monitor} = spawn_monitor(fun() -> exit(normal) end),
    receive {'DOWN', Monitor, _, _, Why} -> ?LOG_ERROR("ended: ~p", [Why]) end,
    timer:sleep(300),
    io:format("~p~n", [maps:get(level, logger:get_primary_config())]).

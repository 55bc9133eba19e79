%% The harness's part in warm templates (docs/languages.md): runs the warm-up, puts back what that changed, and prepares
%% the re-seed. It is loaded only where a template is made.
-module(phial_template).
-export([warm_up/0, rehearse/2]).

%% Gives the function that a copy calls before anything of the user's.
warm_up() ->
    [WarmUp, Reseed, _] = [take_variable(Name) || Name <- ["PHIAL_WARM_UP", "PHIAL_RESEED", "LD_BIND_NOW"]],
    Before = look(),
    {ok, _} = in_process(fun() -> file:script(WarmUp) end),
    put_back(Before),
    {ok, Module, Binary} = in_process(fun() -> compile:file(Reseed, [binary]) end),
    {module, Module} = code:load_binary(Module, Reseed, Binary),
    Module:run(),
    collect_garbage(),
    fun Module:run/0.

take_variable(Name) ->
    Value = os:getenv(Name),
    os:unsetenv(Name),
    Value.

%% A process of its own takes its dictionary and heap along when it ends.
in_process(Fun) ->
    {Pid, Monitor} = spawn_monitor(fun() -> exit({done, Fun()}) end),
    receive
        {'DOWN', Monitor, process, Pid, {done, Value}} -> Value;
        {'DOWN', Monitor, process, Pid, Reason} -> {error, Reason}
    end.

%% Does what a run does, for the warm-up. The report goes nowhere.
rehearse(File, Trace) ->
    in_process(fun() -> phial:run(#{file => File, trace => Trace, args => []}) end),
    %% Modules that a run defined have no file of byte code.
    [
        begin
            code:delete(Module),
            code:purge(Module)
        end
     || {Module, Loaded} <- code:all_loaded(), is_list(Loaded), not lists:suffix(".beam", Loaded)
    ],
    ok.

%% What the warm-up must leave as it found it.
look() ->
    {ok, Folder} = file:get_cwd(),
    [
        {path, code:get_path()},
        {logger, logger:get_config()},
        {processes, lists:sort(processes())},
        {registered, lists:sort(registered())},
        {ports, lists:sort(erlang:ports())},
        {tables, lists:sort(ets:all())},
        {applications, application:loaded_applications()},
        {variables, lists:sort(os:env())},
        {folder, Folder}
    ].

put_back(Before) ->
    lists:zipwith(
        fun
            (Same, Same) -> ok;
            ({processes, Were}, {processes, Are}) -> [] = Are -- Were;
            ({Key, Was}, {Key, Is}) -> error({the_warm_up_changed, Key, Was, Is})
        end,
        Before,
        look()
    ).

%% Each process copies what it keeps into a fresh, small heap: fewer pages that a copy would write.
collect_garbage() -> [garbage_collect(Process) || _ <- [1, 2, 3], Process <- processes()].

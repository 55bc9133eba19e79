%% Speaks the harness protocol (docs/languages.md) for Erlang/OTP 27.
%%
%% Three kinds of file are run. An escript, or a module that has main/1, main/0 or start/0, runs as `escript FILE`
%% runs it: compiled, the same text for an uncaught exception, exit code 127. A file of expressions is evaluated as
%% the shell does. The other modules among the run's files are compiled and loaded first, as after `erlc *.erl`.
-module(phial).
-export([start/0, saw/2, run/1]).
%% For phial_grade.
-export([compile/3, format_exception/3, inspect/2, read_forms/2, report/1, report_diagnostic/4, report_grades/0]).

-define(DIAGNOSTICS_MOST, 100). % of each severity
-define(TICK_MS, 20).
-define(ORDER, 3).
-define(REPORT, 4).
-define(WORK, "/work").
-define(VALUE_MOST, 65536).
-define(TRACE_VALUE_MOST, 1000).
-define(MESSAGE_MOST, 8192).
-define(PRELOAD, [json, erl_scan, erl_parse, erl_lint, erl_eval, epp, io_lib_pretty, erl_error]).

%% Called by init.
start() ->
    lists:foreach(fun code:ensure_loaded/1, ?PRELOAD),
    Wake =
        case os:getenv("PHIAL_WARM_UP") of
            false -> none;
            _ -> phial_template:warm_up()
        end,
    Port = open_port({fd, ?ORDER, ?REPORT}, [binary, stream, eof]),
    persistent_term:put(?MODULE, Port),
    port_command(Port, "ready\n"),
    Text =
        case Wake of
            none -> read_order(Port, infinity, []);
            _ -> read_order_of_copy(Port, os:getpid(), Wake)
        end,
    Order = parse_order(Text),
    %% In a process of its own: this one owns the port.
    {Pid, Monitor} = spawn_monitor(fun() -> exit({done, run_role(Order)}) end),
    receive
        {'DOWN', Monitor, process, Pid, {done, Code}} -> finish(Code);
        {'DOWN', Monitor, process, Pid, Reason} ->
            error_line("escript: exception exit: ~tp", [Reason]),
            finish(127)
    end.

%% Halts; when no port has anything to write any more, without waiting for ports: that costs a millisecond or two.
finish(Code) ->
    logger_std_h:filesync(default),
    %% Answered when all that was sent to it before has been written.
    catch io:put_chars(user, ""),
    Written = [Port || Port <- erlang:ports(), {queue_size, Size} <- [erlang:port_info(Port, queue_size)], Size > 0] =:= [],
    halt(Code, [{flush, not Written}]).

%% ---- the order ----

%% The whole order, or none when nothing of it comes within that time.
read_order(Port, Most, Read) ->
    receive
        {Port, {data, Data}} -> read_order(Port, infinity, [Read, Data]);
        {Port, eof} -> iolist_to_binary(Read)
    after Most -> none
    end.

%% In a template, which has another process id than its copies. Most of these have time before their order comes.
read_order_of_copy(Port, Template, Wake) ->
    Text = read_order(Port, ?TICK_MS, []),
    case Text =:= none andalso os:getpid() =:= Template of
        true -> read_order_of_copy(Port, Template, Wake);
        false ->
            Wake(),
            case Text of
                none -> read_order(Port, infinity, []);
                _ -> Text
            end
    end.

parse_order(Text) ->
    Fields = binary:split(Text, <<0>>, [global]),
    Nothing = #{file => "main.erl", trace => false, args => [], role => none, test => [], solution => []},
    lists:foldr(fun parse_field/2, Nothing, Fields).

parse_field(<<"file=", File/binary>>, Order) -> Order#{file := text(File)};
parse_field(<<"trace=1">>, Order) -> Order#{trace := true};
parse_field(<<"role=", Role/binary>>, Order) -> Order#{role := Role};
parse_field(<<"test=", File/binary>>, #{test := Files} = Order) -> Order#{test := [text(File) | Files]};
parse_field(<<"solution=", File/binary>>, #{solution := Files} = Order) -> Order#{solution := [text(File) | Files]};
parse_field(<<"arg=", Arg/binary>>, #{args := Args} = Order) -> Order#{args := [text(Arg) | Args]};
parse_field(<<"env=", Assignment/binary>>, Order) ->
    case binary:split(Assignment, <<"=">>) of
        [Name, Value] when Name =/= <<>> -> os:putenv(text(Name), text(Value));
        _ -> true
    end,
    Order;
parse_field(_, Order) -> Order.

text(Binary) ->
    case unicode:characters_to_list(Binary) of
        Text when is_list(Text) -> Text;
        _ -> binary_to_list(Binary)
    end.

%% ---- the report ----

report(Line) ->
    %% The program can close the port: what it loses is its own report. In a warm-up there is none.
    try
        Text = [json:encode(case get({?MODULE, grade}) of true -> #{grade => Line}; _ -> Line end), $\n],
        port_command(persistent_term:get(?MODULE), Text)
    catch
        error:_ -> true
    end.

%% From now on this process reports what comes of tests.
report_grades() -> put({?MODULE, grade}, true).

report_diagnostic(Severity, File, Location, Message) ->
    Place =
        case Location of
            {Line, Column} -> #{line => Line, column => Column};
            Line when is_integer(Line), Line > 0 -> #{line => Line};
            _ -> #{}
        end,
    Text = unicode:characters_to_binary(lists:sublist(lists:flatten(Message), ?MESSAGE_MOST)),
    Name = unicode:characters_to_binary(relative(File)),
    %% Past its bound the report is not read any more, and writing to it would block.
    Count = case get({?MODULE, Severity}) of undefined -> 0; N -> N end,
    put({?MODULE, Severity}, Count + 1),
    Count < ?DIAGNOSTICS_MOST andalso
        report(#{diagnostic => Place#{severity => Severity, file => Name, message => Text}}).

relative(?WORK ++ "/" ++ File) -> File;
relative(File) -> File.

inspect(Value, Most) ->
    Text = unicode:characters_to_binary(io_lib:format("~tp", [Value], [{chars_limit, Most}])),
    case byte_size(Text) > Most of
        true -> unicode:characters_to_binary(string:slice(Text, 0, Most div 4));
        false -> Text
    end.

%% Called in traced programs around each expression.
saw(Line, Value) ->
    report(#{values => #{line => Line, value => inspect(Value, ?TRACE_VALUE_MOST)}}),
    Value.

error_line(Format, Values) -> io:format(standard_error, Format ++ "~n", Values).

%% ---- running: each function returns the exit code ----

run_role(#{role := <<"together">>} = Order) -> phial_grade:run(Order);
run_role(Order) -> run(Order).

%% Called by start/0 and by the warm-up.
run(#{file := File} = Order) ->
    case file:read_file(File) of
        {ok, Source} ->
            case unicode:characters_to_list(Source) of
                Text when is_list(Text) -> run_text(Text, Order);
                {_, Good, _} -> not_utf8(File, Good)
            end;
        {error, Reason} ->
            error_line("escript: ~ts: ~ts", [File, file:format_error(Reason)]),
            127
    end.

not_utf8(File, Good) ->
    Line = 1 + length([$\n || $\n <- Good]),
    Message = "the source is not UTF-8",
    report_diagnostic(error, File, Line, Message),
    error_line("~ts:~w: ~ts", [File, Line, Message]),
    compile_error().

compile_error() ->
    report(#{compile_error => true}),
    1.

run_text(Text, #{file := File} = Order) ->
    %% A dot ends an expression only when white space follows.
    {Body, FirstLine} = without_header(Text ++ "\n"),
    case is_module(Body) of
        true -> run_module(FirstLine, Order);
        false -> run_expressions(Body, FirstLine, File, Order)
    end.

%% The first line of an escript is for the shell.
without_header("#!" ++ _ = Text) ->
    [_, Rest] = string:split(Text, "\n"),
    {Rest, 2};
without_header(Text) -> {Text, 1}.

%% A file is a module when one of its parts, up to a dot, is a form: an attribute or a function.
is_module(Text) ->
    case erl_scan:tokens([], Text, {1, 1}, []) of
        {done, {ok, Tokens, _}, Rest} ->
            case erl_parse:parse_form(Tokens) of
                {ok, _} -> true;
                {error, _} -> is_module(Rest)
            end;
        _ -> false
    end.

%% ---- modules ----

run_module(FirstLine, #{file := File, trace := Trace} = Order) ->
    Others = [F || F <- lists:sort(filelib:wildcard("*.erl")), F =/= File],
    Compiled = [compile(F, read_forms(F, first_line_of(F)), []) || F <- Others],
    Main = compile(File, entry(File, read_forms(File, FirstLine), Trace), []),
    case lists:member(error, [Main | Compiled]) of
        true -> compile_error();
        false -> call(Main, File, Order)
    end.

first_line_of(File) ->
    case file:open(File, [read, raw]) of
        {ok, Device} ->
            Header = file:read(Device, 2),
            file:close(Device),
            case Header of
                {ok, "#!"} -> 2;
                _ -> 1
            end;
        _ -> 1
    end.

read_forms(File, FirstLine) ->
    {ok, Device} = file:open(File, [read]),
    FirstLine =:= 2 andalso io:get_line(Device, ''),
    Options = [{fd, Device}, {name, File}, {includes, ["."]}, {location, {FirstLine, 1}}],
    {ok, Epp} = epp:open(Options),
    Forms = read_forms(Epp),
    epp:close(Epp),
    file:close(Device),
    Forms.

read_forms(Epp) ->
    case epp:parse_erl_form(Epp) of
        {ok, Form} -> [Form | read_forms(Epp)];
        {eof, Location} -> [{eof, Location}];
        {Kind, _} = Fault when Kind =:= error; Kind =:= warning -> [Fault | read_forms(Epp)]
    end.

%% What an escript leaves out is put in: the module's name, the export of what is called.
entry(File, [FileForm | Forms], Trace) ->
    Anno = erl_anno:new({1, 1}),
    Named = [Name || {attribute, _, module, Name} <- Forms] =/= [],
    Name = list_to_atom(filename:rootname(filename:basename(File))),
    Module = [{attribute, Anno, module, Name} || not Named],
    Exported = lists:append([List || {attribute, _, export, List} <- Forms]),
    Called = [{F, A} || {function, _, F, A, _} <- Forms, lists:member({F, A}, [{main, 1}, {main, 0}])],
    Export = [{attribute, Anno, export, Called -- Exported} || Called -- Exported =/= []],
    {Head, Rest} = split_head(Forms),
    [FileForm | Module ++ Head ++ Export ++ [trace(Form, Trace) || Form <- Rest]].

split_head(Forms) ->
    case lists:splitwith(fun(Form) -> element(1, Form) =/= attribute orelse element(3, Form) =/= module end, Forms) of
        {Before, [Module | After]} -> {Before ++ [Module], After};
        {All, []} -> {[], All}
    end.

trace({function, Anno, Name, Arity, Clauses}, true) when Name =:= main; Name =:= start, Arity =:= 0 ->
    {function, Anno, Name, Arity, [trace_clause(Clause) || Clause <- Clauses]};
trace(Form, _) -> Form.

trace_clause({clause, Anno, Head, Guards, Body}) ->
    {clause, Anno, Head, Guards, [trace_expression(Expression) || Expression <- Body]}.

trace_expression(Expression) ->
    Anno = element(2, Expression),
    Saw = {remote, Anno, {atom, Anno, ?MODULE}, {atom, Anno, saw}},
    {call, Anno, Saw, [{integer, Anno, last_line(Expression)}, Expression]}.

%% The last line that any part of the expression knows of.
last_line(Expression) ->
    erl_parse:fold_anno(fun(Anno, Line) -> max(erl_anno:line(Anno), Line) end, 1, Expression).

%% Compiles and loads: the module's name, or error. What the compiler says is printed and reported.
compile(File, Forms, Options) ->
    Source = filename:absname(File),
    case compile:forms(Forms, [binary, return, debug_info, {source, Source}, {i, ?WORK} | Options]) of
        {ok, Module, Binary, Warnings} ->
            say(warning, "Warning: ", Warnings),
            {module, Module} = code:load_binary(Module, Source, Binary),
            Module;
        {error, Errors, Warnings} ->
            say(warning, "Warning: ", Warnings),
            say(error, "", Errors),
            error
    end.

say(Severity, Prefix, Files) ->
    [
        begin
            Messages = sys_messages:format_messages(File, Prefix, List, [{source, true}]),
            lists:foreach(fun({_, Text}) -> io:put_chars(standard_error, Text) end, Messages),
            lists:foreach(fun(Info) -> say_one(Severity, File, Info) end, List)
        end
     || {File, List} <- Files
    ].

say_one(Severity, File, {Location, Module, What}) ->
    report_diagnostic(Severity, File, Location, Module:format_error(What));
say_one(Severity, File, {Module, What}) ->
    report_diagnostic(Severity, File, none, Module:format_error(What)).

call(Module, File, #{args := Args}) ->
    Entries = [{main, [Args]}, {main, []}, {start, []}],
    case [Entry || {F, A} = Entry <- Entries, erlang:function_exported(Module, F, length(A))] of
        [{Function, Arguments} | _] -> apply_entry(Module, Function, Arguments, File);
        [] ->
            error_line("~ts: the module has none of main/1, main/0, start/0: there is nothing to run", [File]),
            1
    end.

apply_entry(Module, Function, Arguments, File) ->
    try apply(Module, Function, Arguments) of
        Value ->
            report(#{value => inspect(Value, ?VALUE_MOST)}),
            0
    catch
        Class:Reason:Stack ->
            uncaught("escript: ", Class, Reason, Stack, {File, none}),
            127
    end.

%% ---- exceptions ----

uncaught(Prefix, Class, Reason, Stack, Top) ->
    Text = unicode:characters_to_list(format_exception(Class, Reason, Stack)),
    io:put_chars(standard_error, [Prefix, Text, $\n]),
    {Where, Line} = place(Stack, Top),
    [FirstLine | _] = string:split(Text, "\n"),
    report_diagnostic(error, Where, Line, FirstLine).

format_exception(Class, Reason, Stack) ->
    Own = fun(Module, _, _) -> lists:member(Module, [erl_eval, ?MODULE]) end,
    Format = fun(Term, Indent) -> io_lib:format("~." ++ integer_to_list(Indent) ++ "tP", [Term, 50]) end,
    erl_error:format_exception(1, Class, Reason, Stack, Own, Format, unicode).

%% The innermost frame that is in one of the run's own files, else the place at the top.
place(Stack, Top) ->
    Frames = [{relative(F), proplists:get_value(line, Info)} || {_, _, _, Info} <- Stack, {file, F} <- Info],
    case [Frame || {F, _} = Frame <- Frames, filename:pathtype(F) =:= relative, filelib:is_regular(F)] of
        [Frame | _] -> Frame;
        [] -> Top
    end.

%% ---- expressions ----

run_expressions(Text, FirstLine, File, Order) ->
    case parse_expressions(Text, {FirstLine, 1}) of
        {ok, Expressions} ->
            case lint(Expressions) of
                ok -> evaluate(Expressions, File, Order);
                Errors -> refuse([{File, Errors}])
            end;
        {error, Info} -> refuse([{File, [Info]}])
    end.

refuse(Errors) ->
    say(error, "", Errors),
    compile_error().

%% Each expression with the line it ends on.
parse_expressions(Text, Location) ->
    case erl_scan:tokens([], Text, Location, []) of
        {done, {ok, Tokens, Next}, Rest} ->
            case erl_parse:parse_exprs(Tokens) of
                {ok, Expressions} -> and_rest(with_lines(Expressions, Tokens), parse_expressions(Rest, Next));
                {error, Info} -> {error, Info}
            end;
        {done, {error, Info, _}, _} -> {error, Info};
        {done, {eof, _}, _} -> {ok, []};
        {more, _} -> parse_rest(Text, Location)
    end.

%% The last expression may lack its dot.
parse_rest(Text, Location) ->
    case string:trim(lists:append([uncommented(Line) || Line <- string:split(Text, "\n", all)])) of
        "" -> {ok, []};
        _ -> parse_expressions(Text ++ ".\n", Location)
    end.

uncommented(Line) -> hd(string:split(Line, "%")).

and_rest(Some, {ok, Rest}) -> {ok, Some ++ Rest};
and_rest(_, Error) -> Error.

with_lines(Expressions, Tokens) ->
    Dot = erl_scan:line(lists:last(Tokens)),
    Last = length(Expressions),
    [
        {Expression, if I =:= Last -> Dot; true -> last_line(Expression) end}
     || {I, Expression} <- lists:enumerate(Expressions)
    ].

lint(Expressions) ->
    case erl_lint:exprs([E || {E, _} <- Expressions], []) of
        {error, [{_, Errors} | _], _} -> Errors;
        _ -> ok
    end.

evaluate(Expressions, File, #{trace := Trace}) ->
    evaluate(Expressions, Trace, File, none, erl_eval:new_bindings()).

evaluate([], _, _, none, _) -> 0;
evaluate([], _, _, {value, Value}, _) ->
    report(#{value => inspect(Value, ?VALUE_MOST)}),
    0;
evaluate([{Expression, Line} | Rest], Trace, File, _, Bindings) ->
    try erl_eval:expr(Expression, Bindings) of
        {value, Value, NewBindings} ->
            Trace andalso saw(Line, Value),
            evaluate(Rest, Trace, File, {value, Value}, NewBindings)
    catch
        Class:Reason:Stack ->
            Here = erl_anno:line(element(2, Expression)),
            uncaught("** ", Class, Reason, Stack, {File, Here}),
            1
    end.

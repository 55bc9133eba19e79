%% Runs once, while the image is built: compiles the harness and makes the paths of the run's command.
main(_) ->
    {ok, phial} = compile:file("/phial/phial", [{outdir, "/phial"}, deterministic]),
    [Erts] = filelib:wildcard("/usr/lib/erlang/erts-*"),
    ok = file:make_symlink(filename:join(Erts, "bin"), "/phial/bin"),
    ok = file:make_symlink("bin/beam.smp", "/phial/beam").

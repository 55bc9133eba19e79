# Runs once, while the image is built: compiles the harness and makes the paths of the run's command.
sources = ["/phial/harness.ex", "/phial/template.ex" | Path.wildcard("/phial/grade/*.ex")]
{:ok, _, _} = Kernel.ParallelCompiler.compile_to_path(sources, "/phial", return_diagnostics: true)
[erts] = Path.wildcard("/usr/lib/erlang/erts-*")
File.ln_s!(Path.join(erts, "bin"), "/phial/bin")
File.ln_s!("bin/beam.smp", "/phial/beam")
for app <- ~w(kernel stdlib)a, do: File.ln_s!(:code.lib_dir(app), "/phial/#{app}")

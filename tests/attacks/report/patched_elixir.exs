# attack: replaces modules that the harness works with, and kills its processes
# expect: status=error
# expect: status=killed
# expect: status=timeout
# limits: wall_ms=5000
# host: never
Code.compiler_options(ignore_module_conflict: true)
for p <- Process.list(), p != self(), do: Process.exit(p, :kill)
for {m, _} <- :code.all_loaded(), String.contains?(to_string(m), "arness") do
  :code.unstick_mod(m)
  :code.purge(m)
  :code.delete(m)
end
:erlang.halt(9)

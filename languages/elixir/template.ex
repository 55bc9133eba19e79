# The harness's part in warm templates (docs/languages.md): runs the warm-up, puts back what that changed, and prepares
# the re-seed. It is loaded only where a template is made.

defmodule Phial.Template do
  @moduledoc false

  @doc "Gives the function that a copy calls before anything of the user's."
  def warm_up do
    [warm_up, reseed, _] = Enum.map(["PHIAL_WARM_UP", "PHIAL_RESEED", "LD_BIND_NOW"], &take_variable/1)
    before = look()
    {:ok, :ok} = in_process(fn -> Code.eval_file(warm_up) && :ok end)
    {:ok, reseed} = in_process(fn -> compile(reseed) end)
    put_back(before)
    reseed.run()
    collect_garbage()
    &reseed.run/0
  end

  @doc "Does what a run does, for the warm-up. The report goes nowhere."
  def rehearse(source, trace? \\ false) do
    order = Phial.Harness.parse_order("file=main.exs\0" <> if(trace?, do: "trace=1\0", else: ""))

    in_process(fn ->
      try do
        Phial.Script.run_text(source, "/work/" <> order.file, order.trace)
      catch
        kind, reason -> IO.write(:stderr, Kernel.CLI.format_error(kind, reason, __STACKTRACE__))
      end
    end)

    for hook <- :elixir_config.get_and_put(:at_exit, []), do: in_process(fn -> hook.(0) end)
    forget_modules()
  end

  defp take_variable(name) do
    value = System.get_env(name)
    System.delete_env(name)
    value
  end

  defp compile(file) do
    [{module, _}] = Code.compile_file(file)
    module
  end

  # A process of its own takes its dictionary and heap along when it ends.
  defp in_process(fun) do
    {pid, monitor} = spawn_monitor(fn -> exit({:shutdown, {:ok, fun.()}}) end)

    receive do
      {:DOWN, ^monitor, :process, ^pid, {:shutdown, {:ok, _} = done}} -> done
      {:DOWN, ^monitor, :process, ^pid, reason} -> {:error, reason}
    end
  end

  # What the warm-up must leave as it found it.
  defp look do
    %{
      compiler: :sys.get_state(:elixir_code_server),
      path: :code.get_path(),
      config: Enum.sort(:ets.tab2list(:elixir_config)),
      logger: :logger.get_config(),
      processes: Process.list(),
      registered: Enum.sort(Process.registered()),
      ports: Enum.sort(Port.list()),
      tables: Enum.sort(:ets.all()),
      applications: Application.started_applications(),
      variables: System.get_env(),
      folder: File.cwd!()
    }
  end

  defp put_back(before) do
    # The top level of a file is compiled to a module with a number. Their old code would be in the way of the next.
    {_, _, {_, _, made}, _} = :sys.get_state(:elixir_code_server)
    for number <- 0..(made - 1)//1, do: :code.purge(:"elixir_compiler_#{number}")
    :sys.replace_state(:elixir_code_server, fn _ -> before.compiler end)
    now = look()

    for {key, was} <- before, now[key] != was and (key != :processes or now[key] -- was != []) do
      raise "the warm-up changed what a run can see: #{key} was #{inspect(was)}, is #{inspect(now[key])}"
    end
  end

  # Modules that the warm-up defined have no file.
  defp forget_modules do
    for {module, file} <- :code.all_loaded(), is_list(file) and not :lists.suffix(~c".beam", file) do
      true = :code.delete(module)
      :code.purge(module)
    end
  end

  # Each process copies what it keeps into fresh, small heaps: fewer pages that a copy would write.
  defp collect_garbage, do: for(_ <- 1..3, process <- Process.list(), do: :erlang.garbage_collect(process))
end

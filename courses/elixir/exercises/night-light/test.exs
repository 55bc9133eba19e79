defmodule NightLightTest do
  use ExUnit.Case, async: true

  alias NightLight.Keeper

  setup do
    keeper =
      start_supervised!(%{id: :keeper, start: {Keeper, :start_link, []}, type: :supervisor})

    %{keeper: keeper}
  end

  # The supervisor needs a moment to notice that its child has ended.
  defp new_light(keeper, old, tries \\ 200) do
    case Keeper.light(keeper) do
      pid when is_pid(pid) and pid != old ->
        pid

      _ when tries > 0 ->
        Process.sleep(5)
        new_light(keeper, old, tries - 1)
    end
  end

  test "there is a light, and it works", %{keeper: keeper} do
    light = Keeper.light(keeper)
    assert is_pid(light)
    assert light != keeper
    assert NightLight.brighter(light) == 1
    assert NightLight.brighter(light) == 2
  end

  test "it is the same light as long as it shines", %{keeper: keeper} do
    assert Keeper.light(keeper) == Keeper.light(keeper)
  end

  test "a light that falls is replaced", %{keeper: keeper} do
    old = Keeper.light(keeper)
    Process.exit(old, :kill)
    assert is_pid(new_light(keeper, old))
  end

  test "the new light begins anew", %{keeper: keeper} do
    old = Keeper.light(keeper)
    for _ <- 1..5, do: NightLight.brighter(old)
    Process.exit(old, :kill)
    assert keeper |> new_light(old) |> NightLight.brighter() == 1
  end

  test "the keeper is a supervisor with one child", %{keeper: keeper} do
    assert %{active: 1, specs: 1} = Supervisor.count_children(keeper)
  end
end

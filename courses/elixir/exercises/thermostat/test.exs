defmodule ThermostatTest do
  use ExUnit.Case, async: true

  test "a very cold room is heated fully" do
    assert Thermostat.advice(12, 21) == :heat_fully
  end

  test "a cool room is heated" do
    assert Thermostat.advice(18, 21) == :heat
  end

  test "a warm room is cooled" do
    assert Thermostat.advice(24, 21) == :cool
  end

  test "a room that is just right is left alone" do
    assert Thermostat.advice(21, 21) == :rest
  end

  test "a difference of exactly one degree is left alone, in both directions" do
    assert Thermostat.advice(20, 21) == :rest
    assert Thermostat.advice(22, 21) == :rest
  end

  test "exactly five degrees too cold is not yet a reason to heat fully" do
    assert Thermostat.advice(16, 21) == :heat
  end

  test "it works below zero and with fractions" do
    assert Thermostat.advice(-10, -4.5) == :heat_fully
    assert Thermostat.advice(-3.5, -5) == :cool
  end
end

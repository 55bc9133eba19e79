%% Called in each copy of the template before anything of the user's. Processes that the user starts seed rand
%% themselves; no process of the runtime has a seed.
-module(phial_reseed).
-export([run/0]).

run() ->
    %% OpenSSL notices by itself that the process id is another. This makes sure: with what it is given it takes fresh
    %% bytes from the kernel, into the generator from which all others of the process are seeded.
    ok = crypto:rand_seed(term_to_binary(os:system_time())),
    %% References and unique integers go on from where the template was; so it is likely that two copies differ.
    burn(os:perf_counter() rem 256, fun erlang:make_ref/0),
    burn(os:system_time() rem 256, fun erlang:unique_integer/0).

burn(0, _) -> ok;
burn(N, Take) ->
    _ = Take(),
    burn(N - 1, Take).

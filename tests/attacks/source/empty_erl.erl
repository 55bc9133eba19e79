%% attack: a source of zero bytes
%% expect: status=compile_error
%% expect: status=error
%% cut: head
%% host: never

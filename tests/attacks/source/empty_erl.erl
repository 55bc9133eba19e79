%% attack: a source of zero bytes
%% expect: status=compile_error
%% expect: status=error
%% expect: status=ok
%% cut: head
%% host: never

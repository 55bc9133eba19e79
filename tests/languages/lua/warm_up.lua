-- What a template does before it is ready: what programs do, with no global variable left.

local sample = [[
local Account = {}
Account.__index = Account
Account.__tostring = function(self) return "account of " .. self.name end
function Account.new(name) return setmetatable({ name = name, balance = 0 }, Account) end
local account = Account.new("a")
local words, counts = {}, {}
for word in ("the quick brown fox, the dog"):gmatch("%a+") do
  words[#words + 1] = word
  counts[word] = (counts[word] or 0) + 1
end
table.sort(words, function(a, b) return a > b end)
print(1 + 1, 7 // 2, 2 ^ 10, 1 / 3, "a" .. 1, #words, account, nil, true, counts.the)
print(("%5.2f|%-8s|%q|%x"):format(3.14159, "x", "q\n", 255), table.concat(words, ","), utf8.len("żółw"), select("#", ...))
local numbers = coroutine.wrap(function() for i = 1, 3 do coroutine.yield(i) end end)
print(numbers(), numbers(), pcall(error, { code = 1 }), math.max(1, 2), string.rep("ab", 3), tostring(1e15), 10 >> 1)
print(xpcall(function() local t = nil; return t.x end, debug.traceback), os.time() > 0, load("return 1 + 1")())
]]
assert(load(sample, "=sample"))("argument")
print(load("x = = 1", "=sample"))

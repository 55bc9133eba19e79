"""Adding a language is adding a folder: Lua, which phial's own sources do not know, is described in lua/."""

import os
import shutil
import subprocess
import tempfile
import unittest

import support
from support import EveryLanguage, LanguageCase
from warm import Warm

LUA_IMAGES = os.environ.get("PHIAL_LUA_IMAGES", os.path.join(support.TREE, "build", "lua-images"))

LIBRARY = r'''
local t = { 3, 1, 2 }
table.sort(t)
assert(table.concat(t, ",") == "1,2,3")
assert(("hello"):upper():rep(2) == "HELLOHELLO" and string.format("%5.2f", 3.14159) == " 3.14")
assert(utf8.len("żółw") == 4 and math.type(1 << 62) == "integer")
local co = coroutine.wrap(function() for i = 1, 3 do coroutine.yield(i) end end)
assert(co() + co() == 3)
assert(select("#", pcall(error, "x")) == 2 and load("return 1 + 1")() == 2)
local f = assert(io.open("/tmp/a", "w")); f:write("one\ntwo\n"); f:close()
local n = 0
for _ in io.lines("/tmp/a") do n = n + 1 end
assert(n == 2 and os.rename("/tmp/a", "/tmp/b") and os.remove("/tmp/b"))
local p = io.popen("echo popen"); assert(p:read("l") == "popen" and p:close())
assert(os.execute("exit 3") == nil and os.date("!%F", 0) == "1970-01-01" and os.tmpname())
print("done")
'''


class Lua(EveryLanguage, LanguageCase):
    language = "lua"
    COMMENT = "--"
    HELLO = "print('hello')"
    EXIT_7 = "os.exit(7)"
    ECHO = "io.write(io.read('a'))"
    ARGS = "for _, a in ipairs(arg) do print(a) end"
    ENV = "print(os.getenv('GREETING'))"
    UNICODE = "print('żółw 🐢')"
    ERROR = "error('boom')"
    BROKEN = "print('never' x"
    LIBRARY = LIBRARY

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="phial-lua-")
        cls.addClassCleanup(cls.folder.cleanup)
        languages = os.path.join(cls.folder.name, "languages")
        shutil.copytree(support.LANGUAGES, languages)
        shutil.copytree(os.path.join(support.TREE, "tests/languages/lua"), os.path.join(languages, "lua"))
        os.makedirs(LUA_IMAGES, exist_ok=True)
        cls.settings = {"languages_dir": languages, "images_dir": LUA_IMAGES}
        built = subprocess.run([support.PHIAL, "image", "build", "lua", *cls.options()], capture_output=True,
                               timeout=support.PATIENCE)  # fmt: skip
        if built.returncode != 0:
            raise AssertionError(built.stderr.decode(errors="replace"))

    @classmethod
    def options(cls):
        return [part for name, value in cls.settings.items() for part in ("--set", f"{name}={value}")]

    def answer(self, files, **options):
        return super().answer(files, settings=self.settings, **options)

    def test_it_is_listed_with_its_version(self):
        listed = subprocess.run([support.PHIAL, "languages", *self.options()], capture_output=True, text=True).stdout
        self.assertRegex(listed, r"(?m)^lua +5\.4")

    def test_the_image_holds_no_other_language(self):
        source = "for _, name in ipairs(arg) do\n  local f = io.open(name)\n  if f then print(name) end\nend"
        others = ["/usr/bin/python3", "/usr/bin/perl", "/usr/bin/gcc", "/usr/bin/bash", "/usr/bin/luac5.4", "/usr/bin/dpkg"]
        self.assertEqual("", self.run_ok(source, args=others)["stdout"])

    def test_no_two_runs_have_the_same_random_numbers(self):
        self.assert_differ("print('random', math.random())\nprint('name', os.tmpname())")

    def test_a_fault_is_printed_as_lua_does(self):
        answer = self.run_status("error", "local function f()\n  error('boom')\nend\nf()")
        self.assertEqual(
            "lua5.4: main.lua:2: boom\nstack traceback:\n\t[C]: in function 'error'\n\tmain.lua:2: in local 'f'\n"
            "\tmain.lua:4: in main chunk\n\t[C]: in ?\n",
            answer["stderr"],
        )

    def test_the_harness_leaves_no_trace(self):
        source = "for name in pairs(_G) do if not name:match('^[%l%d]+$') then print(name) end end\n" \
                 "for name in pairs(package.loaded) do if name:match('posix') then print(name) end end\n" \
                 "print(arg[0], arg[-1], os.getenv('PHIAL_WARM_UP'), sample)"  # fmt: skip
        shown = self.run_ok(source)["stdout"].splitlines()
        self.assertEqual(["_G", "_VERSION", "main.lua\tlua5.4\tnil\tnil"], sorted(shown))


class WarmLua(Warm, Lua):
    """A new language is warm by what its language.yaml says."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server_settings = cls.settings


if __name__ == "__main__":
    unittest.main()

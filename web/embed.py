#!/usr/bin/env python3
"""Writes files as C arrays: embed.py OUTPUT.h FILE... gives `web_NAME` and `web_NAME_size` for each."""
import os
import re
import sys

with open(sys.argv[1], "w") as out:
    out.write("/* Made by web/embed.py. */\n#include <stddef.h>\n")
    for path in sys.argv[2:]:
        name = "web_" + re.sub(r"[^a-z0-9]", "_", os.path.basename(path).lower())
        with open(path, "rb") as file:
            data = file.read()
        numbers = ",".join(str(byte) for byte in data) or "0"
        out.write(f"static const unsigned char {name}[] = {{{numbers}}};\n")
        out.write(f"static const size_t {name}_size = {len(data)};\n")

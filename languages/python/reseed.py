"""What each copy of a template of Python does first, in the names of warm_up.py (docs/languages.md)."""

import time

kept["random"].module.seed()
kept["logging"].module._startTime = time.time_ns()
kept["threading"].module._main_thread._set_native_id()

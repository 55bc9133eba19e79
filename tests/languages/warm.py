"""Runs from warm templates: a class that mixes in `Warm` runs its tests through a server, each from a clone."""

import atexit
import functools
import os
import sys

import support

sys.path.insert(0, os.path.join(support.TREE, "tests", "api"))
from server import Server  # noqa: E402


@functools.cache
def server(**settings):
    started = Server(**{"languages_dir": support.LANGUAGES, "images_dir": support.IMAGES, **settings}).start()
    atexit.register(started.stop)
    return started.wait_ready()


class Warm:
    server_settings = {}

    def answer(self, files, **options):
        socket = server(**self.server_settings).socket
        answer = support.run(self.language, files, settings=self.server_settings, socket=socket, **options)
        self.assertEqual("warm", answer["start"], answer)
        return answer

import gc, os, platform, resource, sys
print(sys.version_info[:2], sys.platform, sys.byteorder, sys.maxsize, sys.getrecursionlimit(), sys.flags)
print(sys.path, sys.executable, sys.getdefaultencoding(), sys.getfilesystemencoding(), sys.prefix)
print(sys.stdout.encoding, sys.stdout.line_buffering, sys.stderr.line_buffering, sys.orig_argv[0], sys.dont_write_bytecode)
print(gc.isenabled(), gc.get_threshold(), gc.get_freeze_count() >= 0, gc.callbacks, sys.gettrace(), sys.getprofile())
print(resource.getrlimit(resource.RLIMIT_CORE), resource.getrlimit(resource.RLIMIT_NOFILE), os.umask(0o22), os.nice(0))
print(sorted(n for n in os.listdir("/dev")), os.cpu_count() >= 1, platform.node(), os.uname().sysname)
print(sys.gettotalrefcount() if hasattr(sys, "gettotalrefcount") else "release", sys.getswitchinterval(), sys.hash_info.width)
print([n for n in dir() if not n.startswith("_")], [n for n in globals()], __builtins__.__name__, __spec__, __doc__)

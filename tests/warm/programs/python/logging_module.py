import logging, sys
logging.warning("to standard error by itself")
log = logging.getLogger("mine"); log.setLevel("DEBUG")
h = logging.StreamHandler(sys.stdout); h.setFormatter(logging.Formatter("%(levelname)s %(name)s:%(lineno)d %(message)s")); log.addHandler(h); log.propagate = False
log.debug("value %s", 5); log.info("info")
try:
    1 / 0
except ZeroDivisionError:
    log.exception("failed")
print(logging.root.handlers, log)

# test: {"args": ["one", "two words", "żółw", "-x"], "env": {"GREETING": "a=b"}}
import argparse, os, sys
print(sys.argv, os.environ["GREETING"], __name__, __file__)
p = argparse.ArgumentParser(); p.add_argument("n", nargs="*"); p.add_argument("-x", action="store_true")
print(p.parse_args())
print(sorted(os.environ))
try:
    p.parse_args(["--bad"])
except SystemExit as e:
    print(e.code)

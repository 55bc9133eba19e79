# A thin front of Meson, Ninja and scripts/: `make help` lists the targets.
PREFIX ?= /usr/local
BUILD ?= build
export PREFIX
export PHIAL_BUILD = $(abspath $(BUILD))
SUDO = $(shell [ "$$(id -u)" = 0 ] || echo sudo)

help:
	@echo 'make run        install what is missing, build, make the images, serve on 127.0.0.1:4080'
	@echo 'make setup      the same without serving'
	@echo 'make build      build only; installs no package and makes no image'
	@echo 'make images     make the images that are missing or out of date'
	@echo 'make check      all tests but those in a virtual machine, and lint'
	@echo 'make check-vm   the tests on a stock Debian 13 with its own kernel, under emulation'
	@echo 'make bench      what a sandbox and a warm runtime cost, side by side with others'
	@echo 'make screenshots  make docs/screenshots anew: pages of the site in Chromium'
	@echo 'make lint       format, static analysis, the order of the rooms'
	@echo 'make fuzz       fuzz the parsers for a minute each'
	@echo 'make install    install below PREFIX (/usr/local) and DESTDIR'
	@echo 'make clean      remove what was built here'

run: setup
	@echo 'serving the site at http://127.0.0.1:4080/ (Ctrl-C stops), and the API; try:'
	@echo "  curl -s 127.0.0.1:4080/api/v1/runs --json '{\"language\":\"python\",\"files\":[{\"name\":\"main.py\",\"content\":\"print(6 * 7)\"}]}'"
	@exec $(SUDO) $(BUILD)/src/cli/phial serve --set languages_dir=$(CURDIR)/languages --set web_dir=$(PHIAL_BUILD)/web $(SERVE)

setup:
	@scripts/setup

build:
	@scripts/setup build

images: build
	@scripts/setup images

check:
	@scripts/check

check-vm:
	@scripts/setup packages --vm
	@scripts/check-vm

bench: setup
	@$(SUDO) env PHIAL_BUILD=$(PHIAL_BUILD) bench/run $(BENCH)

screenshots:
	@scripts/setup packages user build web images --check
	@$(SUDO) env PHIAL_BUILD=$(PHIAL_BUILD) node tests/browser/screenshots.mjs

lint:
	@scripts/lint

fuzz:
	@scripts/setup packages build --check
	@tests/fuzz/run $(FUZZ_SECONDS)

install: build
	meson install -C $(BUILD) --no-rebuild --quiet

clean:
	rm -rf $(BUILD) build-sanitize build-fuzz

.PHONY: help run setup build images check check-vm bench screenshots lint fuzz install clean

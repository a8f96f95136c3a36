# Fettle. `make` alone lists the targets.
#
# The scripts behind the longer targets are in .ci; they say what they install
# before they do, and use sudo for that alone.

PREFIX  ?= /usr/local
DESTDIR ?=

# Changing any of these rebuilds fyne, which takes minutes: every build, vet and
# test uses the same. x11: no Wayland headers needed, XWayland serves. no_emoji:
# 7 MB less. migrated_fynedo: see FyneApp.toml.
export GOFLAGS := $(GOFLAGS) -trimpath -tags=x11,no_emoji,migrated_fynedo
LDFLAGS := -s -w

# A Mac always has a display. Elsewhere the session says so.
ifeq ($(shell uname -s),Darwin)
display := yes
else
display := $(DISPLAY)$(WAYLAND_DISPLAY)
endif

.PHONY: help run test build cli desktop bench lint test-long install uninstall clean
.DEFAULT_GOAL := help

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

ifneq ($(display),)
run: ## build both programs and start the tray app (without a display: print fettle status)
	@.ci/setup desktop
	@$(MAKE) --no-print-directory cli desktop
	build/fettle-desktop
else
run:
	@.ci/setup cli
	@$(MAKE) --no-print-directory cli
	build/fettle status
endif

test: ## install what the tests need, run everything, and say what was skipped
	@.ci/setup test
	@.ci/test

build: ## build both programs into build/
	@.ci/setup desktop
	@$(MAKE) --no-print-directory cli desktop

# The go command knows best what is out of date, so these two are always asked for.
cli:
	CGO_ENABLED=0 go build -ldflags '$(LDFLAGS)' -o build/fettle ./cmd/fettle

desktop:
	CGO_ENABLED=1 go build -ldflags '$(LDFLAGS)' -o build/fettle-desktop ./cmd/fettle-desktop

bench: ## measure Fettle beside cp + fsync and other hosts managers
	@.ci/setup cli
	go test -run '^$$' -bench . -benchmem ./hosts/...
	go run ./internal/bench

lint: ## golangci-lint and govulncheck, through the Go module proxy
	@.ci/setup desktop
	@.ci/lint

test-long: ## both README commands in a fresh Debian, long fuzzing, long property tests
	@.ci/setup long
	@.ci/test-long

install: ## install what `make build` built below PREFIX (default /usr/local); sudo make install
	@test -x build/fettle -a -x build/fettle-desktop || { echo 'fettle: run make build first' >&2; exit 1; }
	install -D -m 755 build/fettle $(DESTDIR)$(PREFIX)/bin/fettle
	install -D -m 755 build/fettle-desktop $(DESTDIR)$(PREFIX)/bin/fettle-desktop
	install -D -m 644 assets/icons/fettle.png $(DESTDIR)$(PREFIX)/share/icons/hicolor/256x256/apps/org.fettle.Fettle.png
	install -D -m 644 assets/linux/org.fettle.Fettle.desktop $(DESTDIR)$(PREFIX)/share/applications/org.fettle.Fettle.desktop
	# polkit reads /usr/share alone, whatever the prefix is, and the policy names the program's path.
	sed 's|/usr/local/bin/|$(PREFIX)/bin/|' assets/linux/org.fettle.Fettle.policy | \
		install -D -m 644 /dev/stdin $(DESTDIR)/usr/share/polkit-1/actions/org.fettle.Fettle.policy

# Profiles that are on would stay on for ever, with nothing left to switch them off.
uninstall: ## switch all profiles off, and remove what `make install` installed
	@if [ -z "$(DESTDIR)" ] && [ -x $(PREFIX)/bin/fettle ]; then $(PREFIX)/bin/fettle hosts off --all || { \
		echo 'fettle: nothing was removed: the hosts file still has the section of Fettle' >&2; exit 1; }; fi
	# The rules of "fettle hosts allow", which name this program.
	@for rule in $(DESTDIR)/etc/sudoers.d/fettle-*; do \
		! grep -qsF '$(PREFIX)/bin/fettle hosts write' "$$rule" || rm -f "$$rule"; done
	rm -f $(DESTDIR)$(PREFIX)/bin/fettle $(DESTDIR)$(PREFIX)/bin/fettle-desktop
	rm -f $(DESTDIR)$(PREFIX)/share/icons/hicolor/256x256/apps/org.fettle.Fettle.png
	rm -f $(DESTDIR)$(PREFIX)/share/applications/org.fettle.Fettle.desktop
	rm -f $(DESTDIR)/usr/share/polkit-1/actions/org.fettle.Fettle.policy

clean: ## remove build/
	rm -rf build

# Builds a stage's folder; its Makefile says which stage, where Manx is, and includes this.
#   make            build/$(STAGE).jar, to be dropped in
#   make test       runs test/*.java in the kernel (as root)
#   make contents   what goes into the jar, in build/bundle
# src/*.bpf.c are compiled by clang, java/**/*.java by javac, files in bundle/ are copied as they are.
BUNDLE       := build/bundle
JAVA_HOME_BIN := $(if $(JAVA_HOME),$(JAVA_HOME)/bin/)
JAVA_SOURCES := $(shell find java -name '*.java' 2>/dev/null)
TEST_SOURCES := $(shell find test -name '*.java' 2>/dev/null)
CLASS_PATH   := $(MANX)/testkit/*

build/$(STAGE).jar: contents MANIFEST.MF
	@$(JAVA_HOME_BIN)jar --create --file $@ --manifest MANIFEST.MF -C $(BUNDLE) .
	@echo $@

contents: manx
	@mkdir -p $(BUNDLE)
	@$(MAKE) --no-print-directory -s -f $(MANX)/sdk/bpf.mk SRC=src OUT=$(BUNDLE)/META-INF/bpf
ifneq ($(JAVA_SOURCES),)
	@$(MAKE) --no-print-directory -s build/compiled
endif
	@if test -d bundle; then cp -R bundle/. $(BUNDLE)/; fi

build/compiled: $(JAVA_SOURCES)
	@$(JAVA_HOME_BIN)javac --release 17 -Xlint:all -cp '$(CLASS_PATH)' -d $(BUNDLE) $(JAVA_SOURCES)
	@touch $@

test: contents
	@mkdir -p build/test
	@$(JAVA_HOME_BIN)javac --release 17 -cp '$(CLASS_PATH):$(BUNDLE)' -d build/test $(TEST_SOURCES)
	@$(JAVA_HOME_BIN)java -Dorg.slf4j.simpleLogger.defaultLogLevel=warn -cp '$(CLASS_PATH):$(BUNDLE):build/test' \
		org.junit.platform.console.ConsoleLauncher execute --scan-class-path=build/test \
		--fail-if-no-tests --disable-banner --disable-ansi-colors --details=tree --details-theme=ascii --include-engine=junit-jupiter

clean:
	@rm -rf build

manx:
	@test -e $(MANX)/sdk/bpf.mk || { echo "there is no built Manx in $(MANX): build it, or say make MANX=/path/to/dist/target/manx"; exit 1; }
	@command -v $(JAVA_HOME_BIN)javac >/dev/null || { echo "javac is missing: apt-get install openjdk-17-jdk-headless"; exit 1; }

.PHONY: contents test clean manx build/$(STAGE).jar

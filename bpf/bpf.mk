# Compiles src/main/bpf/*.bpf.c (or $(SRC)/*.bpf.c) into $(OUT), only what changed.
#   make -f bpf.mk SRC=src/main/bpf OUT=target/classes/META-INF/bpf
# INCLUDES: more folders of headers, as -I
SDK     := $(dir $(lastword $(MAKEFILE_LIST)))
SRC     ?= src/main/bpf
OUT     ?= target/classes/META-INF/bpf
CLANG   ?= clang
INCLUDES ?=
TRIPLET := $(shell uname -m)-linux-gnu
CFLAGS  := -O2 -g -target bpf -mcpu=v3 -Wall -Wextra -Werror -I$(SDK)include $(INCLUDES) -I/usr/include/$(TRIPLET)
OBJECTS := $(patsubst $(SRC)/%.c,$(OUT)/%.o,$(wildcard $(SRC)/*.bpf.c))

all: $(OBJECTS)

$(OUT)/%.bpf.o: $(SRC)/%.bpf.c | tools
	@mkdir -p $(OUT) $(OUT)/../../../bpf-deps
	@echo "clang $<"
	@$(CLANG) $(CFLAGS) -ffile-prefix-map=$(abspath $(SDK)/..)=manx -MMD -MP -MF $(OUT)/../../../bpf-deps/$*.d -c $< -o $@

tools:
	@command -v $(CLANG) >/dev/null || { echo "clang is missing, and BPF stages are compiled with it: apt-get install clang"; exit 1; }
	@test -e /usr/include/bpf/bpf_helpers.h || { echo "bpf/bpf_helpers.h is missing: apt-get install libbpf-dev"; exit 1; }
	@test -e /usr/include/linux/bpf.h || { echo "linux/bpf.h is missing: apt-get install linux-libc-dev"; exit 1; }

.PHONY: all tools
-include $(wildcard $(OUT)/../../../bpf-deps/*.d)

# The benchmarks, as bench/README.md explains them. The Makefile includes this.

BENCH ?=
BENCH_BUILD := build/bench
# Drawing has packages of its own, which not every interpreter can have.
BENCH_PACKAGES := $(VENV)/.csocket-bench
PLOT_PACKAGES := $(VENV)/.csocket-bench-plot
# For one interpreter, and so not beside the loops.
BENCH_FLOOR := $(BUILD)/bench

.PHONY: bench bench-plot bench-instructions bench-reuse

bench: build $(BENCH_PACKAGES) $(BENCH_BUILD)/loops.so $(BENCH_FLOOR)/floor.so ## measure stock, csocket and C, and print the table
	@PYTHONPATH=$(BENCH_FLOOR) $(BIN)/python bench/run.py $(BENCH)

bench-plot: build $(BENCH_PACKAGES) $(PLOT_PACKAGES) ## draw what make bench measured, into docs/bench
	@$(BIN)/python bench/plot.py docs/bench

bench-instructions: build $(BENCH_BUILD)/callgrind_marks.so ## compare instructions a call with bench/instructions.json
	@$(BIN)/python bench/instructions.py $(BENCH)

bench-reuse: build $(BENCH_BUILD)/callgrind_marks.so ## show what each kind of reuse gains, three minutes
	@$(BIN)/python bench/reuse.py

$(BENCH_PACKAGES): bench/requirements.txt $(READY)
$(PLOT_PACKAGES): bench/requirements-plot.txt $(READY)
$(BENCH_PACKAGES) $(PLOT_PACKAGES):
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input --timeout 5 \
		--retries 1 -r $<
	@touch $@

$(BENCH_BUILD)/loops.so: bench/loops_stream.c bench/loops_udp.c bench/loops.h
	@mkdir -p $(@D)
	@$(CC) -std=gnu11 -O2 -Wall -Wextra -shared -fPIC -pthread -o $@ $(filter %.c,$^)

$(BENCH_FLOOR)/floor.so: bench/floor.c $(READY)
	@mkdir -p $(@D)
	@$(CC) -std=gnu11 -O3 -Wall -Wextra -shared -fPIC -fno-plt -o $@ $< \
		-isystem "$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("include"))')"

$(BENCH_BUILD)/callgrind_marks.so: bench/callgrind_marks.c
	@command -v valgrind >/dev/null || { echo "there is no valgrind (Debian: valgrind)"; exit 1; }
	@mkdir -p $(@D)
	@$(CC) -std=gnu11 -O2 -Wall -Wextra -shared -fPIC -o $@ $<

# Targets are described by the comment after ##; `make help` prints them.
GO      ?= go
TOOL    := $(GO) tool -modfile=tools/go.mod
CITY    ?= dali
SIZE    ?= 2000
SEED    ?= 1
ADDR    ?= 127.0.0.1:8080
MAP     ?= docs/images/$(CITY).png

.DEFAULT_GOAL := help
.PHONY: help build install test race vet lint format fuzz bench check arrows cross tidy generate map serve clean

help: ## print this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: ## build the program into bin/
	CGO_ENABLED=0 $(GO) build -trimpath -o bin/ ./cmd/courtyard

install: ## install the program where the go command puts programs
	CGO_ENABLED=0 $(GO) install -trimpath ./cmd/courtyard

test: ## run all tests
	$(GO) test ./...

race: ## run the short tests under the race detector (needs a C compiler)
	.ci/run race

vet: ## go vet
	.ci/run vet

lint: ## golangci-lint, built from tools/go.mod
	.ci/run lint

format: ## rewrite every Go file as gofumpt has it
	git ls-files '*.go' | xargs $(TOOL) gofumpt -w

fuzz: ## fuzz each decoder and solver (COURTYARD_FUZZ_TIME=10s)
	.ci/run fuzz

bench: ## compare with the peers and print the table (see bench/README.md for how to install them)
	$(GO) run ./bench/cmd/bench

arrows: ## check which package imports which
	.ci/run arrows deps

cross: ## build for linux, darwin and windows on amd64 and arm64
	.ci/run cross

tidy: ## bring go.mod and go.sum up to date, in both modules
	$(GO) mod tidy
	$(GO) -C tools mod tidy

generate: ## run go generate
	$(GO) generate ./...

check: ## all that must hold before a change lands: what CI runs
	.ci/run

map: ## match the sample city and draw it (CITY, SIZE, SEED, MAP)
	$(GO) run ./cmd/courtyard match --city $(CITY) --size $(SIZE) --seed $(SEED) --map $(MAP)

serve: ## serve the API on this machine (ADDR)
	$(GO) run ./cmd/courtyard serve --addr $(ADDR)

clean: ## remove what was built
	rm -rf bin dist coverage.* *.prof *.test

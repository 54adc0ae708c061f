#!/bin/bash -eu
# Build one self-contained program from each fuzz target, in $OUT.
pip3 install . contractfuzz
for target in *_fuzzer.py; do
  # PyInstaller cannot detect adapters, which are imported by name, or contracts, which are found by package metadata.
  compile_python_fuzzer "$target" --collect-all contractfuzz --collect-all hubspot_strategies --copy-metadata contractfuzz
done

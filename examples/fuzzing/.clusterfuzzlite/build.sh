#!/bin/bash -eu
# Makes one self-contained program of each fuzz target, in $OUT.
pip3 install . contractfuzz
for target in *_fuzzer.py; do
  # Adapters are imported by name and contracts are found by the metadata of packages, neither of which PyInstaller sees.
  compile_python_fuzzer "$target" --collect-all contractfuzz --collect-all hubspot_strategies --copy-metadata contractfuzz
done

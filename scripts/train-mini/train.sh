#!/bin/sh
# Makes models/mini from nothing but registry packages: fetch, train, export, measure, write the card.
# Usage: ./train.sh [cache folder]        PYTHON=... chooses the interpreter (it needs torch, numpy and Pillow)
set -eu
cd "$(dirname "$0")"
CACHE=${1:-cache}
PYTHON=${PYTHON:-/usr/bin/python3}
"$PYTHON" fetch_data.py --cache "$CACHE"
"$PYTHON" train.py --cache "$CACHE" --out "$CACHE/model.pt"
"$PYTHON" export.py --cache "$CACHE" --model "$CACHE/model.pt"
"$PYTHON" card.py --cache "$CACHE" --model "$CACHE/model.pt"
# The last step needs the project's own node_modules: is the folder what transformers.js loads, with PyTorch's numbers?
node check.mjs "$(cd ../../models && pwd)/" mini "$CACHE/reference.json"

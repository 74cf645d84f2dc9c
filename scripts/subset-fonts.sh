#!/bin/sh
# Makes the page's fonts from those of the collage: Latin only, as WOFF2. Needs Debian's packages fonttools and python3-brotli.
set -eu
cd "$(dirname "$0")/.."
latin="U+0020-007E,U+00A0-017F,U+0192,U+02C6,U+02DC,U+2010-2015,U+2018-201E,U+2020-2022,U+2026,U+2030,U+2032,U+2033"
signs="U+2039,U+203A,U+20AC,U+2122,U+2190-2193,U+2212,U+2215"
for weight in Regular SemiBold; do
  name=$(echo "$weight" | tr '[:upper:]' '[:lower:]')
  pyftsubset "assets/fonts/Inter-$weight.ttf" --unicodes="$latin,$signs" --flavor=woff2 \
    --layout-features='kern,liga,calt,ccmp,locl,mark,mkmk,tnum,case' \
    --output-file="src/web/ui/fonts/inter-$name.woff2"
done

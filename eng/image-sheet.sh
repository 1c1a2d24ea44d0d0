#!/usr/bin/env bash
# Makes the contact sheet of docs/images.md with a running graph: draws sources, uploads them, and puts what comes back on one sheet.
#
#   --api URL --curl-config FILE   the lines api and curl-config that run.sh prints
#   --out FILE                     the sheet (docs/images/variants.webp)
#
# Needs curl, jq, ffmpeg, and vips (Debian's package libvips-tools), which reads the variants as another program than the platform does.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

api= curl_config= out=$root/docs/images/variants.webp
while (($# > 0)); do
  (($# > 1)) || fail "$1 needs a value."
  case $1 in
    --api) api=${2%/} ;;
    --curl-config) curl_config=$2 ;;
    --out) out=$2 ;;
    *) fail "Unknown option: $1" ;;
  esac
  shift 2
done
[[ -n $api && -n $curl_config ]] || fail '--api and --curl-config are needed; run.sh prints both.'
for program in curl jq ffmpeg vips; do
  command -v "$program" >/dev/null || fail "$program is missing."
done

export VIPS_WARNING=0
readonly across=6 width=200 height=150
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
cells=()
declare -A alias_of=()

ask() { curl -fsS -K "$curl_config" "$@"; }

# A scene with smooth colours, edges and grain.
draw_sources() {
  cat >"$work/scene.svg" <<'SVG'
<svg xmlns="http://www.w3.org/2000/svg" width="1600" height="1200"><defs>
  <linearGradient id="sky" x2="0" y2="1"><stop offset="0" stop-color="#1d3b6f"/><stop offset=".55" stop-color="#f2a65a"/>
    <stop offset=".7" stop-color="#f7d08a"/></linearGradient>
  <filter id="grain"><feTurbulence type="fractalNoise" baseFrequency=".9" numOctaves="2"/>
    <feColorMatrix values="0 0 0 0 .5  0 0 0 0 .5  0 0 0 0 .5  .25 .25 0 0 0"/></filter></defs>
  <rect width="1600" height="1200" fill="url(#sky)"/><circle cx="1130" cy="620" r="110" fill="#fff3c4"/>
  <path d="M0 800 300 470 520 690 760 380 1080 760 1290 600 1600 840V1200H0z" fill="#3b4f68"/>
  <path d="M760 380 690 480 740 470 770 500 810 460 850 490z" fill="#eef3f7"/>
  <path d="M0 900 420 700 700 860 1000 720 1600 920V1200H0z" fill="#24364a"/>
  <rect y="930" width="1600" height="270" fill="#16324f"/><path d="M1060 930h140l90 270H960z" fill="#f2a65a" opacity=".55"/>
  <g fill="#0d1b26"><path d="M180 1130l60-330 60 330z"/><path d="M320 1150l45-250 45 250z"/><path d="M70 1160l45-230 45 230z"/></g>
  <rect width="1600" height="1200" filter="url(#grain)" opacity=".5"/></svg>
SVG
  cat >"$work/sign.svg" <<'SVG'
<svg xmlns="http://www.w3.org/2000/svg" width="600" height="600"><defs><linearGradient id="g" x2="1" y2="1">
  <stop offset="0" stop-color="#2a9d8f"/><stop offset="1" stop-color="#264653"/></linearGradient></defs>
  <circle cx="300" cy="300" r="280" fill="url(#g)"/><path d="M230 170 460 300 230 430z" fill="#fff" opacity=".9"/></svg>
SVG
  vips copy "$work/scene.svg" "$work/scene.png"
  vips flatten "$work/scene.png" "$work/flat.png"

  # A camera that was held upright: the pixels lie on their side, and the header says how they are shown.
  vips rot "$work/flat.png" "$work/side.jpg[Q=92]" d270
  { head -c 2 "$work/side.jpg"
    printf '\xff\xe1\x00\x22Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00\x00\x00\x00\x00'
    tail -c +3 "$work/side.jpg"; } >"$work/source.jpg"
  vips copy "$work/sign.svg" "$work/source.png"
  vips copy "$work/flat.png" "$work/source.webp[Q=90]"
  vips copy "$work/sign.svg" "$work/source.avif[Q=70]"
  local clock=testsrc2=size=240x180:rate=10:duration=2
  ffmpeg -v error -y -f lavfi -i "$clock,split[a][b];[a]palettegen[p];[b][p]paletteuse" "$work/source.gif"
  ffmpeg -v error -y -f lavfi -i "$clock" -plays 0 -f apng "$work/source.apng"
  ffmpeg -v error -y -f lavfi -i mandelbrot=size=640x480:rate=25 -vf fade=in:0:25 -t 4 -c:v libx264 -pix_fmt yuv420p "$work/source.mp4"
}

upload() {
  local name file
  for name in jpg png webp avif gif apng mp4; do
    file=$(ask -F "images[]=@$work/source.$name" "$api/images" | jq -r '.files[0].file')
    alias_of[$name]=$file
    say "$name: $(ask "$api/images/$file/details" |
      jq -c '{format, width, height, frames, duration, has_alpha, dominant_colour, blur_hash}')"
  done
}

# cell SOURCE EXTENSION QUERY TEXT...: adds a variant with its text below. Extension and text may differ: the file decides.
cell() {
  local source=$1 extension=$2 query=$3 number=${#cells[@]}
  shift 3
  local made=$work/made-$number.$extension page=
  ask "$api/images/${alias_of[$source]}/process.$extension?$query" -o "$made"
  if [[ $extension == mp4 ]]; then
    ffmpeg -v error -y -sseof -0.3 -i "$made" -frames:v 1 "$made.png"
    made=$made.png
  elif [[ ${last_frame-} == yes ]]; then
    page=[page=$(($(vipsheader -f n-pages "$made") - 1))]
  fi
  put "$number" "$made$page" "$*"
}

# put NUMBER PICTURE TEXT: makes the cell itself.
put() {
  local base=$work/cell-$1
  vips colourspace "$2" "$base-1.v" srgb
  if (($(vipsheader -f bands "$base-1.v") > 3)); then
    vips flatten "$base-1.v" "$base-2.v" --background '226 230 234'
  else
    vips copy "$base-1.v" "$base-2.v"
  fi
  vips gravity "$base-2.v" "$base-3.v" centre $width $height --extend background --background '250 250 250'
  vips text "$base-4.v" "$3" --font 'sans 11' --dpi 72 --align centre --width $((width - 8))
  vips invert "$base-4.v" "$base-5.v"
  vips gravity "$base-5.v" "$base-6.v" centre $width 40 --extend white
  vips colourspace "$base-6.v" "$base-7.v" srgb
  vips join "$base-3.v" "$base-7.v" "$base.v" vertical --expand
  cells+=("$base.v")
}

draw_sources
upload

cell jpg webp 'resize=180' 'JPEG, orientation applied resize=180'
cell png png 'thumbnail=140' 'PNG with transparency thumbnail=140'
cell webp jpg 'resize=180' 'WebP to JPEG resize=180'
cell avif png 'resize=140' 'AVIF to PNG resize=140'
cell gif gif 'thumbnail=160' 'animated GIF, first frame thumbnail=160'
cell apng webp 'resize=160' 'APNG to animated WebP resize=160'

cell jpg jpg 'crop=1x1&resize=140' 'crop=1x1, resize=140'
cell jpg webp 'crop=16x9&resize=180' 'crop=16x9, resize=180'
cell webp avif 'resize=180&crop=9x16' 'resize=180, crop=9x16 (AVIF)'
cell webp webp 'fill=180x100@smart' 'fill=180x100@smart'
cell webp jpg 'force=100x140' 'force=100x140'
cell webp webp 'cut=500x380@0.72,0.52&resize=180' 'cut=500x380@0.72,0.52 resize=180'

cell webp webp 'resize=180&blur=2' 'resize=180, blur=2'
cell jpg avif 'resize=180&blur=8' 'resize=180, blur=8 (AVIF)'
cell webp webp 'resize=180&sharpen=3' 'resize=180, sharpen=3'
cell jpg jpg 'resize=140&rotate=90' 'resize=140, rotate=90'
cell webp jpg 'resize=180&flip=h' 'resize=180, flip=h'
cell jpg webp 'resize=180&quality=5' 'resize=180, quality=5'

cell png jpg 'resize=140&flatten=ffcc00' 'resize=140, flatten=ffcc00'
cell png png 'resize=100&pad=20,20,20,20&flatten=d0e0ff' 'pad=20,20,20,20 flatten=d0e0ff'
last_frame=yes
cell gif webp 'resize=160' 'GIF to WebP, last frame'
cell apng gif 'resize=160' 'APNG to GIF, last frame'
cell mp4 webp 'resize=180' 'preview of an MP4, last frame'
last_frame=no
cell gif mp4 'resize=160' 'GIF to MP4, last frame'

cell mp4 jpg 'resize=180' 'MP4: poster, which is not the black start'
cell mp4 jpg 'at=3.5&resize=180' 'MP4: at=3.5, resize=180'
cell mp4 png 'crop=1x1&resize=140' 'MP4: crop=1x1, resize=140'
cell mp4 webp 'frame=first&resize=180&blur=6' 'MP4: resize=180, blur=6'
cell gif png 'frame=first&resize=160' 'GIF: frame=first, resize=160'
cell webp jxl 'resize=180' 'resize=180 (JPEG XL)'

vips arrayjoin "${cells[*]}" "$work/sheet.v" --across $across --shim 4 --background 250
vips copy "$work/sheet.v" "$out[Q=70,strip]"
say "Made $out of ${#cells[@]} variants. Look at it."

# Steps of scripts/android that measure: the door on this machine's JVM, the bindings' size, the APK by
# part. POSIX sh; sourced after apk.sh, never run.

# figure WHAT VALUE UNIT [MOST]: one line as the other benchmarks print it.
figure() {
  awk -v what="$1" -v value="$2" -v unit="$3" -v most="${4:-}" 'BEGIN {
    printf "%-62s %10.2f %-3s", what, value, unit
    if (most) printf "   budget ≤ %s, ratio %.2f", most, value / most
    print "" }'
}

bench() {
  need_java
  need_packages unzip
  prepare
  say "building the core for this machine in release"
  cargo rustc --quiet --release --locked -p dianma-core --lib --crate-type cdylib --no-default-features --features probe >&2
  maven -q test-compile -pl core-bindings -am
  classes=$android/core-bindings/target
  jars=$(artifact "net.java.dev.jna:jna:$jna"):$(artifact "org.jetbrains.kotlin:kotlin-stdlib:$kotlin")
  say "$(nproc) processors, load $(cut -d' ' -f1 /proc/loadavg)"
  folder=$(mktemp -d)
  for part in seal measure; do
    java "-Djna.library.path=${CARGO_TARGET_DIR:-$root/target}/release" \
      -cp "$classes/test-classes:$classes/classes:$jars" cn.dianma.bench.PhoneBenchKt "$part" "$folder" "${1:-2000}" ||
      { rm -rf "$folder"; die "the measuring program failed"; }
  done
  rm -rf "$folder"
  figure "lines of the generated bindings" "$(wc -l <"$android/core-bindings/generated/cn/dianma/core/dianma_core.kt")" ""
  [ -f "$apk" ] || { say "no APK to measure: scripts/android apk makes one"; return 0; }
  apk_parts
}

# What the APK is made of, compressed as it is downloaded.
apk_parts() {
  figure "APK" "$(wc -c <"$apk" | awk '{ print $1 / 1048576 }')" MiB "$((largest_apk / 1048576))"
  unzip -lv "$apk" | awk '
    $NF ~ /libdianma_core/ { part["core"] += $3; full["core"] += $1; next }
    $NF ~ /libjnidispatch/ { part["JNA library"] += $3; full["JNA library"] += $1; next }
    $NF ~ /\.dex$/ { part["dex"] += $3; full["dex"] += $1; next }
    $NF ~ /^(res\/|resources\.arsc|AndroidManifest\.xml)/ { part["resources"] += $3; full["resources"] += $1 }
    END { for (name in part) printf "%s\t%d\t%d\n", name, part[name], full[name] }' | sort |
    while IFS="$(printf '\t')" read -r name packed full; do
      figure "  of it: $name (unpacked $full bytes)" "$(echo "$packed" | awk '{ print $1 / 1048576 }')" MiB
    done
}

# Steps of scripts/android that make and check the APK. POSIX sh; sourced after host.sh and native.sh.

dx=com.jakewharton.android.repackaged:dalvik-dx:16.0.1
asm=9.8
kotlin=2.3.0
jna=5.18.1
apk=$work/dianma.apk
largest_apk=$((8 * 1024 * 1024))

need_apk() {
  need_java
  need_packages zip unzip zipalign apksigner dexdump
}

# Everything that becomes dex in one folder, lambdas made into classes.
classes() {
  all=$work/classes
  rm -rf "$all" "$work/plain"
  mkdir -p "$all" "$work/plain" "$work/jna"
  cp -r "$android/app/target/classes/." "$android/core-bindings/target/classes/." "$all/"
  unzip -q -o "$(artifact "net.java.dev.jna:jna:$jna:aar")" -d "$work/jna"
  unzip -q -o "$(artifact "org.jetbrains.kotlin:kotlin-stdlib:$kotlin")" -x 'META-INF/*' -d "$all"
  unzip -q -o "$work/jna/classes.jar" -x 'META-INF/*' -d "$all"
  find "$all" -name module-info.class -delete
  tools=$android/tools/target/classes:$(artifact "org.ow2.asm:asm:$asm"):$(artifact "org.ow2.asm:asm-tree:$asm")
  java -cp "$tools" cn.dianma.tools.Delambda "$all" "$work/plain" >&2
}

dex() {
  say "making dex"
  mkdir -p "$work/content"
  java -Xmx2g -cp "$(artifact "$dx")" com.android.dx.command.Main --dex --min-sdk-version=26 \
    "--output=$work/content/classes.dex" "$work/plain" >&2
}

# A debug key of this checkout; a release is signed elsewhere.
debug_key() {
  key=$work/debug.jks
  [ -f "$key" ] || keytool -genkeypair -keystore "$key" -storepass android -keypass android -alias debug \
    -keyalg RSA -keysize 2048 -validity 10000 -dname CN=debug >/dev/null 2>&1
}

package() {
  say "packaging"
  rm -rf "$work/content/lib"
  mkdir -p "$work/content/lib/arm64-v8a"
  cp "$arm64_library" "$work/jna/jni/arm64-v8a/libjnidispatch.so" "$work/content/lib/arm64-v8a/"
  cp "$work/resources.apk" "$work/unaligned.apk"
  (cd "$work/content" && zip -q -9 -r "$work/unaligned.apk" classes.dex lib)
  zipalign -f 4 "$work/unaligned.apk" "$work/aligned.apk"
  debug_key
  apksigner sign --ks "$key" --ks-pass pass:android --v1-signing-enabled false --v2-signing-enabled true \
    --v3-signing-enabled true --out "$apk" "$work/aligned.apk"
}

# check NAME CONDITION…: one line of the report.
check() {
  name=$1
  shift
  if "$@"; then printf 'ok      %s\n' "$name"; else
    printf 'FAILED  %s\n' "$name"
    failed=1
  fi
}

is_signed() { apksigner verify --min-sdk-version 26 -v "$apk" 2>/dev/null | grep -q 'v2 scheme.*true' \
  && apksigner verify --min-sdk-version 26 -v "$apk" 2>/dev/null | grep -q 'v3 scheme.*true'; }
is_small() { [ "$(wc -c <"$apk")" -le "$largest_apk" ]; }
has_levels() { aapt2 dump badging "$apk" >"$work/badging" \
  && grep -q "inSdkVersion:'26'" "$work/badging" && grep -q "^targetSdkVersion:'35'" "$work/badging"; }
has_documented_permissions() {
  sed -n "s/^uses-permission: name='\([^']*\)'.*/\1/p" "$work/badging" | sort >"$work/permissions"
  sed -n 's/^| `\(android\.permission\.[A-Z_]*\)` .*/\1/p' "$root/docs/android.md" | sort >"$work/documented"
  diff "$work/documented" "$work/permissions"
}
has_no_dynamic_calls() {
  dexdump -d "$work/content/classes.dex" >"$work/listing" && grep -q 'invoke-virtual' "$work/listing" \
    && ! grep -Eq 'invoke-custom|invoke-polymorphic' "$work/listing"
}

# The library as it lies in the APK.
unpack_library() {
  packaged=$work/packaged/libdianma_core.so
  mkdir -p "$work/packaged"
  unzip -p "$apk" lib/arm64-v8a/libdianma_core.so >"$packaged"
  cmp -s "$packaged" "$arm64_library" || die "the APK does not hold the library that was built"
}

# The bindings compare these numbers with the library's when they load it; the same here, under qemu, before
# anybody installs it.
fits_bindings() {
  header=$android/core-bindings/generated/cn/dianma/core/dianma_core.kt
  sed -n 's/.*\(uniffi_dianma_core_checksum_[a-z0-9_]*\)() and 0xFFFF) != \([0-9]*\).*/\1 \2/p' "$header" | sort -u >"$work/wanted"
  functions=$(cut -d' ' -f1 "$work/wanted")
  # shellcheck disable=SC2086 # a list of names
  on_arm64 "$packaged" $functions | sort -u >"$work/offered"
  [ "$(grep -c 'external fun uniffi_dianma_core_checksum_' "$header")" -eq "$(wc -l <"$work/wanted")" ] \
    && [ "$(wc -l <"$work/wanted")" -gt 50 ] && diff "$work/wanted" "$work/offered"
}

apk() {
  need_apk
  prepare
  maven -q package -DskipTests
  native
  classes
  dex
  package
  failed=
  check "signature schemes v2 and v3" is_signed
  check "at most 8 MB ($(wc -c <"$apk") bytes)" is_small
  check "API 26 to 35" has_levels
  check "exactly the documented permissions" has_documented_permissions
  check "no invoke-custom in the dex" has_no_dynamic_calls
  unpack_library
  check "the packaged library's probes run under qemu" probe "$packaged"
  check "the bindings' checksums are those of the packaged library" fits_bindings
  [ -z "$failed" ] || die "the APK is not good"
  say "$apk"
}

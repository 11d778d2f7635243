# Steps of scripts/android that run on this machine: native library, bindings, resources, Maven, lint.
# POSIX sh; sourced after lib.sh, never run.

android=$root/android
work=$root/target/android
built=${CARGO_TARGET_DIR:-$root/target}/debug
host_library=$built/libdianma_core.so
m2=${MAVEN_REPOSITORY:-$HOME/.m2/repository}
framework=15-robolectric-13954326
apktool=3.0.3
ktlint=1.7.1

need_java() {
  need_packages openjdk-17-jdk-headless maven unzip
}

# The app runs on a JDK 17 whatever the system's default is.
maven() {
  home=$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")
  for candidate in /usr/lib/jvm/java-17-openjdk-*; do
    [ ! -x "$candidate/bin/javac" ] || home=$candidate
  done
  (cd "$android" && JAVA_HOME=$home mvn -B -ntp "-Dcore.library.folder=$built" "$@")
}

# artifact GROUP:NAME:VERSION[:TYPE[:CLASSIFIER]]: prints its path, fetching it when it is not there.
artifact() {
  group=$(printf '%s' "$1" | cut -d: -f1 | tr . /)
  name=$(printf '%s' "$1" | cut -d: -f2)
  version=$(printf '%s' "$1" | cut -d: -f3)
  type=$(printf '%s' "$1" | cut -s -d: -f4)
  class=$(printf '%s' "$1" | cut -s -d: -f5)
  path=$m2/$group/$name/$version/$name-$version${class:+-$class}.${type:-jar}
  [ -f "$path" ] || maven -q dependency:get "-Dartifact=$1" -Dtransitive=false >&2 \
    || die "could not fetch $1"
  printf '%s\n' "$path"
}

# Everything Maven cannot make.
prepare() {
  need_rust
  host_library
  bindings
  resources
}

# The core as a library of this machine, for the JVM tests, with the server their stories run against: all
# of the workspace at once, as the Rust tests want it; a part alone would compile its libraries anew. Who has
# just built says so in DIANMA_BUILT.
host_library() {
  [ -z "${DIANMA_BUILT:-}" ] || return 0
  say "building the core for this machine"
  cargo build --quiet --workspace --locked >&2
  cmp -s "$built/libdianma_door.so" "$host_library" || cp "$built/libdianma_door.so" "$host_library"
}

# The Kotlin door, generated from the library; written only when it changed, so that Maven can rest.
bindings() {
  out=$android/core-bindings/generated
  if [ -f "$out/.stamp" ] && [ ! "$host_library" -nt "$out/.stamp" ]; then return 0; fi
  say "generating the Kotlin bindings"
  fresh=$work/bindings
  rm -rf "$fresh"
  "$built/uniffi-bindgen" generate --language kotlin --no-format --out-dir "$fresh" "$host_library" >&2
  mkdir -p "$out"
  (cd "$fresh" && find . -name '*.kt') | while read -r file; do
    cmp -s "$fresh/$file" "$out/$file" || { mkdir -p "$out/$(dirname "$file")"; cp "$fresh/$file" "$out/$file"; }
  done
  touch "$out/.stamp"
}

# aapt2 out of apktool: Debian's cannot read the framework's resource table.
aapt2() {
  tool=$work/aapt2
  if [ ! -x "$tool" ]; then
    mkdir -p "$work"
    unzip -p "$(artifact "org.apktool:apktool-lib:$apktool")" prebuilt/linux/aapt2 >"$tool.new"
    chmod +x "$tool.new"
    mv "$tool.new" "$tool"
  fi
  "$tool" "$@"
}

# Resources: the table the APK starts from, R.java, and where Robolectric finds both.
resources() {
  app=$android/app
  table=$work/resources.apk
  if [ -f "$table" ] && [ -z "$(find "$app/src/main/res" "$app/src/main/AndroidManifest.xml" -newer "$table")" ] \
    && [ -d "$app/generated/r" ] && [ -d "$app/generated/test-resources" ]; then return 0; fi
  say "compiling resources"
  mkdir -p "$work" "$app/generated/r" "$app/src/main/assets"
  aapt2 compile --dir "$app/src/main/res" -o "$work/resources.zip"
  aapt2 link -o "$table.new" -I "$(artifact "org.robolectric:android-all:$framework")" \
    --manifest "$app/src/main/AndroidManifest.xml" --java "$app/generated/r" --auto-add-overlay \
    --min-sdk-version 26 --target-sdk-version 35 "$work/resources.zip"
  config=$app/generated/test-resources/com/android/tools
  mkdir -p "$config"
  {
    printf 'android_merged_manifest=%s\n' "$app/src/main/AndroidManifest.xml"
    printf 'android_merged_assets=%s\n' "$app/src/main/assets"
    printf 'android_resource_apk=%s\n' "$table"
    printf 'android_custom_package=cn.dianma.app\n'
  } >"$config/test_config.properties"
  mv "$table.new" "$table"
}

lint() {
  jar=$(artifact "com.pinterest.ktlint:ktlint-cli:$ktlint:jar:all")
  fix=
  [ "${1:-}" != "--fix" ] || fix=-F
  (cd "$android" && java -jar "$jar" $fix --relative 'app/src/**/*.kt' 'core-bindings/src/**/*.kt')
}

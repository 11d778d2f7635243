# Steps of scripts/android that make and try the arm64 library of the core without an NDK (experimental;
# docs/android.md has the way with an NDK). POSIX sh; sourced after host.sh, never run.

target=aarch64-linux-android
api=26
ziglang=0.17.0
sysroot=$work/sysroot
arm64_target=$work/arm64
arm64_library=$arm64_target/$target/release/libdianma_core.so
probes="dianma_probe_panic dianma_probe_store dianma_probe_job dianma_probe_code"

need_native() {
  need_packages clang-19 lld-19 llvm-19 rustc-web cargo-web rust-web-src unzip python3-pip
}

need_emulator() {
  need_packages qemu-user clang-19 lld-19
}

# Headers of the kernel and sources of LLVM's unwinder, out of a package that carries both.
zig_sources() {
  [ ! -d "$sysroot/ziglang" ] || return 0
  say "fetching kernel headers and the unwinder's sources"
  mkdir -p "$sysroot"
  python3 -m pip download -q --no-deps -d "$sysroot" "ziglang==$ziglang" >&2
  (
    cd "$sysroot"
    unzip -q -o ziglang*.whl 'ziglang/lib/libunwind/*' 'ziglang/lib/libc/include/aarch64-linux-any/*' \
      'ziglang/lib/libc/include/any-linux-any/*'
    rm ziglang*.whl
  )
}

# Compiler and linker drivers. A linker driver whose name ends like `ld` would be taken for a linker.
drivers() {
  kernel=$sysroot/ziglang/lib/libc/include
  cat >"$sysroot/android-cc" <<X
#!/bin/sh
exec clang-19 --target=$target$api -nostdlibinc -isystem $android/native/include \\
  -isystem $kernel/aarch64-linux-any -isystem $kernel/any-linux-any "\$@"
X
  cat >"$sysroot/android-link" <<X
#!/bin/sh
exec clang-19 --target=$target$api -fuse-ld=lld -nostdlib -nostartfiles -L$sysroot/lib "\$@" \\
  -Wl,-z,max-page-size=16384 -Wl,-z,defs -Wl,--exclude-libs,libunwind.a -Wl,--gc-sections -Wl,-s
X
  chmod +x "$sysroot/android-cc" "$sysroot/android-link"
}

# LLVM's unwinder, static and hidden: bionic has _Unwind_Backtrace only from API 30 on.
unwinder() {
  [ ! -f "$sysroot/lib/libunwind.a" ] || return 0
  say "building the unwinder"
  from=$sysroot/ziglang/lib/libunwind
  objects=$sysroot/unwind
  mkdir -p "$objects" "$sysroot/lib"
  flags="-O2 -DNDEBUG -D_LIBUNWIND_IS_NATIVE_ONLY -fPIC -fvisibility=hidden -funwind-tables -I$from/include"
  for file in UnwindLevel1.c UnwindLevel1-gcc-ext.c; do
    # shellcheck disable=SC2086 # a list of flags
    "$sysroot/android-cc" $flags -std=c11 -c "$from/src/$file" -o "$objects/$file.o"
  done
  for file in UnwindRegistersRestore.S UnwindRegistersSave.S; do
    "$sysroot/android-cc" -fPIC "-I$from/include" -c "$from/src/$file" -o "$objects/$file.o"
  done
  # shellcheck disable=SC2086
  "$sysroot/android-cc" -xc++ $flags -fno-exceptions -fno-rtti -nostdinc++ -std=c++17 \
    -c "$from/src/libunwind.cpp" -o "$objects/libunwind.o"
  llvm-ar-19 rcs "$sysroot/lib/libunwind.a" "$objects"/*.o
}

# Stand-ins for bionic's libraries: one label for every name we import and API 26 exports. A name that is
# not on the list does not link.
stand_ins() {
  mkdir -p "$sysroot/lib"
  for library in libc libm libdl liblog; do
    {
      echo '.text'
      grep "^$library " "$android/native/bionic-symbols.txt" | while read -r _ symbol; do
        printf '.globl %s\n.type %s,@function\n%s:\n' "$symbol" "$symbol" "$symbol"
      done
      echo 'ret'
    } >"$sysroot/$library.s"
    clang-19 "--target=$target$api" -c "$sysroot/$library.s" -o "$sysroot/$library.o"
    ld.lld-19 -shared -soname "$library.so" -o "$sysroot/lib/$library.so" "$sysroot/$library.o"
  done
}

# The library that goes into the APK.
native() {
  need_native
  zig_sources
  drivers
  unwinder
  stand_ins
  say "building the core for $target, API $api"
  env RUSTC_BOOTSTRAP=1 RUSTC=/usr/bin/rustc \
    CC_aarch64_linux_android="$sysroot/android-cc" AR_aarch64_linux_android=llvm-ar-19 \
    CFLAGS_aarch64_linux_android='-O2 -fPIC' CARGO_TARGET_DIR="$arm64_target" \
    CARGO_TARGET_AARCH64_LINUX_ANDROID_LINKER="$sysroot/android-link" \
    /usr/bin/cargo rustc --quiet --release -p dianma-core --lib --crate-type cdylib \
    --no-default-features --features probe -Zbuild-std=std,panic_unwind --target "$target" >&2
  check_native
}

# Page size, needed libraries, nothing undefined beyond bionic's names.
check_native() {
  headers=$(llvm-readelf-19 -lW "$arm64_library")
  printf '%s\n' "$headers" | awk '$1 == "LOAD" && $NF != "0x4000" { bad = 1 } END { exit bad }' \
    || die "the library is not aligned for 16 KB pages"
  needed=$(llvm-readelf-19 -dW "$arm64_library" | sed -n 's/.*NEEDED.*\[\(.*\)\].*/\1/p' | sort | tr '\n' ' ')
  for library in $needed; do
    case "$library" in libc.so | libm.so | libdl.so | liblog.so) ;; *) die "the library needs $library" ;; esac
  done
  say "arm64 library: $(wc -c <"$arm64_library") bytes, needs $needed"
}

# A C library and a small host to load the library with, both for arm64.
arm64_host() {
  need_emulator
  musl=$work/musl
  host=$work/probe
  if [ ! -f "$musl/lib/ld-musl-aarch64.so.1" ]; then
    say "fetching an arm64 C library"
    dpkg --print-foreign-architectures | grep -qx arm64 || as_root dpkg --add-architecture arm64
    as_root apt-get update -qq
    mkdir -p "$musl"
    (cd "$musl" && apt-get download -qq musl:arm64 musl-dev:arm64 2>/dev/null \
      && for each in *.deb; do dpkg -x "$each" .; done) || die "an arm64 C library could not be fetched"
  fi
  mkdir -p "$host/sysroot/lib"
  cp "$musl/lib/ld-musl-aarch64.so.1" "$musl/lib/aarch64-linux-musl/libc.so" "$host/sysroot/lib/"
  : >"$host/empty.s"
  clang-19 --target=aarch64-linux-musl -c "$host/empty.s" -o "$host/empty.o"
  # musl keeps all of them in its libc.
  for library in libm libdl liblog; do
    ld.lld-19 -shared -soname "$library.so" -o "$host/sysroot/lib/$library.so" "$host/empty.o"
  done
  start=$musl/usr/lib/aarch64-linux-musl
  clang-19 --target=aarch64-linux-musl -nostdlibinc -isystem "$musl/usr/include/aarch64-linux-musl" \
    -fuse-ld=lld -nostdlib -no-pie -rdynamic "$android/native/qemu-host.c" "$start/crt1.o" "$start/crti.o" \
    "-L$host/sysroot/lib" -lc "$start/crtn.o" -Wl,-dynamic-linker,/lib/ld-musl-aarch64.so.1 -o "$host/host"
}

# on_arm64 LIBRARY NAME…: calls these functions of a library under qemu.
on_arm64() {
  called=$1
  shift
  rm -rf "$host/store"
  mkdir -p "$host/store"
  qemu-aarch64 -L "$host/sysroot" -E LD_LIBRARY_PATH="$host/sysroot/lib" "$host/host" "$called" "$host/store" "$@"
}

# probe LIBRARY: runs its probes.
probe() {
  arm64_host
  say "probes of the arm64 library under qemu"
  # shellcheck disable=SC2086 # a list of names
  on_arm64 "$1" $probes
}

//! The generator of the Kotlin bindings; `scripts/android` calls it with the built library.

fn main() {
    uniffi::uniffi_bindgen_main();
}

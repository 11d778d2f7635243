// The app by the Android Gradle plugin, with the native library from cargo-ndk.
plugins {
    id("com.android.application")
    id("org.jetbrains.kotlin.android")
}

android {
    namespace = "cn.dianma.app"
    compileSdk = 35

    defaultConfig {
        applicationId = "cn.dianma.app"
        minSdk = 26
        targetSdk = 35
        versionCode = 1
        versionName = "0.1.0"
        ndk { abiFilters += "arm64-v8a" }
    }

    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_17
        targetCompatibility = JavaVersion.VERSION_17
    }

    sourceSets["main"].jniLibs.srcDir(layout.buildDirectory.dir("native"))
    packaging { jniLibs.useLegacyPackaging = true }
    testOptions { unitTests.isIncludeAndroidResources = true }
}

kotlin { jvmToolchain(17) }

// cargo install cargo-ndk; rustup target add aarch64-linux-android; ANDROID_NDK_HOME set.
val nativeLibrary by tasks.registering(Exec::class) {
    workingDir = rootDir.parentFile
    commandLine(
        "cargo", "ndk", "--target", "arm64-v8a", "--platform", "26",
        "--output-dir", layout.buildDirectory.dir("native").get().asFile.path,
        "rustc", "--release", "-p", "dianma-core", "--lib", "--crate-type", "cdylib",
        "--no-default-features", "--features", "ffi",
    )
}

tasks.named("preBuild") { dependsOn(nativeLibrary) }

dependencies {
    implementation(project(":core-bindings"))
    implementation("net.java.dev.jna:jna:5.18.1@aar")
    testImplementation("io.nayuki:qrcodegen:1.8.0")
    testImplementation("junit:junit:4.13.2")
    testImplementation("org.robolectric:robolectric:4.16.1")
}

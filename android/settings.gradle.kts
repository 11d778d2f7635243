// The standard build of the same sources, for Android Studio with Google's repository and an NDK.
// Not exercised in our checks: see docs/android.md. The Maven build beside it is.
pluginManagement {
    repositories {
        google()
        mavenCentral()
        gradlePluginPortal()
    }
}

dependencyResolutionManagement {
    repositories {
        google()
        mavenCentral()
    }
}

rootProject.name = "dianma"
include(":core-bindings", ":app")

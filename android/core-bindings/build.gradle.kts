// The generated door to the Rust core and the bridge over it: plain Kotlin, no Android.
plugins {
    id("org.jetbrains.kotlin.jvm")
}

kotlin {
    jvmToolchain(17)
    sourceSets["main"].kotlin.srcDir("generated")
}

// The bindings come out of the library built for this machine.
val bindings by tasks.registering(Exec::class) {
    workingDir = rootDir.parentFile
    commandLine("scripts/android", "bindings")
}

tasks.named("compileKotlin") { dependsOn(bindings) }

dependencies {
    compileOnly("net.java.dev.jna:jna:5.18.1")
    testImplementation("net.java.dev.jna:jna:5.18.1")
    testImplementation("junit:junit:4.13.2")
}

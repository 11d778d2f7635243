// What the system says about this app and about a package file: version, and whether both are signed with
// the same certificate. The core judges; this only reads.
package cn.dianma.app.platform

import android.content.Context
import android.content.pm.PackageInfo
import android.content.pm.PackageManager
import android.content.pm.Signature
import android.os.Build
import cn.dianma.core.InstalledApp
import cn.dianma.core.PackageView

class OwnPackage(
    context: Context,
) {
    private val packages = context.packageManager
    private val name = context.packageName

    fun installed(): InstalledApp {
        val own = packages.getPackageInfo(name, 0)
        return InstalledApp(code(own), own.versionName.orEmpty())
    }

    /** Reads a package file; not for the home thread. */
    fun read(path: String): PackageView {
        val file = packages.getPackageArchiveInfo(path, SIGNERS) ?: return PackageView(false, 0u, false)
        val own = packages.getPackageInfo(name, SIGNERS)
        val ours = signers(own)
        return PackageView(file.packageName == name, code(file), ours.isNotEmpty() && signers(file) == ours)
    }

    // Version codes beyond 32 bits are not given out here: such a package is not ours.
    @Suppress("DEPRECATION")
    private fun code(info: PackageInfo): UInt {
        if (Build.VERSION.SDK_INT < Build.VERSION_CODES.P) return info.versionCode.toUInt()
        return info.longVersionCode.takeIf { it in 0..UInt.MAX_VALUE.toLong() }?.toUInt() ?: 0u
    }

    /** Certificates that signed it now; a rotated key counts by what is in use. */
    @Suppress("DEPRECATION")
    private fun signers(info: PackageInfo): Set<Signature> {
        val all =
            if (Build.VERSION.SDK_INT >=
                Build.VERSION_CODES.P
            ) {
                info.signingInfo?.apkContentsSigners
            } else {
                info.signatures
            }
        return all.orEmpty().toSet()
    }

    private companion object {
        @Suppress("DEPRECATION")
        val SIGNERS =
            if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.P) {
                PackageManager.GET_SIGNING_CERTIFICATES
            } else {
                PackageManager.GET_SIGNATURES
            }
    }
}

// A part of the system by its type. Every phone has the ones we ask for.
package cn.dianma.app.platform

import android.content.Context

inline fun <reified T : Any> Context.service(): T =
    checkNotNull(getSystemService(T::class.java)) { "this phone has no ${T::class.java.simpleName}" }

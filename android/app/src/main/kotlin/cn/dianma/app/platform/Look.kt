// Which of the three themes is drawn: light and dark follow the phone unless chosen; sun is for work
// outside (pure white, heavy strokes, no grey text).
package cn.dianma.app.platform

import android.content.Context
import android.content.res.Configuration
import cn.dianma.app.R
import java.util.Locale

class Look(
    private val context: Context,
) {
    enum class Choice { SYSTEM, LIGHT, DARK, SUN }

    private val settings = context.getSharedPreferences("look", Context.MODE_PRIVATE)

    var choice: Choice
        get() = Choice.values().firstOrNull { it.name == settings.getString(KEY, null) } ?: Choice.SYSTEM
        set(value) = settings.edit().putString(KEY, value.name).apply()

    /** The style to set before a screen is built. */
    fun style(configuration: Configuration): Int {
        val night = configuration.uiMode and Configuration.UI_MODE_NIGHT_MASK == Configuration.UI_MODE_NIGHT_YES
        return when (choice) {
            Choice.SUN -> R.style.Dianma_Sun
            Choice.DARK -> R.style.Dianma_Dark
            Choice.LIGHT -> R.style.Dianma_Light
            Choice.SYSTEM -> if (night) R.style.Dianma_Dark else R.style.Dianma_Light
        }
    }

    /** The language chosen in the app; the phone's own unless chosen. */
    enum class Tongue { SYSTEM, ZH, EN }

    var tongue: Tongue
        get() = Tongue.values().firstOrNull { it.name == settings.getString(TONGUE_KEY, null) } ?: Tongue.SYSTEM
        set(value) = settings.edit().putString(TONGUE_KEY, value.name).apply()

    /** The context a screen is built in: [base] in the chosen language. */
    fun inLanguage(base: Context): Context {
        val locale =
            when (tongue) {
                Tongue.SYSTEM -> return base
                Tongue.ZH -> Locale.SIMPLIFIED_CHINESE
                Tongue.EN -> Locale.ENGLISH
            }
        val configuration = Configuration(base.resources.configuration)
        configuration.setLocale(locale)
        return base.createConfigurationContext(configuration)
    }

    private companion object {
        const val KEY = "choice"
        const val TONGUE_KEY = "tongue"
    }
}

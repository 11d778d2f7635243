// Makers whose battery savers end apps, and what to switch where on their phones. Names of menus differ
// between versions; the steps say the road, not the letter.
package cn.dianma.app.screens.duty

import cn.dianma.app.R

enum class Brand(
    val shownAs: String,
    private val makers: List<String>,
    val steps: List<Int>,
) {
    HUAWEI("Huawei / Honor", listOf("huawei", "honor"), listOf(R.string.help_huawei_1, R.string.help_huawei_2)),
    XIAOMI(
        "Xiaomi / Redmi",
        listOf("xiaomi", "redmi", "poco", "blackshark"),
        listOf(R.string.help_xiaomi_1, R.string.help_xiaomi_2),
    ),
    OPPO(
        "OPPO / OnePlus / realme",
        listOf("oppo", "oneplus", "realme"),
        listOf(R.string.help_oppo_1, R.string.help_oppo_2),
    ),
    VIVO("vivo / iQOO", listOf("vivo", "iqoo"), listOf(R.string.help_vivo_1, R.string.help_vivo_2)),
    SAMSUNG("Samsung", listOf("samsung"), listOf(R.string.help_samsung_1, R.string.help_samsung_2)),
    OTHER("", emptyList(), listOf(R.string.help_other_1, R.string.help_other_2)),
    ;

    companion object {
        /** @param maker as the phone names its manufacturer. */
        fun of(maker: String): Brand {
            val name = maker.trim().lowercase()
            return values().firstOrNull { brand -> brand.makers.any(name::startsWith) } ?: OTHER
        }
    }
}

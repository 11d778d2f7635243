// Which of the two languages of the core's texts is shown. Chinese unless the phone speaks English.
package cn.dianma.bridge

import cn.dianma.core.Words

enum class Language {
    CHINESE,
    ENGLISH,
    ;

    fun of(words: Words): String = if (this == CHINESE) words.zh else words.en

    companion object {
        /** @param tag first part of the locale, such as `zh` or `en`. */
        fun of(tag: String): Language = if (tag == "en") ENGLISH else CHINESE
    }
}

//! A text in both languages. The screen picks one; no rule, state or amount is worded in Kotlin.

/// A text in both languages.
#[derive(uniffi::Record, Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Words {
    /// Both languages.
    pub fn new(zh: &str, en: &str) -> Self {
        Self {
            zh: zh.to_owned(),
            en: en.to_owned(),
        }
    }

    /// What may be said in Chinese, and in English too when somebody has worded it.
    pub fn of(zh: Option<String>, en: Option<String>) -> Option<Self> {
        let zh = zh?;
        let en = en.unwrap_or_else(|| zh.clone());
        Some(Self { zh, en })
    }

    /// The same in both languages: numbers, names.
    pub fn same(text: &str) -> Self {
        Self::new(text, text)
    }
}

/// Display names of a `text_enum!` value.
macro_rules! words_of {
    ($value:expr) => {{
        let value = $value;
        $crate::ffi::Words::new(value.zh(), value.en())
    }};
}
pub(super) use words_of;

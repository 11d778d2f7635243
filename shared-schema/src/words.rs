//! `text_enum!`: one declaration gives an enum its stored word, its Chinese and English names,
//! its CBOR number, and the list of all values. Stored words and numbers never change once released.

/// Declares an enum whose variants have a number (CBOR), a word (SQL, JSON) and two display names.
#[macro_export]
macro_rules! text_enum {
    ($(#[$meta:meta])* pub enum $name:ident {
        $($(#[$vmeta:meta])* $number:literal $variant:ident = $word:literal, $zh:literal, $en:literal;)+
    }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord,
            ::serde::Serialize, ::serde::Deserialize, ::minicbor::Encode, ::minicbor::Decode)]
        #[cbor(index_only)]
        pub enum $name {
            $(#[doc = concat!($zh, ": ", $en)] $(#[$vmeta])* #[n($number)] #[serde(rename = $word)] $variant,)+
        }

        // By hand: the derive cannot see words that come out of a macro and would publish Rust names.
        #[cfg(feature = "openapi")]
        impl ::utoipa::PartialSchema for $name {
            fn schema() -> ::utoipa::openapi::RefOr<::utoipa::openapi::schema::Schema> {
                ::utoipa::openapi::ObjectBuilder::new()
                    .schema_type(::utoipa::openapi::schema::Type::String)
                    .enum_values(Some([$($word),+]))
                    .description(Some([$(concat!("`", $word, "` ", $zh)),+].join(", ")))
                    .into()
            }
        }

        #[cfg(feature = "openapi")]
        impl ::utoipa::ToSchema for $name {
            fn name() -> ::std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
        }

        impl $name {
            /// Every value, in the order of the declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word stored in SQL and JSON.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// The Chinese name shown to people.
            pub const fn zh(self) -> &'static str {
                match self { $(Self::$variant => $zh),+ }
            }

            /// The English name shown to people.
            pub const fn en(self) -> &'static str {
                match self { $(Self::$variant => $en),+ }
            }
        }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl ::core::str::FromStr for $name {
            type Err = $crate::words::UnknownWord;
            fn from_str(word: &str) -> Result<Self, Self::Err> {
                match word {
                    $($word => Ok(Self::$variant),)+
                    other => Err($crate::words::UnknownWord::new(stringify!($name), other)),
                }
            }
        }
    };
}

/// A stored or received word that no value of the enum has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{word:?} is not a {of}")]
pub struct UnknownWord {
    /// Name of the enum.
    pub of: &'static str,
    /// What was found; cut to 40 characters.
    pub word: String,
}

impl UnknownWord {
    /// Keeps at most 40 characters of the word, so that a hostile value cannot fill a log.
    pub fn new(of: &'static str, word: &str) -> Self {
        Self {
            of,
            word: word.chars().take(40).collect(),
        }
    }
}

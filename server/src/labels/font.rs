//! The Chinese font of labels: a file the administrator names, or one of those Debian packages bring.
//! Found when it is needed; fonts are no part of this program.

use crate::error::ApiError;
use axum::http::StatusCode;
use dianma_schema::fault;
use krilla::text::Font;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where packages put their fonts, and which face of the collection is Simplified Chinese.
const KNOWN: &[(&str, u32)] = &[
    ("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc", 0),
    ("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc", 0),
    ("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", 2),
];

/// A font that labels can be written in.
#[derive(Clone)]
pub struct LabelFont {
    /// The face.
    pub font: Font,
}

impl std::fmt::Debug for LabelFont {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LabelFont")
    }
}

impl LabelFont {
    /// Reads the font named, else the first known one that is installed; refused as `V-424-FONT`.
    pub fn find(named: Option<&Path>) -> Result<Self, ApiError> {
        let files: Vec<(PathBuf, u32)> = match named {
            Some(file) => vec![(file.to_owned(), 0)],
            None => KNOWN
                .iter()
                .map(|(file, face)| (PathBuf::from(file), *face))
                .collect(),
        };
        let font = files.iter().find_map(|(file, face)| {
            let bytes = std::fs::read(file).ok()?;
            Font::new(Arc::new(bytes).into(), *face)
        });
        font.map(|font| Self { font })
            .ok_or_else(|| ApiError::new(StatusCode::FAILED_DEPENDENCY, fault::V_NO_FONT))
    }
}

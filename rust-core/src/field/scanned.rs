//! What a person holds before the camera: a picture file is decoded first, anything else is the text of
//! a code. The letter of the label's grade travels with it.

use crate::clock::SystemClock;
use crate::error::CoreError;
use crate::pictures::grey;
use crate::scan::{GreyPlane, Limit, Options, decode};
use dianma_schema::fault;
use std::path::Path;

/// A code from a picture or from the command line.
#[derive(Clone, Debug)]
pub struct Scanned {
    /// Its text.
    pub text: String,
    /// Letter of the grade, from a picture.
    pub grade: Option<String>,
    /// Milliseconds the decoder took; none without a picture.
    pub decode_ms: Option<u64>,
}

/// Reads a picture when there is such a file, else takes the words as they are.
pub fn read(input: &str) -> Result<Scanned, CoreError> {
    let path = Path::new(input);
    if input.chars().count() > 1_000 || !path.is_file() {
        return Ok(Scanned {
            text: input.to_owned(),
            grade: None,
            decode_ms: None,
        });
    }
    let picture = grey::load(path)?;
    let plane = GreyPlane::new(&picture.grey, picture.width, picture.height, picture.width)?;
    let clock = SystemClock::new();
    let report = decode(&plane, &Options::default(), &Limit::none(&clock));
    let Some(code) = report.codes.into_iter().next() else {
        return Err(CoreError::of(fault::V_FIELD).field(
            "image",
            "照片里没有读到码，请对准标签重拍",
            "no code was read in the picture: take it again, nearer to the label",
        ));
    };
    Ok(Scanned {
        text: code.text,
        grade: code.grade.map(|grade| format!("{:?}", grade.letter)),
        decode_ms: Some(report.elapsed_us / 1_000),
    })
}

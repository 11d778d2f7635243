//! Why a picture is not searched at all. Not finding a code is no fault. Each maps to a code of the
//! fault catalogue in `error.rs` of the crate.

/// What is wrong with the picture as given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScanFault {
    /// Width or height is zero.
    #[error("the picture has no pixels")]
    Empty,
    /// More pixels than the decoder takes.
    #[error("the picture is larger than the decoder takes")]
    TooLarge,
    /// The row stride is below the width.
    #[error("the row stride is smaller than the width")]
    Stride,
    /// Fewer bytes than the sizes ask for.
    #[error("fewer bytes than the sizes ask for")]
    Short,
    /// The crop is empty or reaches outside.
    #[error("the crop does not lie inside the picture")]
    Crop,
}

//! Picture files: read as grey planes for the decoder (`grey.rs`) or in colour (`colour.rs`), turned
//! upright and reduced (`reduce.rs`), written as the photos that go to the server (`photo.rs`).
//! Sizes are checked before memory is taken. Knows no store and no order.

pub mod colour;
pub mod grey;
pub mod photo;
mod reduce;

use crate::error::CoreError;
use crate::scan::{MAX_PIXELS, MAX_SIDE, ScanFault};
use dianma_schema::fault;
use std::io::Read as _;
use std::path::Path;

/// Largest file taken, bytes.
const LARGEST_FILE: u64 = 100 * 1024 * 1024;

/// The bytes of a picture file.
pub fn read(path: &Path) -> Result<Vec<u8>, CoreError> {
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(|error| broken(&error))?;
    let read = file.take(LARGEST_FILE + 1).read_to_end(&mut bytes);
    read.map_err(|error| broken(&error))?;
    if bytes.len() as u64 > LARGEST_FILE {
        return Err(CoreError::of(fault::E_TOO_LARGE));
    }
    Ok(bytes)
}

fn broken(error: &dyn std::fmt::Display) -> CoreError {
    CoreError::of(fault::E_NOT_MEDIA).because(&error.to_string())
}

/// Refuses what the decoder would refuse, before memory is taken for it.
fn checked(width: usize, height: usize) -> Result<(), CoreError> {
    if width == 0 || height == 0 {
        return Err(ScanFault::Empty.into());
    }
    if width > MAX_SIDE || height > MAX_SIDE || width * height > MAX_PIXELS {
        return Err(ScanFault::TooLarge.into());
    }
    Ok(())
}

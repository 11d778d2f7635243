//! The decoder through its public door: pictures drawn here, whole ones and hostile ones.
#![expect(
    clippy::cast_precision_loss,
    clippy::expect_used,
    reason = "test pictures are small, and a helper that fails ends its test"
)]

mod bars;
mod files;
mod hostile;
mod reading;
mod support;

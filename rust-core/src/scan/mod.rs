//! Reads codes from grey pictures: QR on stickers that are dirty, curved, glaring or far away, and the
//! bar codes of meters. Bytes in, bytes out; no camera, no clock of its own, no network.
//!
//! How a picture is read, cheapest first:
//! 1. [`GreyPlane`] checks sizes and borrows the camera's rows (`plane.rs`).
//! 2. The **fast lane** (`fast.rs`) makes several black-and-white pictures (`threshold.rs`), finds
//!    finder patterns on them and samples symbols (`finder.rs`, on rxing's detector).
//! 3. The **soft lane** (`soft/`) fits flat or bent labels to the finders seen, looks for lost finders
//!    and reads grey levels with certainties.
//! 4. The **rescue lane** (`rescue.rs`) gives it sharpened and inverted bitmaps; **bar codes** are read
//!    from the bitmaps there are (`linear.rs`).
//! 5. `symbol/` turns modules into bytes: format, mask, codewords, Reed–Solomon, segments.
//!
//! `decode.rs` holds the order and the rules of safety, `session.rs` what frames of a live preview know
//! of each other, `grade.rs` how well a label is printed, `limit.rs` budget and cancellation.
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::many_single_char_names,
    clippy::needless_range_loop,
    clippy::trivially_copy_pass_by_ref,
    reason = "pixel arithmetic moves between grey levels, coordinates and indices, whose ranges are \
              checked where pictures enter (plane.rs); formulas keep the letters and indices of \
              textbooks; options are passed as they are stored"
)]

mod code;
mod decode;
mod fast;
mod fault;
mod finder;
mod geometry;
mod grade;
mod limit;
mod linear;
mod picture;
mod plane;
mod rescue;
mod session;
mod soft;
mod symbol;
mod threshold;

pub use code::{Code, CodeFormat, Lane, Report, SymbolShape};
pub use decode::{Options, decode};
pub use fault::ScanFault;
pub use geometry::Point;
pub use grade::{LabelGrade, Letter, Parameter};
pub use limit::{Ended, Limit, Watch};
pub use plane::{Crop, GreyPlane, MAX_PIXELS, MAX_SIDE, Rotation};
pub use session::Session;

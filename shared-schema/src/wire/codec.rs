//! The frame around a sync body: one byte tells how the rest is packed, so that an empty poll stays
//! tiny and a page of orders is squeezed with a dictionary both sides carry.
//!
//! `0` = plain CBOR, `1` = zstd with [`DICTIONARY`]. The unpacked size is capped: a hostile body
//! cannot make the reader allocate.

use minicbor::{Decode, Encode};

/// Content type of both directions.
pub const CONTENT_TYPE: &str = "application/x-dianma";
/// Trained on generated orders and customers by `scripts/gen dictionary`; never changed, only added to.
pub const DICTIONARY: &[u8] = include_bytes!("../../catalogues/sync-dictionary-1.bin");
/// Most bytes a body may unpack to.
pub const MAX_UNPACKED_BYTES: usize = 8 * 1024 * 1024;
/// Below this, packing costs more than it saves.
const PACK_FROM_BYTES: usize = 96;
/// zstd level: 3 is within a few percent of 19 on these bodies at a fraction of the time.
const LEVEL: i32 = 3;

const PLAIN: u8 = 0;
const ZSTD_DICTIONARY_1: u8 = 1;

/// Why a body cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CodecError {
    /// No first byte.
    #[error("the body is empty")]
    Empty,
    /// A packing this version does not know.
    #[error("unknown packing {0}")]
    Packing(u8),
    /// Broken zstd, or larger than [`MAX_UNPACKED_BYTES`].
    #[error("the body cannot be unpacked")]
    Unpack,
    /// Not the expected CBOR.
    #[error("the body cannot be decoded: {0}")]
    Decode(String),
    /// Could not be written.
    #[error("the message cannot be encoded: {0}")]
    Encode(String),
}

/// Packs a message.
pub fn pack<T: Encode<()>>(message: &T) -> Result<Vec<u8>, CodecError> {
    let plain = minicbor::to_vec(message).map_err(|e| CodecError::Encode(e.to_string()))?;
    if plain.len() >= PACK_FROM_BYTES {
        let mut compressor = zstd::bulk::Compressor::with_dictionary(LEVEL, DICTIONARY)
            .map_err(|e| CodecError::Encode(e.to_string()))?;
        let packed = compressor
            .compress(&plain)
            .map_err(|e| CodecError::Encode(e.to_string()))?;
        if packed.len() < plain.len() {
            return Ok(framed(ZSTD_DICTIONARY_1, &packed));
        }
    }
    Ok(framed(PLAIN, &plain))
}

/// Reads a message back.
pub fn unpack<T: for<'b> Decode<'b, ()>>(body: &[u8]) -> Result<T, CodecError> {
    let (packing, rest) = body.split_first().ok_or(CodecError::Empty)?;
    match *packing {
        PLAIN => decode(rest),
        ZSTD_DICTIONARY_1 => {
            let mut decompressor = zstd::bulk::Decompressor::with_dictionary(DICTIONARY)
                .map_err(|_| CodecError::Unpack)?;
            let plain = decompressor
                .decompress(rest, MAX_UNPACKED_BYTES)
                .map_err(|_| CodecError::Unpack)?;
            decode(&plain)
        }
        other => Err(CodecError::Packing(other)),
    }
}

fn framed(packing: u8, rest: &[u8]) -> Vec<u8> {
    let mut body = Vec::with_capacity(rest.len() + 1);
    body.push(packing);
    body.extend_from_slice(rest);
    body
}

fn decode<T: for<'b> Decode<'b, ()>>(plain: &[u8]) -> Result<T, CodecError> {
    minicbor::decode(plain).map_err(|e| CodecError::Decode(e.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::sync::SyncResponse;
    use proptest::prelude::*;

    #[test]
    fn long_bodies_shrink_and_read_back() {
        let message = vec!["用电地址 生成镇 1 组".to_owned(); 200];
        let body = pack(&message).unwrap();
        assert!(body.len() < 400, "{}", body.len());
        assert_eq!(unpack::<Vec<String>>(&body).unwrap(), message);
    }

    #[test]
    fn refuses_bombs_and_unknown_packings() {
        let bomb = zstd::bulk::compress(&vec![0; MAX_UNPACKED_BYTES + 1], 19).unwrap();
        assert_eq!(
            unpack::<SyncResponse>(&framed(1, &bomb)),
            Err(CodecError::Unpack)
        );
        assert_eq!(unpack::<SyncResponse>(&[9, 1]), Err(CodecError::Packing(9)));
        assert_eq!(unpack::<SyncResponse>(&[]), Err(CodecError::Empty));
    }

    proptest! {
        #[test]
        fn hostile_bodies_never_panic(body in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = unpack::<SyncResponse>(&body);
        }
    }
}

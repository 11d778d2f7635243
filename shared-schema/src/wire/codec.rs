//! The frame around a sync body: one byte tells how the rest is packed, so that an empty poll stays
//! tiny and a page of orders is squeezed with a dictionary both sides carry.
//!
//! `0` = plain CBOR, `1` = zstd with [`DICTIONARY`]. The unpacked size is capped: a hostile body
//! cannot make the reader allocate.

use minicbor::{Decode, Encode};
use std::cell::RefCell;
use std::io;
use std::sync::LazyLock;
use zstd::bulk::{Compressor, Decompressor};
use zstd::dict::{DecoderDictionary, EncoderDictionary};

/// Content type of both directions.
pub const CONTENT_TYPE: &str = "application/x-dianma";
/// Carries a phone's token where `authorization` could. The value is as secret as that one's: it is
/// marked sensitive on the server and never printed. HTTP/2 senders never index `authorization`, which
/// costs some 50 bytes in every poll; under this name the token costs them once per connection.
pub const TOKEN_HEADER: &str = "x-dianma-token";
/// Trained on generated messages by `dianma-server train-dictionary`; once released it is never changed,
/// a better one gets a packing number of its own.
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
        let packed = squeeze(&plain).map_err(|e| CodecError::Encode(e.to_string()))?;
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
            let plain = expand(rest).map_err(|_| CodecError::Unpack)?;
            decode(&plain)
        }
        other => Err(CodecError::Packing(other)),
    }
}

// Digesting the dictionary costs more than packing a small body: it is done once, and each thread
// keeps its working memory.
static FOR_PACKING: LazyLock<EncoderDictionary<'static>> =
    LazyLock::new(|| EncoderDictionary::copy(DICTIONARY, LEVEL));
static FOR_READING: LazyLock<DecoderDictionary<'static>> =
    LazyLock::new(|| DecoderDictionary::copy(DICTIONARY));

thread_local! {
    static COMPRESSOR: RefCell<Option<Compressor<'static>>> = const { RefCell::new(None) };
    static DECOMPRESSOR: RefCell<Option<Decompressor<'static>>> = const { RefCell::new(None) };
}

fn squeeze(plain: &[u8]) -> io::Result<Vec<u8>> {
    COMPRESSOR.with_borrow_mut(|kept| {
        let compressor = match kept {
            Some(compressor) => compressor,
            None => kept.insert(Compressor::with_prepared_dictionary(&FOR_PACKING)?),
        };
        compressor.compress(plain)
    })
}

fn expand(packed: &[u8]) -> io::Result<Vec<u8>> {
    // What the frame says of its length sizes the buffer; the cap holds whatever it says.
    let stated = zstd::zstd_safe::get_frame_content_size(packed)
        .ok()
        .flatten();
    let room = stated.and_then(|bytes| usize::try_from(bytes).ok());
    let room = room.unwrap_or(MAX_UNPACKED_BYTES).min(MAX_UNPACKED_BYTES);
    DECOMPRESSOR.with_borrow_mut(|kept| {
        let decompressor = match kept {
            Some(decompressor) => decompressor,
            None => kept.insert(Decompressor::with_prepared_dictionary(&FOR_READING)?),
        };
        decompressor.decompress(packed, room)
    })
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

    #[test]
    fn a_broken_body_spoils_no_later_one_of_the_same_thread() {
        let message = vec!["生成镇 3 组".to_owned(); 100];
        let body = pack(&message).unwrap();
        let bomb = zstd::bulk::compress(&vec![0; MAX_UNPACKED_BYTES + 1], 19).unwrap();
        for spoiled in [framed(1, &bomb), framed(1, &body[1..body.len() / 2])] {
            assert!(unpack::<Vec<String>>(&spoiled).is_err());
            assert_eq!(pack(&message).unwrap(), body);
            assert_eq!(unpack::<Vec<String>>(&body).unwrap(), message);
        }
    }

    proptest! {
        #[test]
        fn hostile_bodies_never_panic(body in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = unpack::<SyncResponse>(&body);
        }
    }
}

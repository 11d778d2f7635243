//! What a file really is by its first bytes; a name or a declared type proves nothing.
//!
//! SVG comes from outside and may hold scripts: whoever serves it to a browser must forbid them.

use super::evidence::EvidenceKind;

/// What a file is by its first bytes (256 are enough, 4 KiB tell sound from film in MP4 and `WebM`
/// more often); `None` when it is no medium we take.
///
/// PNG is a photo here although a signature may be one too: see [`accepts`].
pub fn sniff(head: &[u8]) -> Option<(EvidenceKind, &'static str)> {
    use EvidenceKind::{Audio, Photo, Signature, Video};
    Some(match head {
        [0xFF, 0xD8, 0xFF, ..] => (Photo, "image/jpeg"),
        [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => (Photo, "image/png"),
        [
            b'R',
            b'I',
            b'F',
            b'F',
            _,
            _,
            _,
            _,
            b'W',
            b'E',
            b'B',
            b'P',
            ..,
        ] => (Photo, "image/webp"),
        [
            b'R',
            b'I',
            b'F',
            b'F',
            _,
            _,
            _,
            _,
            b'W',
            b'A',
            b'V',
            b'E',
            ..,
        ] => (Audio, "audio/wav"),
        [b'#', b'!', b'A', b'M', b'R', b'\n', ..] => (Audio, "audio/amr"),
        [b'#', b'!', b'A', b'M', b'R', b'-', b'W', b'B', b'\n', ..] => (Audio, "audio/amr-wb"),
        [b'O', b'g', b'g', b'S', ..] => (Audio, "audio/ogg"),
        // ADTS sync word with layer 0, MPEG-4 (F1/F0) or MPEG-2 (F9/F8).
        [0xFF, 0xF0 | 0xF1 | 0xF8 | 0xF9, ..] => (Audio, "audio/aac"),
        // An ID3 tag, or an MPEG audio layer III frame, with or without checksum.
        [b'I', b'D', b'3', ..] | [0xFF, 0xE2 | 0xE3 | 0xF2 | 0xF3 | 0xFA | 0xFB, ..] => {
            (Audio, "audio/mpeg")
        }
        [_, _, _, _, b'f', b't', b'y', b'p', brand @ ..] => return sniff_mp4(brand, head),
        [0x1A, 0x45, 0xDF, 0xA3, ..] if holds(head, b"webm") => {
            if sounds_only(head, b"V_", b"A_") {
                (Audio, "audio/webm")
            } else {
                (Video, "video/webm")
            }
        }
        _ if is_svg(head) => (Signature, "image/svg+xml"),
        _ => return None,
    })
}

/// The MIME type when the bytes may serve as `kind`; `None` when they are something else. A
/// signature may be PNG or SVG; sound may lie in a film container, as some recorders write it.
pub fn accepts(kind: EvidenceKind, head: &[u8]) -> Option<&'static str> {
    let (seen, mime) = sniff(head)?;
    match (kind, mime) {
        _ if kind == seen => Some(mime),
        (EvidenceKind::Signature, "image/png") => Some(mime),
        (EvidenceKind::Audio, "video/mp4") if !holds(head, b"vide") => Some("audio/mp4"),
        (EvidenceKind::Audio, "video/3gpp") if !holds(head, b"vide") => Some("audio/3gpp"),
        _ => None,
    }
}

fn sniff_mp4(brand: &[u8], head: &[u8]) -> Option<(EvidenceKind, &'static str)> {
    let sound = sounds_only(head, b"vide", b"soun");
    match brand {
        [b'M', b'4', b'A' | b'B', b' ', ..] => Some((EvidenceKind::Audio, "audio/mp4")),
        [b'3', b'g', b'p' | b'2' | b'g', ..] if sound => Some((EvidenceKind::Audio, "audio/3gpp")),
        [b'3', b'g', b'p' | b'2' | b'g', ..] => Some((EvidenceKind::Video, "video/3gpp")),
        [b'i', b's', b'o', b'm' | b'2'..=b'9', ..]
        | [b'm', b'p', b'4', b'1' | b'2', ..]
        | [b'a', b'v', b'c', b'1', ..]
        | [b'M', b'4', b'V', b' ', ..]
        | [b'M', b'S', b'N', b'V', ..] => Some(if sound {
            (EvidenceKind::Audio, "audio/mp4")
        } else {
            (EvidenceKind::Video, "video/mp4")
        }),
        _ => None,
    }
}

/// The head names a sound track and no film track.
fn sounds_only(head: &[u8], film: &[u8], sound: &[u8]) -> bool {
    holds(head, sound) && !holds(head, film)
}

fn holds(head: &[u8], word: &[u8]) -> bool {
    head.windows(word.len())
        .take(8_192)
        .any(|window| window == word)
}

/// An SVG root, perhaps after a byte-order mark and an XML declaration; no document type, because
/// entities have no business in a signature.
fn is_svg(head: &[u8]) -> bool {
    let text = head
        .strip_prefix(b"\xEF\xBB\xBF")
        .unwrap_or(head)
        .trim_ascii_start();
    let root = if text.starts_with(b"<?xml") {
        let end = text.windows(2).take(200).position(|window| window == b"?>");
        end.and_then(|end| text.get(end + 2..))
            .unwrap_or_default()
            .trim_ascii_start()
    } else {
        text
    };
    matches!(
        root,
        [
            b'<',
            b's',
            b'v',
            b'g',
            b' ' | b'>' | b'\n' | b'\r' | b'\t',
            ..
        ]
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn knows_the_media_phones_make() {
        let cases: &[(&[u8], EvidenceKind, &str)] = &[
            (
                b"\xFF\xD8\xFF\xE0\0\x10JFIF",
                EvidenceKind::Photo,
                "image/jpeg",
            ),
            (b"\x89PNG\r\n\x1A\n\0\0", EvidenceKind::Photo, "image/png"),
            (b"RIFF\x24\0\0\0WEBPVP8 ", EvidenceKind::Photo, "image/webp"),
            (b"RIFF\x24\0\0\0WAVEfmt ", EvidenceKind::Audio, "audio/wav"),
            (b"#!AMR\n<", EvidenceKind::Audio, "audio/amr"),
            (b"#!AMR-WB\n<", EvidenceKind::Audio, "audio/amr-wb"),
            (b"OggS\0\x02", EvidenceKind::Audio, "audio/ogg"),
            (b"ID3\x04\0", EvidenceKind::Audio, "audio/mpeg"),
            (b"\xFF\xFB\x90\x64", EvidenceKind::Audio, "audio/mpeg"),
            (b"\xFF\xF1\x50\x80", EvidenceKind::Audio, "audio/aac"),
            (b"\0\0\0\x18ftypM4A \0\0", EvidenceKind::Audio, "audio/mp4"),
            (b"\0\0\0\x18ftypmp42\0\0", EvidenceKind::Video, "video/mp4"),
            (
                b"\0\0\0\x18ftypisom..moov..hdlr..soun",
                EvidenceKind::Audio,
                "audio/mp4",
            ),
            (
                b"\0\0\0\x18ftypisom..vide....soun",
                EvidenceKind::Video,
                "video/mp4",
            ),
            (b"\0\0\0\x18ftyp3gp4\0\0", EvidenceKind::Video, "video/3gpp"),
            (
                b"\x1A\x45\xDF\xA3\x93\x42\x82\x84webm",
                EvidenceKind::Video,
                "video/webm",
            ),
            (
                b"\x1A\x45\xDF\xA3.webm.A_OPUS",
                EvidenceKind::Audio,
                "audio/webm",
            ),
            (
                b"<?xml version=\"1.0\"?>\n<svg xmlns=",
                EvidenceKind::Signature,
                "image/svg+xml",
            ),
            (
                b"\xEF\xBB\xBF<svg>",
                EvidenceKind::Signature,
                "image/svg+xml",
            ),
        ];
        for (head, kind, mime) in cases {
            assert_eq!(sniff(head), Some((*kind, *mime)), "{mime}");
            assert_eq!(accepts(*kind, head), Some(*mime), "{mime}");
        }
    }

    #[test]
    fn refuses_what_is_no_medium() {
        let cases: &[&[u8]] = &[
            b"",
            b"\xFF",
            b"\xFF\xD8",
            b"MZ\x90\0",
            b"%PDF-1.7",
            b"PK\x03\x04",
            b"<html><svg>",
            b"<!DOCTYPE svg><svg>",
            b"<svgx>",
            b"GIF89a",
            b"RIFF\x24\0\0\0AVI ",
            b"\0\0\0\x18ftypheic",
            b"\x1A\x45\xDF\xA3\x93\x42\x82\x88matroska",
            "这不是照片".as_bytes(),
        ];
        for head in cases {
            assert_eq!(sniff(head), None, "{:?}", String::from_utf8_lossy(head));
        }
    }

    #[test]
    fn a_signature_may_be_a_png_and_a_photo_may_not_be_a_signature() {
        assert_eq!(
            accepts(EvidenceKind::Signature, b"\x89PNG\r\n\x1A\n"),
            Some("image/png")
        );
        assert_eq!(accepts(EvidenceKind::Photo, b"<svg>"), None);
        assert_eq!(accepts(EvidenceKind::Signature, b"\xFF\xD8\xFF"), None);
        assert_eq!(
            accepts(EvidenceKind::Audio, b"\0\0\0\x18ftypmp42"),
            Some("audio/mp4")
        );
        assert_eq!(
            accepts(EvidenceKind::Audio, b"\0\0\0\x18ftypmp42..vide"),
            None
        );
    }

    proptest! {
        #[test]
        fn any_bytes_are_looked_at_without_panic(head in prop::collection::vec(any::<u8>(), 0..600)) {
            for kind in EvidenceKind::ALL {
                let _ = accepts(*kind, &head);
            }
        }
    }
}

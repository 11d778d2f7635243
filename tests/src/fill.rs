//! Generated field data: a complete record for any order kind, and small real media files. Nothing in
//! here is about a real person or place.

use dianma_schema::order::OrderKind;
use dianma_schema::order::evidence::{EvidenceKind, required};
use dianma_schema::order::record::{RecordValues, check, form};
use dianma_schema::order::record_form::{FieldKind, FormField};
use dianma_schema::quantity::format_milli;
use std::path::{Path, PathBuf};

/// A record that the form of the kind accepts.
///
/// # Panics
/// When the generated record is not complete: the form asks for something this does not know.
pub fn record(kind: OrderKind, now_ms: i64) -> RecordValues {
    let mut values = RecordValues::new();
    let form = form(kind);
    for field in &form.fields {
        values.insert(field.name.clone(), value(field, now_ms));
    }
    // A field that must not be less than another one gets that one's value.
    for field in form.fields.iter().filter(|field| field.at_least.is_some()) {
        let highest = values
            .values()
            .filter_map(|v| v.parse::<i64>().ok())
            .filter(|v| *v < 1_000_000)
            .max();
        if let (FieldKind::Integer, Some(highest)) = (field.kind, highest) {
            values.insert(field.name.clone(), highest.to_string());
        }
    }
    let problems = check(kind, &values);
    assert!(problems.is_empty(), "{kind}: {problems:?}");
    values
}

fn value(field: &FormField, now_ms: i64) -> String {
    let low = field.min.unwrap_or(1);
    let middle = field.max.map_or(low, |max| low + (max - low) / 2);
    match field.kind {
        FieldKind::Text => "生成的现场记录，仅供演示与测试"
            .chars()
            .take(usize::try_from(field.max.unwrap_or(30)).unwrap_or(30))
            .collect(),
        FieldKind::Integer => middle.to_string(),
        FieldKind::DecimalMilli => format_milli(middle),
        FieldKind::Boolean => "true".to_owned(),
        FieldKind::Time => now_ms.to_string(),
        FieldKind::Choice => field.choices[0].value.clone(),
    }
}

/// Writes one file for every piece of evidence the kind requires; returns (slot, file).
///
/// # Panics
/// When the folder cannot be written.
pub fn evidence(kind: OrderKind, folder: &Path, seed: u64) -> Vec<(String, PathBuf)> {
    let mut files = Vec::new();
    for demand in required(kind) {
        for piece in 0..demand.min_count {
            let name = format!("{seed}-{}-{piece}.{}", demand.slot, ending(demand.kind));
            let path = folder.join(name);
            let bytes = media(demand.kind, 40_000, seed * 1_000 + files.len() as u64);
            std::fs::write(&path, bytes).expect("the folder can be written");
            files.push((demand.slot.clone(), path));
        }
    }
    files
}

fn ending(kind: EvidenceKind) -> &'static str {
    match kind {
        EvidenceKind::Photo => "jpg",
        EvidenceKind::Audio => "amr",
        EvidenceKind::Video => "mp4",
        EvidenceKind::Signature => "png",
    }
}

/// A file that begins as its kind does and goes on with noise from the seed, so that no two are alike.
pub fn media(kind: EvidenceKind, size: usize, seed: u64) -> Vec<u8> {
    let mut bytes: Vec<u8> = match kind {
        EvidenceKind::Photo => {
            b"\xFF\xD8\xFF\xE0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00".to_vec()
        }
        EvidenceKind::Audio => b"#!AMR\n".to_vec(),
        EvidenceKind::Video => b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom".to_vec(),
        EvidenceKind::Signature => {
            b"\x89PNG\r\n\x1A\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02".to_vec()
        }
    };
    let mut state = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    while bytes.len() < size {
        // xorshift64*: enough to make the bytes differ and not compress.
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        bytes.extend_from_slice(&state.wrapping_mul(0x2545_F491_4F6C_DD1D).to_le_bytes());
    }
    if kind == EvidenceKind::Photo {
        bytes.extend_from_slice(b"\xFF\xD9");
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_gets_a_complete_record() {
        for kind in OrderKind::ALL {
            assert!(!record(*kind, 1_800_000_000_000).is_empty());
        }
    }
}

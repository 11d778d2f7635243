//! The second opinion (第二意见): a linear model over hashed features with 8-bit integer weights.
//! Inference is integer arithmetic only, the same on every machine; training lives in the server.

use super::features::Feature;

/// Outputs: the eight kinds in their declared order, no visit, urgent.
pub const OUTPUTS: usize = 10;
/// Index of the output "no visit".
pub const NO_VISIT: usize = 8;
/// Index of the output "urgent".
pub const URGENT: usize = 9;
/// Weights and biases are stored in this fraction of a natural-log unit.
pub const WEIGHT_UNITS: i32 = 16;
/// The outputs of `Model::outputs` are in this fraction of a natural-log unit.
pub const LOGIT_UNITS: i32 = 100;

const MAGIC: &[u8; 4] = b"DMT1";
const HEADER_BYTES: usize = 8;
const BIAS_BYTES: usize = OUTPUTS * 4;
const ROW_BYTES: usize = 4 + OUTPUTS;

/// One trained feature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Hash of the feature.
    pub key: u32,
    /// Its weight for every output.
    pub weights: [i8; OUTPUTS],
}

/// The model: biases and the rows sorted by key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Model {
    /// Bias of every output, in `WEIGHT_UNITS`.
    pub bias: [i32; OUTPUTS],
    /// Rows, sorted by key.
    pub rows: Vec<Row>,
}

impl Model {
    /// Reads the stored form; `None` when it is damaged or of another layout.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let (header, rest) = bytes.split_at_checked(HEADER_BYTES)?;
        let (magic, count) = header.split_at_checked(MAGIC.len())?;
        if magic != MAGIC {
            return None;
        }
        let count = usize::try_from(u32::from_le_bytes(count.try_into().ok()?)).ok()?;
        let (bias_bytes, rows_bytes) = rest.split_at_checked(BIAS_BYTES)?;
        if rows_bytes.len() != count.checked_mul(ROW_BYTES)? {
            return None;
        }
        let mut bias = [0; OUTPUTS];
        for (slot, chunk) in bias.iter_mut().zip(bias_bytes.chunks_exact(4)) {
            *slot = i32::from_le_bytes(chunk.try_into().ok()?);
        }
        let rows = rows_bytes
            .chunks_exact(ROW_BYTES)
            .map(read_row)
            .collect::<Option<Vec<Row>>>()?;
        let sorted = rows.windows(2).all(|pair| match pair {
            [one, two] => one.key < two.key,
            _ => true,
        });
        sorted.then_some(Self { bias, rows })
    }

    /// The stored form.
    pub fn write(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEADER_BYTES + BIAS_BYTES + self.rows.len() * ROW_BYTES);
        bytes.extend_from_slice(MAGIC);
        let count = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        bytes.extend_from_slice(&count.to_le_bytes());
        for bias in self.bias {
            bytes.extend_from_slice(&bias.to_le_bytes());
        }
        for row in &self.rows {
            bytes.extend_from_slice(&row.key.to_le_bytes());
            bytes.extend(row.weights.iter().map(|weight| weight.to_le_bytes()[0]));
        }
        bytes
    }

    /// Weights of one feature.
    pub fn weights(&self, key: u32) -> Option<&[i8; OUTPUTS]> {
        self.rows
            .binary_search_by_key(&key, |row| row.key)
            .ok()
            .and_then(|index| self.rows.get(index))
            .map(|row| &row.weights)
    }

    /// The outputs for a text's features, in `LOGIT_UNITS`; the length of the text is divided out.
    pub fn outputs(&self, features: &[Feature]) -> [i32; OUTPUTS] {
        let mut sums = [0_i64; OUTPUTS];
        for feature in features {
            if let Some(weights) = self.weights(feature.key) {
                for (sum, weight) in sums.iter_mut().zip(weights) {
                    *sum += i64::from(*weight) * i64::from(feature.value);
                }
            }
        }
        let norm = norm_of(features);
        let mut outputs = [0; OUTPUTS];
        for ((output, sum), bias) in outputs.iter_mut().zip(sums).zip(self.bias) {
            let scaled = (sum * NORM_UNITS / norm + i64::from(bias)) * i64::from(LOGIT_UNITS)
                / i64::from(WEIGHT_UNITS);
            *output = i32::try_from(scaled).unwrap_or(i32::MAX);
        }
        outputs
    }
}

/// Norms are kept in this fraction, so that short texts do not suffer from the integer root.
const NORM_UNITS: i64 = 64;

/// Euclidean length of the feature vector, in `NORM_UNITS`; at least 1.
fn norm_of(features: &[Feature]) -> i64 {
    let squares: i64 = features
        .iter()
        .map(|feature| i64::from(feature.value) * i64::from(feature.value))
        .sum();
    (squares * NORM_UNITS * NORM_UNITS).isqrt().max(1)
}

fn read_row(chunk: &[u8]) -> Option<Row> {
    let (key, stored) = chunk.split_at_checked(4)?;
    let mut weights = [0_i8; OUTPUTS];
    for (weight, byte) in weights.iter_mut().zip(stored) {
        *weight = i8::from_le_bytes([*byte]);
    }
    Some(Row {
        key: u32::from_le_bytes(key.try_into().ok()?),
        weights,
    })
}

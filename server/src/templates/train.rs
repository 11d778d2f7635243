//! Training of the second opinion (训练字词模型): softmax regression over the engine's hashed features
//! by `AdaGrad`, then 8-bit weights. Deterministic: fixed order, no random numbers, own exponential, so
//! the same corpus gives the same bytes on every machine. Reads no files.

use dianma_schema::order::kind::OrderKind;
use dianma_schema::template::Engine;
use dianma_schema::template::model::{Model, NO_VISIT, OUTPUTS, Row, URGENT, WEIGHT_UNITS};
use std::collections::BTreeMap;

/// A missed danger weighs this many false ones.
const URGENT_GAIN: f64 = 4.0;

/// One labelled text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// The right kind; `None` when no visit should be made.
    pub kind: Option<OrderKind>,
    /// Whether it must be marked urgent.
    pub urgent: bool,
    /// The caller's words.
    pub text: String,
}

impl Example {
    /// Index of the right output.
    pub fn output(&self) -> usize {
        self.kind
            .and_then(|kind| OrderKind::ALL.iter().position(|one| *one == kind))
            .unwrap_or(NO_VISIT)
    }
}

/// Reads `kind<TAB>urgent<TAB>text`; a line that does not fit is an error with its number.
pub fn read_corpus(text: &str) -> Result<Vec<Example>, String> {
    text.lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'))
        .map(|(index, line)| {
            read_line(line).ok_or_else(|| format!("第 {} 行不是“类型、紧急、文本”三列", index + 1))
        })
        .collect()
}

fn read_line(line: &str) -> Option<Example> {
    let mut parts = line.splitn(3, '\t');
    let kind = match parts.next()? {
        "null" => None,
        word => Some(word.parse().ok()?),
    };
    let urgent = match parts.next()? {
        "0" => false,
        "1" => true,
        _ => return None,
    };
    let text = parts.next()?.to_owned();
    Some(Example { kind, urgent, text })
}

/// How to train; the defaults were chosen by cross-validation on the training corpus.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// Passes over the corpus.
    pub passes: usize,
    /// Step of `AdaGrad`.
    pub step: f64,
    /// Shrinking of weights per pass.
    pub decay: f64,
    /// A feature must occur in this many texts.
    pub min_texts: u32,
    /// Rows kept, those with the largest weights first; 14 bytes each.
    pub max_rows: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            passes: 40,
            step: 0.5,
            decay: 0.002,
            min_texts: 2,
            max_rows: 14_000,
        }
    }
}

/// Trains a model.
pub fn train(engine: &Engine, examples: &[Example], settings: &Settings) -> Model {
    let texts: Vec<Vec<(u32, i32)>> = examples
        .iter()
        .map(|example| {
            let features = engine.features(&example.text);
            features.iter().map(|one| (one.key, one.value)).collect()
        })
        .collect();
    let keys = vocabulary(&texts, settings.min_texts);
    let rows: Vec<Vector> = texts.iter().map(|text| vector(text, &keys)).collect();
    let mut learner = Learner::new(keys.len());
    for pass in 0..settings.passes {
        for index in 0..rows.len() {
            // A fixed stride visits all texts in another order each pass.
            let at = (index * 7919 + pass * 104_729) % rows.len();
            if let (Some(row), Some(example)) = (rows.get(at), examples.get(at)) {
                learner.learn(row, example, settings.step);
            }
        }
        learner.shrink(settings.decay);
    }
    learner.quantise(&keys, settings.max_rows)
}

/// A text as (feature index, value), of length 1.
type Vector = Vec<(usize, f64)>;

fn vocabulary(texts: &[Vec<(u32, i32)>], min_texts: u32) -> BTreeMap<u32, usize> {
    let mut counts: BTreeMap<u32, u32> = BTreeMap::new();
    for (key, _) in texts.iter().flatten() {
        *counts.entry(*key).or_default() += 1;
    }
    counts
        .into_iter()
        .filter(|(_, count)| *count >= min_texts)
        .enumerate()
        .map(|(index, (key, _))| (key, index))
        .collect()
}

fn vector(text: &[(u32, i32)], keys: &BTreeMap<u32, usize>) -> Vector {
    let squares: f64 = text.iter().map(|(_, value)| f64::from(value * value)).sum();
    let norm = squares.sqrt().max(1.0);
    text.iter()
        .filter_map(|(key, value)| Some((*keys.get(key)?, f64::from(*value) / norm)))
        .collect()
}

/// Weights while learning.
struct Learner {
    weights: Vec<[f64; OUTPUTS]>,
    squares: Vec<[f64; OUTPUTS]>,
    bias: [f64; OUTPUTS],
    bias_squares: [f64; OUTPUTS],
}

impl Learner {
    fn new(features: usize) -> Self {
        Self {
            weights: vec![[0.0; OUTPUTS]; features],
            squares: vec![[1e-4; OUTPUTS]; features],
            bias: [0.0; OUTPUTS],
            bias_squares: [1e-2; OUTPUTS],
        }
    }

    fn learn(&mut self, row: &Vector, example: &Example, step: f64) {
        let errors = self.errors(row, example);
        for (index, value) in row {
            let (Some(weights), Some(squares)) =
                (self.weights.get_mut(*index), self.squares.get_mut(*index))
            else {
                continue;
            };
            for ((weight, square), error) in weights.iter_mut().zip(squares).zip(errors) {
                let slope = error * value;
                *square += slope * slope;
                *weight += step * slope / square.sqrt();
            }
        }
        let biases = self.bias.iter_mut().zip(&mut self.bias_squares);
        for ((bias, square), error) in biases.zip(errors) {
            *square += error * error;
            *bias += 0.1 * step * error / square.sqrt();
        }
    }

    /// Wanted minus found probability, for every output.
    fn errors(&self, row: &Vector, example: &Example) -> [f64; OUTPUTS] {
        let mut outputs = self.bias;
        for (index, value) in row {
            for (output, weight) in outputs
                .iter_mut()
                .zip(self.weights.get(*index).into_iter().flatten())
            {
                *output += weight * value;
            }
        }
        let highest = outputs
            .iter()
            .take(URGENT)
            .copied()
            .fold(f64::MIN, f64::max);
        let mut found = outputs.map(|output| exponential(output - highest));
        let total: f64 = found.iter().take(URGENT).sum();
        for one in found.iter_mut().take(URGENT) {
            *one /= total;
        }
        if let (Some(slot), Some(output)) = (found.get_mut(URGENT), outputs.get(URGENT)) {
            *slot = 1.0 / (1.0 + exponential(-output));
        }
        let right = example.output();
        let mut errors = [0.0; OUTPUTS];
        for (index, (error, found)) in errors.iter_mut().zip(found).enumerate() {
            let wanted = index == right || (index == URGENT && example.urgent);
            *error = if wanted { 1.0 - found } else { -found };
            if index == URGENT && wanted {
                *error *= URGENT_GAIN;
            }
        }
        errors
    }

    fn shrink(&mut self, decay: f64) {
        for weight in self.weights.iter_mut().flatten() {
            *weight *= 1.0 - decay;
        }
    }

    fn quantise(&self, keys: &BTreeMap<u32, usize>, max_rows: usize) -> Model {
        let mut rows: Vec<(i64, Row)> = keys
            .iter()
            .filter_map(|(key, index)| {
                let weights = self.weights.get(*index)?.map(to_units);
                let size: i64 = weights
                    .iter()
                    .map(|one| i64::from(*one) * i64::from(*one))
                    .sum();
                (size > 0).then_some((size, Row { key: *key, weights }))
            })
            .collect();
        rows.sort_by_key(|(size, row)| (std::cmp::Reverse(*size), row.key));
        rows.truncate(max_rows);
        let mut rows: Vec<Row> = rows.into_iter().map(|(_, row)| row).collect();
        rows.sort_by_key(|row| row.key);
        Model {
            bias: self
                .bias
                .map(|bias| rounded(bias * f64::from(WEIGHT_UNITS))),
            rows,
        }
    }
}

fn to_units(weight: f64) -> i8 {
    let units = rounded(weight * f64::from(WEIGHT_UNITS)).clamp(-127, 127);
    i8::try_from(units).unwrap_or(0)
}

fn rounded(value: f64) -> i32 {
    // Weights are far below 2^31; a broken value becomes the nearest bound.
    #[expect(clippy::cast_possible_truncation, reason = "clamped just before")]
    let whole = value.round().clamp(-1e9, 1e9) as i32;
    whole
}

/// e^x from multiplications alone, so that every machine gets the same bits.
fn exponential(x: f64) -> f64 {
    let mut power = 1.0 + x.clamp(-500.0, 500.0) / 1_048_576.0;
    for _ in 0..20 {
        power *= power;
    }
    power
}

//! Reed–Solomon decoding with errors and erasures (Berlekamp–Massey started from the erasure
//! polynomial, Chien search, Forney). First root of the code is the zeroth power, as QR has it.
//!
//! An erasure costs one check symbol, an error whose place is not known costs two.

use super::field::{over, power, times};

/// Corrects `word` (its last `check` symbols are check symbols) in place. `erased` are places believed
/// bad. Returns how many symbols the locator named, erasures included; `None`, with `word` unchanged,
/// when it cannot be corrected.
pub fn correct(word: &mut [u8], check: usize, erased: &[usize]) -> Option<usize> {
    let length = word.len();
    if check == 0 || check >= length || length > 255 || erased.len() > check {
        return None;
    }
    let syndromes = syndromes(word, check);
    if syndromes.iter().all(|value| *value == 0) {
        return Some(0);
    }
    let locator = locator(&syndromes, &erasure_polynomial(erased, length));
    let named = locator.len() - 1;
    let errors = named.saturating_sub(erased.len());
    if 2 * errors + erased.len() > check {
        return None;
    }
    let fixes = fixes(&locator, &syndromes, length)?;
    if fixes.len() != named {
        return None;
    }
    for (place, value) in &fixes {
        word[*place] ^= value;
    }
    if self::syndromes(word, check).iter().any(|value| *value != 0) {
        for (place, value) in &fixes {
            word[*place] ^= value;
        }
        return None;
    }
    Some(named)
}

fn syndromes(word: &[u8], check: usize) -> Vec<u8> {
    let one = |root: u8| word.iter().fold(0, |sum, value| times(sum, root) ^ value);
    (0..check).map(|j| one(power(j))).collect()
}

/// Product of (1 + X·x) over the erased places.
fn erasure_polynomial(erased: &[usize], length: usize) -> Vec<u8> {
    let mut product = vec![1u8];
    for place in erased.iter().filter(|place| **place < length) {
        let root = power(length - 1 - place);
        product.push(0);
        for i in (1..product.len()).rev() {
            product[i] ^= times(product[i - 1], root);
        }
    }
    product
}

/// Berlekamp–Massey from the erasure polynomial on; lowest coefficient first, no trailing zeros.
fn locator(syndromes: &[u8], erasures: &[u8]) -> Vec<u8> {
    let erased = erasures.len() - 1;
    let mut current = erasures.to_vec();
    let mut helper = current.clone();
    let mut degree = erased;
    for round in erased..syndromes.len() {
        helper.insert(0, 0);
        let reach = current.len().min(round + 1);
        let gap = (0..reach).fold(0, |sum, i| sum ^ times(current[i], syndromes[round - i]));
        if gap == 0 {
            continue;
        }
        let mut next = current.clone();
        next.resize(current.len().max(helper.len()), 0);
        for (value, part) in next.iter_mut().zip(&helper) {
            *value ^= times(gap, *part);
        }
        if 2 * degree <= round + erased {
            helper = current.iter().map(|value| over(*value, gap)).collect();
            degree = round + erased + 1 - degree;
        }
        current = next;
    }
    while current.len() > 1 && current.last() == Some(&0) {
        current.pop();
    }
    current
}

/// Places and values to add, or `None` when a value cannot be computed.
fn fixes(locator: &[u8], syndromes: &[u8], length: usize) -> Option<Vec<(usize, u8)>> {
    let evaluator: Vec<u8> = (0..syndromes.len())
        .map(|i| {
            let reach = i.min(locator.len() - 1);
            (0..=reach).fold(0, |sum, j| sum ^ times(locator[j], syndromes[i - j]))
        })
        .collect();
    let mut fixes = Vec::with_capacity(locator.len());
    for place in 0..length {
        let exponent = length - 1 - place;
        let inverse = power(255 - exponent % 255);
        if value_at(locator, inverse) != 0 {
            continue;
        }
        let slope = derivative_at(locator, inverse);
        if slope == 0 {
            return None;
        }
        let value = over(value_at(&evaluator, inverse), slope);
        fixes.push((place, times(power(exponent), value)));
    }
    Some(fixes)
}

fn value_at(polynomial: &[u8], x: u8) -> u8 {
    polynomial.iter().rev().fold(0, |sum, c| times(sum, x) ^ c)
}

/// Formal derivative: in this field only odd powers survive.
fn derivative_at(polynomial: &[u8], x: u8) -> u8 {
    let square = times(x, x);
    let odd = polynomial.iter().skip(1).step_by(2);
    odd.rev().fold(0, |sum, c| times(sum, square) ^ c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use proptest::sample::subsequence;

    /// Appends check symbols: the remainder of division by the generator polynomial.
    fn encode(data: &[u8], check: usize) -> Vec<u8> {
        let mut generator = vec![1u8];
        for i in 0..check {
            generator.push(0);
            for j in (1..generator.len()).rev() {
                generator[j] ^= times(generator[j - 1], power(i));
            }
        }
        let mut rest = data.to_vec();
        rest.resize(data.len() + check, 0);
        for i in 0..data.len() {
            let lead = rest[i];
            for (j, g) in generator.iter().enumerate() {
                rest[i + j] ^= times(*g, lead);
            }
        }
        let mut word = data.to_vec();
        word.extend_from_slice(&rest[data.len()..]);
        word
    }

    /// A code word, its check symbols, erased places, places of other errors and what spoils them.
    type Case = (Vec<u8>, usize, Vec<usize>, Vec<usize>, Vec<u8>);

    /// Words with as many errors and erasures as can be corrected, plus `over` errors.
    fn case(over: usize) -> impl Strategy<Value = Case> {
        let word = (proptest::collection::vec(any::<u8>(), 1..120), 2usize..40);
        let word = word
            .prop_flat_map(|(data, check)| (Just(encode(&data, check)), Just(check), 0..=check));
        word.prop_flat_map(move |(word, check, erased)| {
            let wrong = (check - erased) / 2 + over;
            let most = (erased + wrong).min(word.len());
            let places = subsequence((0..word.len()).collect::<Vec<_>>(), most).prop_shuffle();
            let noise = proptest::collection::vec(1u8..=255, 255);
            (Just(word), Just(check), Just(erased), places, noise)
        })
        .prop_map(|(word, check, erased, places, noise)| {
            let (erased, wrong) = places.split_at(erased.min(places.len()));
            (word, check, erased.to_vec(), wrong.to_vec(), noise)
        })
    }

    fn spoil(word: &[u8], erased: &[usize], wrong: &[usize], noise: &[u8]) -> Vec<u8> {
        let mut bad = word.to_vec();
        for (i, place) in erased.iter().chain(wrong).enumerate() {
            // Every third erasure happens to be right.
            if i < erased.len() && i % 3 == 2 {
                continue;
            }
            bad[*place] ^= noise[i];
        }
        bad
    }

    proptest! {
        #[test]
        fn corrects_everything_within_its_capacity((word, check, erased, wrong, noise) in case(0)) {
            let mut bad = spoil(&word, &erased, &wrong, &noise);
            prop_assert!(correct(&mut bad, check, &erased).is_some());
            prop_assert_eq!(bad, word);
        }

        #[test]
        fn beyond_its_capacity_it_says_so_or_gives_a_code_word((word, check, erased, wrong, noise) in case(2)) {
            let mut bad = spoil(&word, &erased, &wrong, &noise);
            let before = bad.clone();
            match correct(&mut bad, check, &erased) {
                None => prop_assert_eq!(bad, before),
                Some(_) => prop_assert!(syndromes(&bad, check).iter().all(|s| *s == 0)),
            }
        }

        #[test]
        fn never_panics(mut word in proptest::collection::vec(any::<u8>(), 0..300), check in 0usize..300,
                        erased in proptest::collection::vec(0usize..400, 0..40)) {
            let _ = correct(&mut word, check, &erased);
        }
    }
}

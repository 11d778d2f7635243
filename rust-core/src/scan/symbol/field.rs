//! Arithmetic in GF(256) as QR uses it: polynomial x⁸+x⁴+x³+x²+1, generator 2.

const POLYNOMIAL: u16 = 0x11d;

/// Powers of the generator (twice around, so that sums of two logarithms need no reduction) and
/// logarithms (of zero: unused).
struct Tables {
    powers: [u8; 510],
    logarithms: [u8; 256],
}

static TABLES: Tables = tables();

const fn tables() -> Tables {
    let mut powers = [0u8; 510];
    let mut logarithms = [0u8; 256];
    let mut value = 1u16;
    let mut i = 0;
    while i < 255 {
        powers[i] = value as u8;
        powers[i + 255] = value as u8;
        logarithms[value as usize] = i as u8;
        value <<= 1;
        if value & 0x100 != 0 {
            value ^= POLYNOMIAL;
        }
        i += 1;
    }
    Tables { powers, logarithms }
}

/// Product.
pub fn times(a: u8, b: u8) -> u8 {
    if a == 0 || b == 0 {
        return 0;
    }
    let sum = usize::from(TABLES.logarithms[usize::from(a)])
        + usize::from(TABLES.logarithms[usize::from(b)]);
    TABLES.powers[sum]
}

/// The generator to the power `exponent`.
pub fn power(exponent: usize) -> u8 {
    TABLES.powers[exponent % 255]
}

/// `a / b`; zero when `b` is zero, which callers rule out.
pub fn over(a: u8, b: u8) -> u8 {
    if a == 0 || b == 0 {
        return 0;
    }
    let difference = 255 + usize::from(TABLES.logarithms[usize::from(a)])
        - usize::from(TABLES.logarithms[usize::from(b)]);
    TABLES.powers[difference]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_element_but_zero_has_an_inverse() {
        for a in 1..=255u8 {
            assert_eq!(times(a, over(1, a)), 1);
            assert_eq!(over(times(a, 29), 29), a);
        }
        assert_eq!(times(0, 7), 0);
        assert_eq!(power(8), 29);
    }
}

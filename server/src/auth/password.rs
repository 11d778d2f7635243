//! Passwords: argon2id with 19 MiB and two passes; at least 8 characters, no composition rules, the
//! commonest ones refused (ASVS 5.0, 6.2).

use crate::error::ApiError;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};

/// Shortest password, characters.
const MIN_CHARACTERS: usize = 8;
/// Longest password looked at, characters: hashing a novel is a way to stall a server.
const MAX_CHARACTERS: usize = 256;
/// Passwords that appear first in every guessing list and fit the length rule.
const COMMON: &[&str] = &[
    "12345678",
    "123456789",
    "1234567890",
    "password",
    "password1",
    "qwertyui",
    "11111111",
    "00000000",
    "88888888",
    "66666666",
    "abc12345",
    "a1234567",
    "12341234",
    "87654321",
    "qwer1234",
    "1qaz2wsx",
    "iloveyou",
    "admin123",
    "admin888",
    "dianma123",
    "woaini1314",
    "5201314520",
];

/// Characters of generated passwords: none that look alike on paper.
const READABLE: [char; 32] = [
    'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'm', 'n', 'p', 'q', 'r', 's', 't', 'u',
    'v', 'w', 'x', 'y', 'z', '2', '3', '4', '5', '6', '7', '8', '9',
];

/// A password to read out once: 12 characters of 5 bits each.
pub fn generated(random: [u8; 12]) -> String {
    random
        .iter()
        .map(|byte| READABLE[usize::from(byte % 32)])
        .collect()
}

fn hasher() -> Result<Argon2<'static>, ApiError> {
    let params = Params::new(19 * 1024, 2, 1, None).map_err(|_| ApiError::internal())?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Refuses passwords that are too short, too long or too common.
pub fn check_strength(password: &str) -> Result<(), ApiError> {
    let count = password.chars().count();
    if count < MIN_CHARACTERS {
        return Err(ApiError::field(
            "password",
            "密码至少 8 个字符",
            "At least 8 characters",
        ));
    }
    if count > MAX_CHARACTERS {
        return Err(ApiError::field(
            "password",
            "密码过长",
            "The password is too long",
        ));
    }
    if COMMON.contains(&password.to_lowercase().as_str()) {
        return Err(ApiError::field(
            "password",
            "密码过于常见，请换一个",
            "The password is too common",
        ));
    }
    Ok(())
}

/// Hashes a password for storage. Takes about 50 ms of CPU: call it on a blocking thread.
pub fn hash(password: &str) -> Result<String, ApiError> {
    hasher()?
        .hash_password(password.as_bytes())
        .map(|hash: PasswordHash| hash.to_string())
        .map_err(|_| ApiError::internal())
}

/// Checks a password against a stored hash. As slow as [`hash`].
pub fn verify(password: &str, stored: &str) -> bool {
    if password.chars().count() > MAX_CHARACTERS {
        return false;
    }
    let Ok(parsed) = PasswordHash::new(stored) else {
        return false;
    };
    hasher().is_ok_and(|hasher| hasher.verify_password(password.as_bytes(), &parsed).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_verifies_its_own_password_only() {
        let stored = hash("generated-secret-1").unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(verify("generated-secret-1", &stored));
        assert!(!verify("generated-secret-2", &stored));
        assert!(!verify("generated-secret-1", "not a hash"));
    }

    #[test]
    fn a_generated_password_passes_its_own_rules() {
        let text = generated([0, 31, 32, 63, 255, 7, 8, 9, 10, 11, 12, 13]);
        assert_eq!(text.chars().count(), 12);
        assert!(text.starts_with("a9a99"), "{text}");
        assert!(check_strength(&text).is_ok());
    }

    #[test]
    fn refuses_short_common_and_endless_passwords() {
        for bad in ["", "1234567", "Password", &"x".repeat(257)] {
            assert!(check_strength(bad).is_err(), "{bad}");
        }
        assert!(check_strength("八个汉字也是密码").is_ok());
    }
}

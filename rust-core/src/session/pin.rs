//! The offline unlock: a PIN of 4 to 12 digits, kept as an argon2id hash. Each try is counted on
//! disk before it is checked, so that stopping the program gives nobody more tries.

use super::{Session, SessionRecord};
use crate::error::CoreError;
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version};
use dianma_schema::fault;

/// After so many wrong PINs in a row only the password helps.
pub const MOST_WRONG_PINS: u32 = 5;
/// Memory in KiB, passes, lanes: about 0.1 s on a cheap phone (ASVS asks for at least 19 MiB, 2, 1).
const COST: (u32, u32, u32) = (19 * 1024, 2, 1);

impl Session {
    /// Sets or changes the PIN. Needs an unlocked phone.
    pub fn set_pin(&self, pin: &str) -> Result<(), CoreError> {
        self.shared.user()?;
        if !(4..=12).contains(&pin.len()) || !pin.bytes().all(|b| b.is_ascii_digit()) {
            return Err(CoreError::of(fault::V_FIELD).field(
                "pin",
                "解锁码须为 4 到 12 位数字",
                "the PIN must be 4 to 12 digits",
            ));
        }
        let mut salt = [0; 16];
        self.shared
            .with_entropy(|entropy| entropy.fill(&mut salt))?;
        let hash = hasher()?
            .hash_password_with_salt(pin.as_bytes(), &salt)
            .map_err(|_| broken())?
            .to_string();
        self.change(|session| {
            session.pin_hash = Some(hash);
            session.wrong_pins = 0;
        })?;
        self.shared.set_unlocked(true);
        Ok(())
    }

    /// Changes the PIN by the one in use; a wrong one counts as a wrong try.
    pub fn change_pin(&self, old_pin: &str, new_pin: &str) -> Result<(), CoreError> {
        self.shared.user()?;
        self.unlock(old_pin)?;
        self.set_pin(new_pin)
    }

    /// Unlocks with the PIN, without a network.
    pub fn unlock(&self, pin: &str) -> Result<(), CoreError> {
        let session = self
            .shared
            .read(SessionRecord::load)?
            .ok_or_else(|| CoreError::of(fault::A_SIGN_IN))?;
        let Some(hash) = &session.pin_hash else {
            return Ok(());
        };
        if session.wrong_pins >= MOST_WRONG_PINS {
            return Err(CoreError::of(fault::A_LOCKED));
        }
        self.change(|session| session.wrong_pins += 1)?;
        let parsed = PasswordHash::new(hash).map_err(|_| broken())?;
        if hasher()?.verify_password(pin.as_bytes(), &parsed).is_ok() {
            self.change(|session| session.wrong_pins = 0)?;
            self.shared.set_unlocked(true);
            return Ok(());
        }
        let left = MOST_WRONG_PINS.saturating_sub(session.wrong_pins + 1);
        if left == 0 {
            return Err(CoreError::of(fault::A_LOCKED));
        }
        Err(CoreError::of(fault::A_UNLOCK).field(
            "pin",
            &format!("解锁码不对，还可试 {left} 次"),
            &format!("wrong PIN, {left} more tries"),
        ))
    }

    /// Locks again, for the inactivity timer.
    pub fn lock(&self) {
        self.shared.set_unlocked(false);
    }

    fn change(&self, edit: impl FnOnce(&mut SessionRecord)) -> Result<(), CoreError> {
        self.shared.write_journaled(|tx| {
            let mut session =
                SessionRecord::load(tx)?.ok_or_else(|| CoreError::of(fault::A_SIGN_IN))?;
            edit(&mut session);
            Ok(((), vec![session.save(tx)?]))
        })
    }
}

fn broken() -> CoreError {
    CoreError::of(fault::D_STORE).because("PIN hash")
}

fn hasher() -> Result<Argon2<'static>, CoreError> {
    let (memory, passes, lanes) = COST;
    let params = Params::new(memory, passes, lanes, None).map_err(|_| broken())?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

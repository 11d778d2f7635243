//! What was looked up last on this phone: typed texts and opened customers, newest first. Personal like
//! the archive itself: it closes with the lease and goes when another person signs in.

use super::{CustomerView, Lookup};
use crate::error::CoreError;
use crate::store::{customers, settings, settings::name};
use dianma_schema::id::CustomerId;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};

/// Most of each kind kept.
const MOST: usize = 12;
/// Longest text kept, characters.
const LONGEST: usize = 60;

#[derive(Default, Serialize, Deserialize)]
struct Kept {
    texts: Vec<String>,
    customers: Vec<CustomerId>,
}

/// What was looked up last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recent {
    /// Texts typed into the box.
    pub texts: Vec<String>,
    /// Customers opened that are still in the archive.
    pub customers: Vec<CustomerView>,
}

impl Lookup {
    /// What was looked up last, newest first.
    pub fn recent(&self) -> Result<Recent, CoreError> {
        self.shared.user_with_lease()?;
        self.shared.read(|db| {
            let kept = load(db)?;
            let mut found = Recent {
                texts: kept.texts,
                customers: Vec::new(),
            };
            for id in &kept.customers {
                let customer = customers::find(db, id)?.map(CustomerView::from);
                found.customers.extend(customer);
            }
            Ok(found)
        })
    }

    /// A text led somewhere: it is offered again.
    pub fn remember_text(&self, text: &str) -> Result<(), CoreError> {
        let text: String = text.trim().chars().take(LONGEST).collect();
        if text.is_empty() {
            return Ok(());
        }
        self.change(|kept| to_front(&mut kept.texts, text))
    }

    /// A customer of the archive was opened.
    pub fn remember_customer(&self, id: &CustomerId) -> Result<(), CoreError> {
        self.change(|kept| to_front(&mut kept.customers, *id))
    }

    /// Forgets all of it.
    pub fn forget_recent(&self) -> Result<(), CoreError> {
        self.shared.user()?;
        self.shared
            .write(|tx| settings::clear(tx, name::RECENT_LOOKUPS))
    }

    fn change(&self, edit: impl FnOnce(&mut Kept)) -> Result<(), CoreError> {
        self.shared.user_with_lease()?;
        self.shared.write(|tx| {
            let mut kept = load(tx)?;
            edit(&mut kept);
            let text = serde_json::to_string(&kept).unwrap_or_default();
            settings::set(tx, name::RECENT_LOOKUPS, text)
        })
    }
}

/// A convenience: one that cannot be read is an empty one.
fn load(db: &Connection) -> Result<Kept, CoreError> {
    let text: Option<String> = settings::get(db, name::RECENT_LOOKUPS)?;
    let kept = text.and_then(|text| serde_json::from_str(&text).ok());
    Ok(kept.unwrap_or_default())
}

fn to_front<T: PartialEq>(list: &mut Vec<T>, item: T) {
    list.retain(|each| *each != item);
    list.insert(0, item);
    list.truncate(MOST);
}

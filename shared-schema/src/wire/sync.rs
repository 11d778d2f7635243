//! `POST /v1/sync`: one round trip pushes the outbox and pulls the feed.
//! The device and the person come from the token, so no request names them.

use crate::text_enum;
use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

/// Protocol number of this message set.
pub const PROTOCOL: u32 = 1;
/// Most commands the server looks at in one request; the rest waits for the next one.
pub const MAX_COMMANDS: usize = 500;
/// Largest request body, compressed or not, in bytes.
pub const MAX_BODY_BYTES: usize = 1024 * 1024;
/// Largest single encoded command, in bytes.
pub const MAX_COMMAND_BYTES: usize = 64 * 1024;

text_enum! {
    /// What network the phone believes it is on; decides the page budget.
    pub enum NetClass {
        0 Gprs = "gprs", "GPRS", "GPRS";
        1 ThreeG = "three_g", "3G", "3G";
        2 FourG = "four_g", "4G/5G", "4G/5G";
        3 Wifi = "wifi", "Wi-Fi", "Wi-Fi";
    }
}

impl NetClass {
    /// Page budget in bytes (sync design §6): a 2G page must arrive in seconds.
    pub const fn page_budget_bytes(self) -> u32 {
        match self {
            Self::Gprs => 8 * 1024,
            Self::ThreeG => 64 * 1024,
            Self::FourG | Self::Wifi => 512 * 1024,
        }
    }
}

text_enum! {
    /// A stream of changes. Whose stream follows from the token.
    pub enum ScopeKind {
        0 User = "user", "本人工单", "Own orders";
        1 Station = "station", "本所客户", "Station archive";
        2 Places = "places", "本所现场码", "Station places";
    }
}

text_enum! {
    /// What a feed entry carries.
    pub enum EntryKind {
        0 Order = "order", "工单", "Work order";
        1 Customer = "customer", "客户", "Customer";
        2 Staff = "staff", "人员", "Staff";
        3 Place = "place", "现场设施", "Labelled place";
    }
}

text_enum! {
    /// What the phone does with an entry.
    pub enum EntryOp {
        0 Put = "put", "写入", "Put";
        1 Leave = "leave", "移出", "Leave";
    }
}

text_enum! {
    /// The final word on a command.
    pub enum Outcome {
        0 Accepted = "accepted", "已接收", "Accepted";
        1 Rejected = "rejected", "被拒绝", "Rejected";
        2 Quarantined = "quarantined", "已隔离", "Quarantined";
    }
}

/// How far a phone has read a scope. `epoch` names the database incarnation.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Cursor {
    /// Which stream.
    #[n(0)]
    pub scope: ScopeKind,
    /// Incarnation the position belongs to; 0 = never read.
    #[n(1)]
    pub epoch: u32,
    /// Last position applied.
    #[n(2)]
    pub position: u64,
}

/// Request of `POST /v1/sync`.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SyncRequest {
    /// [`PROTOCOL`].
    #[n(0)]
    pub protocol: u32,
    /// App version, `major.minor.patch`; sent with commands and on the first poll only.
    #[n(1)]
    pub app_version: Option<String>,
    /// Results up to this command number are stored on the phone.
    #[n(2)]
    pub acked_n: u64,
    /// Encoded [`crate::wire::command::CommandEnvelope`]s with dense numbers, oldest first.
    #[n(3)]
    pub commands: Option<Vec<ByteVec>>,
    /// One per scope the phone follows.
    #[n(4)]
    pub cursors: Vec<Cursor>,
    /// Network class; sets the page budget.
    #[n(5)]
    pub net_class: NetClass,
    /// Phone wall clock, epoch ms; sent with commands. Evidence only, never decides.
    #[n(6)]
    pub wall_ms: Option<i64>,
    /// Commands still waiting on the phone, for the office to see.
    #[n(7)]
    pub pending_commands: Option<u32>,
    /// Evidence files still waiting on the phone.
    #[n(8)]
    pub pending_files: Option<u32>,
    /// The signed lists the phone has; absent in apps that know none.
    #[n(9)]
    pub trust: Option<TrustHave>,
}

/// The server's answer to one command.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct CommandResult {
    /// Which command.
    #[n(0)]
    pub n: u64,
    /// The verdict.
    #[n(1)]
    pub outcome: Outcome,
    /// Fault code when not accepted.
    #[n(2)]
    pub code: Option<String>,
    /// The order's version after the command.
    #[n(3)]
    pub version: Option<u64>,
    /// Who changed what meanwhile, or which field is wrong; Chinese, for the card on the phone.
    #[n(4)]
    pub detail: Option<String>,
    /// The same in English; absent from servers that know none.
    #[n(5)]
    pub detail_en: Option<String>,
}

text_enum! {
    /// Why an order has left a phone.
    pub enum LeaveCause {
        0 Reassigned = "reassigned", "已改派他人", "Given to another person";
        1 Recalled = "recalled", "已收回待派", "Recalled for dispatch";
        2 Cancelled = "cancelled", "已作废", "Cancelled";
        3 Archived = "archived", "已归档", "Archived";
    }
}

/// Why an order is no longer the phone's.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Left {
    /// What became of it.
    #[n(0)]
    pub cause: LeaveCause,
    /// The words of whoever cancelled it.
    #[n(1)]
    pub reason: Option<String>,
}

/// One changed thing.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Entry {
    /// What it is.
    #[n(0)]
    pub kind: EntryKind,
    /// Write or leave.
    #[n(1)]
    pub op: EntryOp,
    /// Its id, 16 bytes.
    #[n(2)]
    pub id: ByteVec,
    /// Its version.
    #[n(3)]
    pub version: u64,
    /// The encoded record ([`crate::wire::record`]); absent for leave.
    #[n(4)]
    pub body: Option<ByteVec>,
    /// With the leave of an order: why.
    #[n(5)]
    pub left: Option<Left>,
}

/// A page of one scope. Applied with its cursor in one local transaction.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Page {
    /// Which stream.
    #[n(0)]
    pub scope: ScopeKind,
    /// Incarnation of `position`.
    #[n(1)]
    pub epoch: u32,
    /// Cursor after this page.
    #[n(2)]
    pub position: u64,
    /// The phone's cursor was unusable: mark, apply all pages, sweep what was not seen. The outbox
    /// and local evidence are never touched.
    #[n(3)]
    pub reset: bool,
    /// More pages follow.
    #[n(4)]
    pub more: bool,
    /// Changes in position order.
    #[n(5)]
    pub entries: Vec<Entry>,
    /// On the last page: order-independent checksum of all live (kind, id, version) of the scope.
    #[n(6)]
    pub checksum: Option<u64>,
}

/// Answer of `POST /v1/sync`.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SyncResponse {
    /// Server clock, epoch ms: the only clock that decides deadlines.
    #[n(0)]
    pub server_ms: i64,
    /// One per command looked at, in order.
    #[n(1)]
    pub results: Option<Vec<CommandResult>>,
    /// A gap: send again from this number.
    #[n(2)]
    pub resend_from: Option<u64>,
    /// Changed scopes only.
    #[n(3)]
    pub pages: Option<Vec<Page>>,
    /// Seconds until the next poll is welcome.
    #[n(4)]
    pub next_poll_s: u32,
    /// A fault of the whole exchange (old app, revoked phone), when commands were still taken.
    #[n(5)]
    pub fault: Option<String>,
    /// Signed lists the phone does not have yet, when it asked; empty when it has the newest.
    #[n(6)]
    pub trust: Option<TrustUpdate>,
}

/// Serials of the signed lists a phone has; 0 = none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct TrustHave {
    /// Of the key list.
    #[n(0)]
    pub key_serial: u64,
    /// Of the revocation set.
    #[n(1)]
    pub revocation_serial: u64,
}

/// Newer signed lists. The phone checks signatures and serials; this frame proves nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct TrustUpdate {
    /// The root key in force: pinned by a phone that has none, compared by one that has.
    #[n(0)]
    pub root: Option<ByteVec>,
    /// Sealed key lists, oldest first: those that hand the root over, and the newest.
    #[n(1)]
    pub key_lists: Option<Vec<ByteVec>>,
    /// Sealed head of the newest revocation set.
    #[n(2)]
    pub revocation_head: Option<ByteVec>,
    /// Packed hashes to add to the phone's set, or the whole set.
    #[n(3)]
    pub revocations: Option<ByteVec>,
    /// `revocations` is the whole set.
    #[n(4)]
    pub is_whole: bool,
}

impl TrustUpdate {
    /// Nothing newer: the phone has the newest lists.
    pub const fn is_empty(&self) -> bool {
        self.key_lists.is_none() && self.revocation_head.is_none()
    }
}

/// Contribution of one live entry to a scope's checksum; the sum (wrapping) over all live entries
/// is the same on both sides when the mirrors are equal, in whatever order they were written.
pub fn checksum_term(kind: EntryKind, id: &[u8], version: u64) -> u64 {
    use sha2::{Digest, Sha256};
    let mut hash = Sha256::new();
    hash.update([kind as u8]);
    hash.update(id);
    hash.update(version.to_be_bytes());
    let digest = hash.finalize();
    digest
        .iter()
        .take(8)
        .fold(0, |sum, byte| (sum << 8) | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_poll_is_small() {
        let request = SyncRequest {
            protocol: PROTOCOL,
            app_version: None,
            acked_n: 5_000,
            commands: None,
            cursors: vec![
                Cursor {
                    scope: ScopeKind::User,
                    epoch: u32::MAX,
                    position: 1 << 20,
                },
                Cursor {
                    scope: ScopeKind::Station,
                    epoch: u32::MAX,
                    position: 1 << 20,
                },
                Cursor {
                    scope: ScopeKind::Places,
                    epoch: u32::MAX,
                    position: 1 << 20,
                },
            ],
            net_class: NetClass::Gprs,
            wall_ms: None,
            pending_commands: None,
            pending_files: None,
            trust: Some(TrustHave {
                key_serial: 12,
                revocation_serial: 1 << 15,
            }),
        };
        assert!(minicbor::to_vec(&request).unwrap().len() <= 75);
    }

    #[test]
    fn checksum_does_not_depend_on_order_but_on_versions() {
        let a = checksum_term(EntryKind::Order, &[1; 16], 1);
        let b = checksum_term(EntryKind::Order, &[2; 16], 1);
        assert_eq!(a.wrapping_add(b), b.wrapping_add(a));
        assert_ne!(a, checksum_term(EntryKind::Order, &[1; 16], 2));
    }
}

//! The 系统 tab at the door: room on the phone, what may go out on which network, the diagnosis.

use super::errors::guarded;
use super::sync::megabytes;
use super::words::words_of;
use super::{Core, PhoneError, Words};
use crate::sync::policy;
use dianma_schema::wire::sync::NetClass;

/// One line about room.
#[derive(uniffi::Record, Clone, Debug, PartialEq, Eq)]
pub struct RoomLine {
    /// What takes it.
    pub name: Words,
    /// "8.2 MB".
    pub size: String,
}

/// Room on the phone.
#[derive(uniffi::Record, Clone, Debug, PartialEq, Eq)]
pub struct RoomView {
    /// What takes how much, and what is left.
    pub lines: Vec<RoomLine>,
    /// What can be freed, and what that means.
    pub freeable: Words,
    /// Bytes of that; 0 = nothing.
    pub freeable_bytes: u64,
    /// Said when photos may soon not fit any more; empty otherwise.
    pub warning: Words,
}

/// What may go out on a network.
#[derive(uniffi::Record, Clone, Debug, PartialEq, Eq)]
pub struct NetworkRule {
    /// Word, for `set_net_class`.
    pub word: String,
    /// Name.
    pub name: Words,
    /// What goes out.
    pub rule: Words,
    /// In force now.
    pub is_current: bool,
}

/// Below this a video may not fit, bytes.
const LITTLE_ROOM_BYTES: u64 = 300_000_000;

#[uniffi::export]
impl Core {
    /// Room on the phone; `left_bytes` is what the system says is left.
    pub fn room(&self, left_bytes: u64) -> Result<RoomView, PhoneError> {
        guarded(|| {
            let usage = self.phone().evidence().usage()?;
            let line = |zh: &str, en: &str, bytes| RoomLine {
                name: Words::new(zh, en),
                size: megabytes(bytes),
            };
            let size = megabytes(usage.freeable_bytes);
            let files = usage.freeable_files;
            let freeable = if files == 0 {
                Words::new("没有可以清理的文件", "Nothing can be freed")
            } else {
                Words {
                    zh: format!("可清理 {files} 个文件 {size}：服务器都已收到，工单不受影响"),
                    en: format!("{files} files, {size}, can go: the server has them all"),
                }
            };
            let warning = if left_bytes < LITTLE_ROOM_BYTES {
                Words::new(
                    "手机空间快满了：请清理，否则照片和录像会存不下",
                    "The phone is nearly full: free some space or photos will not fit",
                )
            } else {
                Words::default()
            };
            Ok(RoomView {
                lines: vec![
                    line("工单和客户资料", "Orders and customers", usage.store_bytes),
                    line("待上传的文件", "Files to send", usage.waiting_bytes),
                    line("已上传的文件", "Files sent", usage.freeable_bytes),
                    line("手机剩余空间", "Left on the phone", left_bytes),
                ],
                freeable,
                freeable_bytes: usage.freeable_bytes,
                warning,
            })
        })
    }

    /// Removes copies of files that the server has; says what that freed.
    pub fn free_room(&self) -> Result<Words, PhoneError> {
        guarded(|| {
            let size = megabytes(self.phone().evidence().free_up()?);
            Ok(Words {
                zh: format!("已清理 {size}"),
                en: format!("{size} freed"),
            })
        })
    }

    /// What may go out on which network, and which one the phone believes it is on.
    pub fn network_rules(&self) -> Result<Vec<NetworkRule>, PhoneError> {
        guarded(|| {
            let current = self.phone().net_class()?;
            let rules = NetClass::ALL.iter().rev().map(|net| {
                let (zh, en) = policy::words(*net);
                NetworkRule {
                    word: net.as_str().to_owned(),
                    name: words_of!(*net),
                    rule: Words::new(zh, en),
                    is_current: *net == current,
                }
            });
            Ok(rules.collect())
        })
    }

    /// What files have taken of the data plan today, of what they may.
    pub fn mobile_today(&self) -> Result<Words, PhoneError> {
        guarded(|| {
            let used = megabytes(self.phone().link()?.used_bytes);
            let most = policy::DAY_CAP_BYTES / 1_000_000;
            Ok(Words {
                zh: format!("照片和录音录像今天已用流量 {used}，每天最多 {most} MB"),
                en: format!(
                    "Photos, sound and video took {used} of mobile data today, {most} MB at most"
                ),
            })
        })
    }

    /// The diagnosis as plain text, without personal data; `platform` are lines about the phone itself.
    pub fn diagnosis(&self, platform: Vec<String>) -> Result<String, PhoneError> {
        guarded(|| self.phone().diagnosis(&platform))
    }
}

//! What may go out on which network (网络策略): one rule for the engine, and its words for the screens.
//! Orders and records always go: they are small. Files cost the electrician's own data plan.

use dianma_schema::text_enum;
use dianma_schema::wire::sync::NetClass;

/// A file up to this size is small, bytes: small ones go first, and on 3G only small photos go. The phone's
/// own photos are made to fit.
pub const SMALL_BYTES: u64 = 400_000;
/// On 4G and 5G a file may be so large, bytes: twenty seconds of film.
pub const MOST_ON_4G_BYTES: u64 = 20_000_000;
/// Files take so much of the data plan in a day (Chinese time), bytes.
pub const DAY_CAP_BYTES: u64 = 200_000_000;

text_enum! {
    /// Why a file waits.
    pub enum Hold {
        0 Network = "network", "等更快的网络", "waits for a faster network";
        1 Wifi = "wifi", "等无线网", "waits for Wi-Fi";
        2 Tomorrow = "tomorrow", "今天的流量已用完，等明天或无线网", "today's mobile data is used up";
    }
}

/// The network, and what files have taken of the data plan today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// Its class.
    pub net: NetClass,
    /// Bytes of files sent by mobile radio today.
    pub used_bytes: u64,
}

/// A file as the rule sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Freight {
    /// Bytes of the whole file.
    pub size: u64,
    /// Bytes of it the server has.
    pub sent_bytes: u64,
    /// Sound or film.
    pub is_recording: bool,
    /// The person has said "send it now".
    pub is_asked: bool,
}

/// What stands in the way of a file; none = it may go. A person's word outweighs everything but the
/// slowest network, on which records must not wait behind a film.
pub const fn hold(link: &Link, file: &Freight) -> Option<Hold> {
    let left = file.size.saturating_sub(file.sent_bytes);
    match link.net {
        NetClass::Wifi => None,
        NetClass::Gprs => Some(Hold::Network),
        NetClass::ThreeG | NetClass::FourG if file.is_asked => None,
        NetClass::ThreeG if file.is_recording || file.size > SMALL_BYTES => Some(Hold::Network),
        NetClass::FourG if file.size > MOST_ON_4G_BYTES => Some(Hold::Wifi),
        _ if link.used_bytes.saturating_add(left) > DAY_CAP_BYTES => Some(Hold::Tomorrow),
        _ => None,
    }
}

/// Whether any file can go up on this network.
pub const fn sends_files(net: NetClass) -> bool {
    !matches!(net, NetClass::Gprs)
}

/// Whether what is sent counts against the data plan.
pub const fn is_mobile(net: NetClass) -> bool {
    !matches!(net, NetClass::Wifi)
}

/// The rule in words: Chinese, English.
pub const fn words(net: NetClass) -> (&'static str, &'static str) {
    match net {
        NetClass::Gprs => (
            "只传工单操作和记录；照片、录音、录像等更快的网络",
            "Only orders and records; photos, sound and video wait for a faster network",
        ),
        NetClass::ThreeG => (
            "照片照传，每天最多 200 MB；录音和录像等更快的网络，着急的在同步页点“现在用流量上传”",
            "Photos, 200 MB a day at most; sound and video wait, or tap “Send now” on the sync screen",
        ),
        NetClass::FourG => (
            "都上传，用流量，每天最多 200 MB；超过 20 MB 的录像等无线网，着急的在同步页点“现在用流量上传”",
            "Everything, on the data plan, 200 MB a day at most; video above 20 MB waits for Wi-Fi, or tap “Send now”",
        ),
        NetClass::Wifi => ("都上传，不用流量", "Everything, no data used"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn nets() -> impl Strategy<Value = NetClass> {
        prop::sample::select(NetClass::ALL)
    }

    prop_compose! {
        fn files()(size in 0..400_000_000u64, part in 0..=100u64, is_recording: bool, is_asked: bool)
            -> Freight {
            Freight { size, sent_bytes: size / 100 * part, is_recording, is_asked }
        }
    }

    proptest! {
        #[test]
        fn the_slowest_carries_no_file_and_wifi_every_one(file in files(), used_bytes: u64) {
            let on = |net| hold(&Link { net, used_bytes }, &file);
            prop_assert_eq!(on(NetClass::Gprs), Some(Hold::Network));
            prop_assert_eq!(on(NetClass::Wifi), None);
        }

        #[test]
        fn a_persons_word_moves_everything_else(file in files(), net in nets(), used_bytes: u64) {
            let asked = Freight { is_asked: true, ..file };
            prop_assert_eq!(hold(&Link { net, used_bytes }, &asked).is_none(), sends_files(net));
        }

        #[test]
        fn less_use_smaller_files_and_faster_networks_hold_nothing_back(
            file in files(), net in nets(), used_bytes in 0..400_000_000u64, less in 0..400_000_000u64,
        ) {
            prop_assume!(hold(&Link { net, used_bytes }, &file).is_none());
            let spared = Link { net, used_bytes: used_bytes.saturating_sub(less) };
            prop_assert_eq!(hold(&spared, &file), None);
            let smaller = Freight { size: file.size.saturating_sub(less), ..file };
            prop_assert_eq!(hold(&Link { net, used_bytes }, &smaller), None);
            for faster in NetClass::ALL.iter().filter(|faster| **faster > net) {
                prop_assert_eq!(hold(&Link { net: *faster, used_bytes }, &file), None);
            }
        }

        #[test]
        fn a_day_takes_no_more_of_the_plan_than_said(all in prop::collection::vec(files(), 0..60)) {
            let mut link = Link { net: NetClass::FourG, used_bytes: 0 };
            for file in all.iter().filter(|file| !file.is_asked) {
                if hold(&link, file).is_none() {
                    link.used_bytes += file.size - file.sent_bytes;
                }
            }
            prop_assert!(link.used_bytes <= DAY_CAP_BYTES);
        }
    }

    #[test]
    fn the_words_say_the_numbers() {
        assert!(
            words(NetClass::FourG).0.contains("200 MB")
                && words(NetClass::FourG).0.contains("20 MB")
        );
        assert_eq!((DAY_CAP_BYTES, MOST_ON_4G_BYTES), (200_000_000, 20_000_000));
    }
}

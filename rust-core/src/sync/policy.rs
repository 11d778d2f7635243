//! What may go out on which network (网络策略), as one rule for the engine and in words for the screen.

use dianma_schema::wire::sync::NetClass;

/// Whether evidence files go up on this network. Commands always do: they are small.
pub const fn sends_files(net: NetClass) -> bool {
    !matches!(net, NetClass::Gprs)
}

/// The rule in words: Chinese, English.
pub const fn words(net: NetClass) -> (&'static str, &'static str) {
    match net {
        NetClass::Gprs => (
            "只传工单操作和记录；照片、录音、录像等更快的网络",
            "Only orders and records; photos, sound and video wait for a faster network",
        ),
        NetClass::ThreeG => (
            "都上传；照片、录音、录像分成小块慢慢传",
            "Everything; photos, sound and video in small pieces",
        ),
        NetClass::FourG => ("都上传，会用流量", "Everything, on the data plan"),
        NetClass::Wifi => ("都上传，不用流量", "Everything, no data used"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_say_what_the_engine_does() {
        for net in NetClass::ALL {
            assert_eq!(words(*net).0.starts_with("都上传"), sends_files(*net));
            assert_eq!(words(*net).1.starts_with("Everything"), sends_files(*net));
        }
    }
}

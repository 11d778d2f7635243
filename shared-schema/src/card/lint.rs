//! The hazard rule: a control is valid only with an action, a method and a checkable standard; slogans
//! are refused. The catalogue does not load when a hazard breaks it.

use super::HazardPoint;

/// Words that sound like safety and say nothing.
const SLOGANS: [&str; 14] = [
    "注意安全",
    "确保安全",
    "安全第一",
    "加强监护",
    "提高警惕",
    "集中精力",
    "防止触电",
    "防止坠落",
    "认真",
    "小心",
    "谨慎",
    "注意",
    "严格遵守",
    "按规程",
];

/// Words of something that can be seen or checked, where no figure can be given.
const CHECKABLE: [&str; 12] = [
    "逐相",
    "逐项",
    "逐一",
    "全程",
    "专人",
    "无电压",
    "一致",
    "上锁",
    "合格期",
    "两人",
    "每次",
    "不留",
];

/// Least characters of a part once slogans are taken out.
const LEAST_CHARACTERS: usize = 4;

/// What is wrong with a hazard; `None` when it is a real control.
pub fn fault(hazard: &HazardPoint) -> Option<String> {
    let parts = [
        ("name", &hazard.name.zh, 2),
        ("action", &hazard.action.zh, LEAST_CHARACTERS),
        ("method", &hazard.method.zh, LEAST_CHARACTERS),
        ("standard", &hazard.standard.zh, LEAST_CHARACTERS),
    ];
    for (part, text, least) in parts {
        if said(text) < least {
            return Some(format!("{part} {text:?} is empty or a slogan"));
        }
    }
    for (part, text) in [
        ("name", &hazard.name.en),
        ("action", &hazard.action.en),
        ("method", &hazard.method.en),
        ("standard", &hazard.standard.en),
    ] {
        if text.trim().len() < LEAST_CHARACTERS {
            return Some(format!("{part} has no English text"));
        }
    }
    let standard = &hazard.standard.zh;
    let has_figure = standard.chars().any(char::is_numeric);
    if !has_figure && !CHECKABLE.iter().any(|word| standard.contains(word)) {
        return Some(format!(
            "standard {standard:?} names nothing that can be checked"
        ));
    }
    None
}

/// Characters left when slogans, spaces and punctuation are taken out.
fn said(text: &str) -> usize {
    let mut rest = text.to_owned();
    for slogan in SLOGANS {
        rest = rest.replace(slogan, "");
    }
    rest.chars().filter(|c| c.is_alphanumeric()).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::card::{self, CardText};

    fn hazard(action: &str, method: &str, standard: &str) -> HazardPoint {
        let text = |zh: &str| CardText {
            zh: zh.to_owned(),
            en: "English text".to_owned(),
        };
        HazardPoint {
            name: text("触电"),
            action: text(action),
            method: text(method),
            standard: text(standard),
        }
    }

    #[test]
    fn slogans_and_controls_without_method_or_standard_are_refused() {
        for (action, method, standard) in [
            ("注意安全", "小心", "谨慎操作"),
            ("注意安全！小心，谨慎。", "认真", "严格遵守按规程"),
            ("系安全带", "", ""),
            ("戴绝缘手套", " ", "—"),
            ("停电后验电并接地", "断开进线开关后验电", ""),
            ("停电后验电并接地", "断开进线开关后验电", "操作到位可靠"),
        ] {
            assert!(
                fault(&hazard(action, method, standard)).is_some(),
                "{action}"
            );
        }
    }

    #[test]
    fn controls_with_all_three_parts_are_accepted() {
        for (action, method, standard) in [
            (
                "断开进线开关、验电、挂接地线",
                "用合格验电器逐相验电后挂接地线",
                "与 10 kV 带电部位保持 ≥ 0.7 m",
            ),
            (
                "登高系双控背带式安全带",
                "高挂低用，移位时换挂",
                "1.5 m 以上全程不失去保护并设专人监护",
            ),
        ] {
            assert_eq!(fault(&hazard(action, method, standard)), None, "{action}");
        }
    }

    #[test]
    fn every_shipped_hazard_is_a_real_control() {
        for card in card::all() {
            for hazard in &card.hazards {
                assert_eq!(fault(hazard), None, "{}", card.id);
            }
        }
    }
}

//! Tests of the shipped rule set as a whole.

use super::*;
use crate::order::kind::OrderKind;
use proptest::prelude::*;

#[test]
fn the_shipped_rules_load_and_their_own_tests_pass() {
    if let Err(problems) = shipped() {
        let list: Vec<String> = problems.iter().map(ToString::to_string).collect();
        panic!("{}", list.join("\n"));
    }
}

#[test]
fn every_kind_has_a_template() {
    let engine = engine();
    for kind in OrderKind::ALL {
        assert!(
            engine
                .templates()
                .any(|(template, _)| template.starts_with(kind.as_str())),
            "{kind}"
        );
    }
}

#[test]
fn words_point_into_the_callers_text() {
    let text = "　您好，我家跳扎了，推上去又跳！";
    let decision = engine().decide(text);
    assert_eq!(decision.kind, Some(OrderKind::FaultRepair));
    let chars: Vec<char> = text.chars().collect();
    for word in &decision.words {
        let from = word.start_char as usize;
        let shown: String = chars[from..from + word.word.chars().count()]
            .iter()
            .collect();
        assert_eq!(shown, word.word);
    }
    assert!(decision.words.iter().any(|word| word.word.contains("跳扎")));
}

#[test]
fn an_engine_without_rules_sends_everything_to_a_person() {
    let decision = Engine::without_rules().decide("全村没电");
    assert_eq!(decision.kind, None);
    assert_eq!(decision.why, Why::Unclear);
}

#[test]
fn a_huge_text_is_cut_and_answered() {
    let text = "没电跳闸打火".repeat(50_000);
    let decision = engine().decide(&text);
    assert!(decision.urgent);
}

proptest! {
    #[test]
    fn any_text_is_answered(text in "\\PC{0,200}") {
        let decision = engine().decide(&text);
        let length = text.chars().count();
        for word in decision.words.iter().chain(&decision.hazard_words) {
            prop_assert!(word.start_char as usize + word.word.chars().count() <= length);
        }
    }

    #[test]
    fn trade_words_in_any_order_are_answered(
        words in prop::collection::vec(
            prop::sample::select(vec!["没", "停电", "不是", "跳扎", "，", "【", "】", "冒烟", "上次", "怕", "电表", "欠费", "、", " "]),
            0..40,
        )
    ) {
        engine().decide(&words.concat());
    }
}

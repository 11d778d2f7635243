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

fn decided(text: &str) -> Option<OrderKind> {
    engine().decide(text).kind
}

#[test]
fn a_denied_danger_is_not_urgent_and_a_said_one_is() {
    for text in [
        "没有着火，也没有冒烟，就是没电",
        "不是打火，是跳闸了推不上",
        "没闻到糊味、没看到火花，家里停电",
        "怕着火，申请来检查一下老线路",
    ] {
        assert!(!engine().decide(text).urgent, "{text}");
    }
    for text in [
        "不知道为啥变压器一直冒火花",
        "没停电，但是表箱在冒烟",
        "上次修过的接头今天又打火了",
        "麻烦快来，摸水管麻手",
    ] {
        assert!(engine().decide(text).urgent, "{text}");
    }
}

#[test]
fn a_danger_without_a_clear_kind_goes_to_a_person_as_urgent() {
    let decision = engine().decide("冒烟");
    assert!(decision.urgent);
    assert_eq!(decision.hazard_words.len(), 1);
}

#[test]
fn of_two_topics_the_request_counts() {
    assert_eq!(
        decided("电费的事先不说，我家跳闸了推不上去，快来人修"),
        Some(OrderKind::FaultRepair)
    );
    assert_eq!(
        decided("停电已经修好了，另外电表黑屏不显示，要换表"),
        Some(OrderKind::MeterChange)
    );
}

#[test]
fn a_denied_outage_does_not_deny_the_danger_behind_it() {
    for text in [
        "不是停电着火了",
        "没停电着火了快来",
        "没有跳闸冒烟了",
        "没有停电 电线一直打火",
        "没有欠费,电线打火",
    ] {
        assert!(engine().decide(text).urgent, "{text}");
    }
    assert!(!engine().decide("没有打火冒烟,就是停电").urgent);
    assert!(!engine().decide("跳闸了,没有打火、冒烟").urgent);
}

#[test]
fn a_danger_that_is_over_is_not_urgent_and_one_that_is_back_is() {
    let over = engine().decide("之前报的电线打火你们修好了,我来说声感谢");
    assert!(!over.urgent && over.kind.is_none(), "{over:?}");
    assert!(over.hazard_words.is_empty());
    assert!(engine().decide("师傅来过了修好了,现在电线又打火").urgent);
}

#[test]
fn object_and_state_must_stand_close() {
    assert!(engine().decide("铁门上有电").urgent);
    let far = engine().decide("我们小区铁门旁边第三家今天下午一直都有电");
    assert!(far.hazard_words.is_empty(), "{far:?}");
}

#[test]
fn words_heard_as_others_of_the_same_sound_are_read() {
    for (text, read) in [
        ("电线着获了", "电线着火了"),
        ("变压其帽烟", "变压器冒烟"),
        ("断献落弟", "断线落地"),
        ("家庭电路", "家庭电路"),
        ("有大火", "有大火"),
    ] {
        assert_eq!(engine().read(text), read);
    }
}

#[test]
fn full_width_traditional_and_typos_are_read() {
    assert_eq!(
        decided("我屋企冇電啊，唔該快啲派人嚟睇下"),
        Some(OrderKind::FaultRepair)
    );
    assert_eq!(
        decided("家里停店了，空凯坏了合不上"),
        Some(OrderKind::FaultRepair)
    );
    let decision = engine().decide("【业扩】新装，户号０４２７１９３８５６，申请１５ＫＷ三相");
    assert_eq!(
        decision.fields.get("account_number").map(String::as_str),
        Some("0427193856")
    );
    assert_eq!(
        decision.fields.get("load_kw").map(String::as_str),
        Some("15")
    );
}

#[test]
fn empty_and_meaningless_texts_go_to_a_person() {
    for text in ["", " ", "。。。", "abc", "\u{0}\u{0}", "【】"] {
        assert_eq!(decided(text), None, "{text:?}");
        assert_eq!(engine().decide(text).why, Why::Unclear, "{text:?}");
    }
}

/// Enough tests for a rule file of one rule.
fn padding() -> String {
    let rows: Vec<String> = (0..12)
        .map(|n| format!("  {{ text = \"全村没电{n}\", expect = \"fault_repair.outage\" }},"))
        .collect();
    rows.join("\n")
}

/// What is wrong with a rule file; `PADDING` in it becomes enough tests.
fn sources_with(rule_file: &str) -> Vec<RuleProblem> {
    let padding = padding();
    let file = rule_file.replace("PADDING", &padding);
    let rules = [("fault_repair", file.as_str())];
    match Engine::load(&RuleSources {
        rules: &rules,
        model: None,
        ..SHIPPED
    }) {
        Ok(_) => Vec::new(),
        Err(problems) => problems,
    }
}

const GOOD: &str = r#"
kind = "fault_repair"
test = [
PADDING]
[[rule]]
template = "fault_repair.outage"
zh = "停电"
any = [{ w = 5, words = ["@outage"] }]
[[rule.test]]
text = "没电"
expect = "fault_repair.outage"
"#;

#[test]
fn a_good_rule_file_loads() {
    assert_eq!(sources_with(GOOD), vec![]);
}

#[test]
fn a_failing_test_inside_a_file_stops_the_loading() {
    let problems = sources_with(&GOOD.replace("text = \"没电\"", "text = \"有电\""));
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(problems[0].what.contains("应为"), "{problems:?}");
}

#[test]
fn mistakes_in_a_file_are_named() {
    for (from, to, word) in [
        ("@outage", "@no_such_group", "没有词组"),
        ("kind = \"fault_repair\"", "kind = \"repair\"", "八种工单"),
        (
            "template = \"fault_repair.outage\"",
            "template = \"outage\"",
            "模板名",
        ),
        ("PADDING", "", "测试句不足"),
        ("zh = ", "name = ", "unknown field"),
    ] {
        let problems = sources_with(&GOOD.replace(from, to));
        assert!(
            problems.iter().any(|one| one.what.contains(word)),
            "{word}: {problems:?}"
        );
    }
}

#[test]
fn two_rules_of_different_kinds_with_one_score_are_a_tie() {
    let padding = padding();
    let one = GOOD.replace("PADDING", &padding);
    let two = one.replace("fault_repair", "ad_hoc");
    let rules = [("fault_repair", one.as_str()), ("ad_hoc", two.as_str())];
    let problems = Engine::load(&RuleSources {
        rules: &rules,
        model: None,
        ..SHIPPED
    })
    .unwrap_err();
    assert!(
        problems.iter().all(|one| one.what.contains("得分相同")),
        "{problems:?}"
    );
}

#[test]
fn a_damaged_model_is_refused() {
    assert!(model::Model::read(b"").is_none());
    assert!(model::Model::read(b"DMT1\x01\x00\x00\x00").is_none());
    let Some(bytes) = SHIPPED.model else {
        panic!("no model is shipped")
    };
    assert!(model::Model::read(&bytes[..bytes.len() - 1]).is_none());
    let model = model::Model::read(bytes).unwrap();
    assert_eq!(model.write(), bytes);
}

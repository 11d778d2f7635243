//! The shipped mappings load, columns are found by any of their names, and no record panics.

use super::*;
use proptest::prelude::*;

fn texts(list: &[&str]) -> Vec<String> {
    list.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn every_shipped_mapping_loads() {
    for (name, text) in FILES {
        let mapping = Mapping::parse(name, text);
        assert!(mapping.is_ok(), "{name}: {mapping:?}");
    }
    assert_eq!(shipped().len(), FILES.len());
}

#[test]
fn columns_are_found_by_any_of_their_names() {
    let mapping = find("customers_generic").unwrap();
    let header = texts(&["\u{FEFF}户 号", "cons_name", "用电地址", "台区编号", "备注"]);
    let plan = mapping.plan(&header).unwrap();
    assert_eq!(plan.unknown, [4]);
    let fields = plan
        .read(&texts(&["4213000001", " 张 三 ", "青山村1组", "T1", "x"]))
        .unwrap();
    assert_eq!(fields.get("account_number"), Some("4213000001"));
    assert_eq!(fields.get("account_name"), Some("张 三"));
    assert_eq!(fields.get("customer_class"), Some("resident"));
    assert_eq!(fields.get("meter_number"), None);
}

#[test]
fn missing_columns_are_named() {
    let mapping = find("customers_generic").unwrap();
    let problem = mapping.plan(&texts(&["户号"])).unwrap_err();
    assert_eq!(problem.code, fault::V_COLUMNS);
    assert!(problem.detail.contains("用电地址"), "{}", problem.detail);
}

#[test]
fn pushed_records_are_known_by_their_field_names() {
    let console = texts(&["WorkOrderNo", "AcceptContent", "SortId"]);
    let profile = texts(&["APP_NO", "ACCEPT_CONTENT", "CUST_NO"]);
    let name = |names: &[String]| recognise(RecordKind::Hotline, names).map(|m| m.name.clone());
    assert_eq!(name(&console).as_deref(), Some("hotline_console"));
    assert_eq!(name(&profile).as_deref(), Some("hotline_profile"));
    assert_eq!(name(&texts(&["x"])), None);
}

#[test]
fn a_value_outside_a_strict_table_is_a_fault() {
    let mapping = find("areas_generic").unwrap();
    let header = texts(&["TG_NO", "TG_NAME", "ORG_NO", "URBAN_RURAL_FLAG"]);
    let plan = mapping.plan(&header).unwrap();
    let problem = plan
        .read(&texts(&["T1", "一台区", "S1", "月球"]))
        .unwrap_err();
    assert_eq!(problem.code, fault::V_FIELD);
}

#[test]
fn dates_with_the_day_first_are_turned() {
    let column = |order: &str| Column {
        field: "due_on".to_owned(),
        names: Vec::new(),
        required: false,
        default: None,
        values: None,
        otherwise: None,
        money: None,
        date: Some(order.to_owned()),
    };
    let turned = convert(&column("day_first"), "04/05/2026".to_owned()).unwrap();
    assert_eq!(turned.trim(), "2026-05-04");
    let turned = convert(&column("month_first"), "04/05/2026 09:30".to_owned()).unwrap();
    assert_eq!(turned, "2026-04-05 09:30");
}

proptest! {
    #[test]
    fn reading_never_panics(header in prop::collection::vec("\\PC{0,8}|户号|APP_NO", 0..8),
        record in prop::collection::vec("\\PC{0,12}", 0..8)) {
        for mapping in shipped() {
            if let Ok(plan) = mapping.plan(&header) {
                let _ = plan.read(&record);
            }
        }
    }
}

//! What a scanned code or a typed number finds.

use super::support::Bench;
use super::support::records::{customer, order};
use dianma_core::error::CoreError;

#[test]
fn a_scanned_code_or_number_finds_customer_meter_and_orders() {
    use super::support::records::label_id;
    use dianma_schema::label::{LabelCode, LabelKind, encode};
    let mut bench = Bench::new();
    bench.server.put_customer(&customer(7));
    bench.server.put_order(order(7));
    bench.sync();
    let lookup = bench.phone.lookup();
    let own = encode(LabelCode {
        kind: LabelKind::Customer,
        id: label_id(7),
    });
    let meter = encode(LabelCode {
        kind: LabelKind::Meter,
        id: label_id(1_000_007),
    });
    for (text, has_meter) in [
        (own.as_str(), false),
        (&meter, true),
        ("4200000007", false),
        ("3000000007", true),
    ] {
        let found = lookup.scan(text).unwrap();
        assert_eq!(
            found.customer.unwrap().account_number,
            "4200000007",
            "{text}"
        );
        assert_eq!(found.meter_number.is_some(), has_meter, "{text}");
        assert_eq!(found.work_orders.len(), 1);
    }
    assert!(matches!(lookup.scan("999999"), Err(CoreError::NotFound(_))));
    let torn = own.replace("DM1:C:", "DM1:C:0");
    assert!(matches!(lookup.scan(&torn), Err(CoreError::FixInput(_))));
}

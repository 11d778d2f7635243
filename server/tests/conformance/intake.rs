//! The doors: one record makes one order, the same again is known, other content waits, an urge goes
//! to the open order, who is not ours is refused, a person can finish what the rules could not.

use crate::customers::{customer, seed_areas, write};
use dianma_schema::fault;
use dianma_schema::id::IntakeRecordId;
use dianma_schema::intake::RecordOutcome;
use dianma_schema::order::{IntakeSource, OrderKind};
use dianma_server::args;
use dianma_server::clock::random;
use dianma_server::error::ApiError;
use dianma_server::intake::document::Person;
use dianma_server::intake::exceptions::{RecordFilter, read_page};
use dianma_server::intake::record::{Incoming, Received};
use dianma_server::intake::requests::{self, Answer, RequestBody};
use dianma_server::intake::solve::try_again;
use dianma_server::intake::{hotline, unmask};
use dianma_server::mint::Mint;
use dianma_server::orders::By;
use dianma_server::store::{Store, StoreError, Tx};
use serde_json::{Value, json};

crate::conformance!(
    a_pushed_order_becomes_one_draft_however_often_it_comes,
    other_content_under_one_key_waits_for_a_person,
    both_field_profiles_are_understood,
    an_urge_goes_to_the_open_order,
    an_unclear_text_waits_and_a_person_decides,
    an_unknown_account_waits_until_the_archive_knows_it,
    a_manual_request_of_another_company_is_refused_and_kept,
    one_request_id_makes_one_order,
    one_bad_record_undoes_nothing_of_the_others,
    a_waiting_record_hides_its_telephone_until_a_reason_is_given,
);

const NOW_MS: i64 = 1_793_000_000_000;

fn seed(store: &Store) {
    seed_areas(store);
    write(store, &[customer("4213000001", "测试一", "T1")], None);
}

pub fn push(store: &Store, orders: &[Value]) -> Vec<Received> {
    let batch: Vec<Incoming> = orders
        .iter()
        .map(|order| hotline::read_order(order).unwrap())
        .collect();
    store
        .write_blocking(move |tx| -> Result<Vec<Received>, StoreError> {
            hotline::receive(
                tx,
                &mut Mint::new(NOW_MS, random().unwrap()),
                &By::system(),
                &batch,
            )
        })
        .unwrap()
}

fn outage(key: &str) -> Value {
    json!({"APP_NO": key, "CUST_NO": "4213000001", "ACCEPT_CONTENT": "【故障报修】家里没电，空气开关跳闸",
        "HANDLE_TIME": "2026-10-26 09:30"})
}

fn count(store: &Store, sql: &'static str) -> i64 {
    let found = store.read_blocking(move |tx| tx.first(sql, args![], |row| row.int(0)));
    found.map_err(|e: StoreError| e).unwrap().unwrap()
}

fn a_pushed_order_becomes_one_draft_however_often_it_comes(store: &Store) {
    seed(store);
    let first = push(store, &[outage("1")]);
    assert_eq!(first[0].outcome, RecordOutcome::Created, "{first:?}");
    assert!(first[0].order_number.as_deref().unwrap().starts_with("GD"));
    let again = push(store, &[outage("1"), outage("1")]);
    assert!(again.iter().all(|r| r.outcome == RecordOutcome::Unchanged));
    assert_eq!(again[0].order_id, first[0].order_id);
    let drafts = "SELECT count(*) FROM work_orders WHERE state = 'draft' AND kind = 'fault_repair' \
         AND customer_id IS NOT NULL AND arrive_due_at_ms = taken_in_at_ms + 5400000";
    assert_eq!(count(store, drafts), 1);
    assert_eq!(count(store, "SELECT count(*) FROM work_orders"), 1);
}

fn other_content_under_one_key_waits_for_a_person(store: &Store) {
    seed(store);
    push(store, &[outage("1")]);
    let mut other = outage("1");
    other["ACCEPT_CONTENT"] = json!("【故障报修】全村没电");
    let answers = push(store, &[other]);
    assert_eq!(answers[0].outcome, RecordOutcome::Exception);
    assert_eq!(answers[0].code, Some(fault::V_CONTENT_CHANGED));
    assert_eq!(count(store, "SELECT count(*) FROM intake_records"), 2);
    assert_eq!(count(store, "SELECT count(*) FROM work_orders"), 1);
}

fn both_field_profiles_are_understood(store: &Store) {
    seed(store);
    let console = json!({"WorkOrderNo": "W1", "AmmeterAccountNum": "4213000001", "SortId": 0,
        "OrderGrade": 2, "AcceptContent": "家里没电", "ContactPhone": "138-0000-0000", "FaultSiteType": 2});
    let answers = push(store, &[outage("1"), console]);
    assert!(
        answers.iter().all(|r| r.outcome == RecordOutcome::Created),
        "{answers:?}"
    );
    let urgent = "SELECT count(*) FROM work_orders WHERE urgency = 'urgent' \
         AND contact_phone = '13800000000'";
    assert_eq!(count(store, urgent), 1);
}

fn an_urge_goes_to_the_open_order(store: &Store) {
    seed(store);
    let first = push(store, &[outage("1")]);
    let urge = json!({"WorkOrderNo": "W2", "AmmeterAccountNum": "4213000001", "SortId": "8",
        "AcceptContent": "怎么还没来人"});
    let answers = push(store, &[urge]);
    assert_eq!(answers[0].outcome, RecordOutcome::Attached);
    assert_eq!(answers[0].order_id, first[0].order_id);
    assert_eq!(count(store, "SELECT count(*) FROM work_orders"), 1);
    let raised = "SELECT count(*) FROM work_orders WHERE urgency = 'important' AND version = 2";
    assert_eq!(count(store, raised), 1);
}

fn exception(store: &Store) -> IntakeRecordId {
    let sql = "SELECT id FROM intake_records WHERE state = 'exception' LIMIT 1";
    let found = store.read_blocking(move |tx| tx.first(sql, args![], |row| row.parse(0)));
    found.map_err(|e: StoreError| e).unwrap().unwrap()
}

fn decide(store: &Store, person: Person) {
    let id = exception(store);
    store
        .write_blocking(move |tx| -> Result<(), ApiError> {
            let mut mint = Mint::new(NOW_MS + 1, random().unwrap());
            try_again(tx, &mut mint, &By::system(), id, &person)
        })
        .unwrap();
}

fn an_unclear_text_waits_and_a_person_decides(store: &Store) {
    seed(store);
    let vague = json!({"APP_NO": "7", "CUST_NO": "4213000001", "ACCEPT_CONTENT": "你好",
        "HANDLE_TIME": "2026-10-26 09:30"});
    let answers = push(store, &[vague]);
    assert_eq!(answers[0].code, Some(fault::V_NO_TEMPLATE));
    assert_eq!(count(store, "SELECT count(*) FROM work_orders"), 0);
    decide(
        store,
        Person {
            kind: Some(OrderKind::SafetyInspection),
            ..Person::default()
        },
    );
    let made = "SELECT count(*) FROM work_orders WHERE kind = 'safety_inspection'";
    assert_eq!(count(store, made), 1);
    let settled = "SELECT count(*) FROM intake_records WHERE state = 'used' AND attempts = 2";
    assert_eq!(count(store, settled), 1);
}

fn an_unknown_account_waits_until_the_archive_knows_it(store: &Store) {
    seed(store);
    let mut order = outage("1");
    order["CUST_NO"] = json!("4213000002");
    assert_eq!(
        push(store, &[order])[0].code,
        Some(fault::V_UNKNOWN_CUSTOMER)
    );
    write(store, &[customer("4213000002", "测试二", "T2")], None);
    decide(store, Person::default());
    assert_eq!(count(store, "SELECT count(*) FROM work_orders"), 1);
}

fn request(account: &str) -> RequestBody {
    RequestBody {
        request_id: Some(uuid::Uuid::from_bytes([5; 16])),
        account_number: Some(account.to_owned()),
        label_text: None,
        caller_name: None,
        contact_phone: None,
        address: None,
        content: "家里没电，空气开关跳闸".to_owned(),
        source: IntakeSource::Counter,
        kind: None,
        urgency: None,
        appointment_at_ms: None,
    }
}

fn take(store: &Store, body: RequestBody) -> Answer {
    store
        .write_blocking(move |tx| -> Result<Answer, StoreError> {
            requests::receive(
                tx,
                &mut Mint::new(NOW_MS, random().unwrap()),
                &By::system(),
                &body,
            )
        })
        .unwrap()
}

fn a_manual_request_of_another_company_is_refused_and_kept(store: &Store) {
    seed(store);
    let refused = take(store, request("9913000001")).unwrap_err();
    assert_eq!(refused.code, fault::V_NOT_THIS_AREA);
    let kept = "SELECT count(*) FROM intake_records WHERE state = 'refused' \
         AND fault_code = 'V-422-AREA'";
    assert_eq!(count(store, kept), 1);
    assert_eq!(count(store, "SELECT count(*) FROM work_orders"), 0);
}

fn one_request_id_makes_one_order(store: &Store) {
    seed(store);
    let (first, _) = take(store, request("4213000001")).unwrap();
    let (again, _) = take(store, request("4213000001")).unwrap();
    assert_eq!(first, again);
    assert_eq!(count(store, "SELECT count(*) FROM work_orders"), 1);
}

fn one_bad_record_undoes_nothing_of_the_others(store: &Store) {
    seed(store);
    let mut bad = outage("2");
    bad["HANDLE_TIME"] = json!("昨天下午");
    let mut letters = outage("3");
    letters["CUST_NO"] = json!("42130000A1");
    let answers = push(
        store,
        &[
            outage("1"),
            bad,
            json!({"foo": "bar"}),
            letters,
            outage("4"),
        ],
    );
    let codes: Vec<_> = answers.iter().map(|r| r.code).collect();
    assert_eq!(
        codes,
        [
            None,
            Some(fault::V_DATE),
            Some(fault::V_COLUMNS),
            Some(fault::V_ACCOUNT),
            None
        ]
    );
    assert_eq!(count(store, "SELECT count(*) FROM work_orders"), 2);
    let waiting = "SELECT count(*) FROM intake_records WHERE state = 'exception'";
    assert_eq!(count(store, waiting), 3);
}

fn a_waiting_record_hides_its_telephone_until_a_reason_is_given(store: &Store) {
    seed(store);
    let stranger = json!({"APP_NO": "9", "CUST_NO": "4213999999", "CUST_NAME": "测试二",
        "CONTACT_PHONE": "10000000001", "ACCEPT_CONTENT": "【故障报修】家里没电"});
    push(store, &[stranger]);
    let list = |is_masked| {
        let filter = RecordFilter::default();
        let read = move |tx: &mut dyn Tx| read_page(tx, &filter, is_masked);
        let body = store.read_blocking(read).unwrap();
        body.intake_records.into_iter().next().unwrap()
    };
    let seen = list(false);
    assert_eq!(seen.raw["CUST_NAME"], "测试二", "the right shows names");
    assert_eq!(seen.raw["CONTACT_PHONE"], "100****0001");
    assert_ne!(list(true).raw["CUST_NAME"], "测试二");

    let ask = |why: &'static str| {
        store.write_blocking(move |tx| unmask::reveal(tx, NOW_MS, "reader", seen.id, why))
    };
    let refused: ApiError = ask("").unwrap_err();
    assert_eq!(refused.code, fault::S_REASON);
    assert_eq!(count(store, "SELECT count(*) FROM audit"), 0);
    assert_eq!(ask("回拨核对户号").unwrap()["CONTACT_PHONE"], "10000000001");
    let audited =
        "SELECT count(*) FROM audit WHERE action = 'unmasked' AND subject_kind = 'intake_record'";
    assert_eq!(count(store, audited), 1);
}

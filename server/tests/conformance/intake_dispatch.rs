//! What happens right after a draft was made: a danger goes out by itself with its reasons, the settings
//! decide about the rest, nobody to send leaves the draft with the reason, a person always wins.

use crate::small_county::{
    DISPATCHER, NOW, feed_of, load, office, on_order, seed, set_policy, staff_id, write,
};
use dianma_schema::id::WorkOrderId;
use dianma_schema::intake::RecordOutcome;
use dianma_schema::order::{IntakeSource, OrderState, Urgency};
use dianma_schema::permission::Role;
use dianma_server::args;
use dianma_server::clock::random;
use dianma_server::dispatch::rank::Mode;
use dianma_server::dispatch::reassign::{ReassignBody, hand_over};
use dianma_server::dispatch::recall;
use dianma_server::intake::hotline;
use dianma_server::intake::record::{Incoming, Received};
use dianma_server::intake::requests::{self, Answer, RequestBody};
use dianma_server::mint::Mint;
use dianma_server::orders::By;
use dianma_server::orders::page::{self, OrderDetail};
use dianma_server::orders::summary::Viewer;
use dianma_server::store::{Store, StoreError};
use serde_json::{Value, json};

crate::conformance!(
    a_pushed_hazard_goes_to_the_nearest_person_with_the_reasons,
    other_requests_wait_until_the_setting_sends_them,
    with_the_settings_off_even_a_hazard_waits,
    nobody_on_duty_leaves_the_draft_with_the_reason,
    an_agents_hazard_goes_out_and_the_agent_hears_when_it_does_not,
    a_person_overrules_the_automatic_choice_for_good,
);

const HAZARD: &str = "电线断了落在路上，还在打火冒烟";
const OUTAGE: &str = "【故障报修】家里没电，空气开关跳闸";

fn report(key: &str, content: &str) -> Value {
    json!({"APP_NO": key, "CUST_NO": "4200000001", "ACCEPT_CONTENT": content,
        "HANDLE_TIME": "2026-05-04 09:29"})
}

fn push(store: &Store, order: &Value) -> Received {
    let batch: Vec<Incoming> = vec![hotline::read_order(order).unwrap()];
    let answers: Result<Vec<Received>, StoreError> = store.write_blocking(move |tx| {
        let mut mint = Mint::new(NOW, random().unwrap());
        hotline::receive(tx, &mut mint, &By::system(), &batch)
    });
    let answer = answers.unwrap().remove(0);
    assert_ne!(answer.outcome, RecordOutcome::Exception, "{answer:?}");
    answer
}

fn detail(store: &Store, id: WorkOrderId) -> OrderDetail {
    let viewer = Viewer {
        role: Role::Dispatcher,
        now_ms: NOW,
    };
    let found = store.read_blocking(move |tx| page::detail(tx, viewer, id));
    found.map_err(|e: StoreError| e).unwrap().unwrap()
}

fn everybody_goes_off_duty(store: &Store) {
    write(store, |tx| {
        tx.execute("UPDATE staff SET is_on_duty = 0", args![])?;
        Ok(())
    })
    .unwrap();
}

fn a_pushed_hazard_goes_to_the_nearest_person_with_the_reasons(store: &Store) {
    seed(store);
    let answer = push(store, &report("1", HAZARD));
    let id = answer.order_id.unwrap();
    let order = load(store, id);
    assert_eq!(order.urgency, Urgency::Hazard);
    assert_eq!(order.state, OrderState::Dispatched);
    assert_eq!(order.assignee_id, Some(staff_id(1)));
    assert_eq!(order.dispatched_at_ms, Some(NOW));
    assert_eq!(feed_of(store, 1), [id.to_string()]);
    let shown = detail(store, id);
    let commands: Vec<&str> = shown.events.iter().map(|e| e.command.as_str()).collect();
    assert_eq!(commands, ["create", "dispatch"]);
    let told = &shown.events[1];
    assert_eq!(told.actor_name, "系统");
    assert_eq!(told.detail["mode"], "automatic");
    let note = told.detail["note"].as_str().unwrap();
    for words in ["系统自动派工（就近）给测试员1", "公里", "手机在线"] {
        assert!(note.contains(words), "{note}");
    }
    let decision = &shown.dispatch_decisions[0];
    assert_eq!(decision.mode, "automatic");
    assert_eq!(decision.candidates.as_array().unwrap().len(), 4);
    let again = push(store, &report("1", HAZARD));
    assert_eq!(again.outcome, RecordOutcome::Unchanged);
    assert_eq!(load(store, id).version, 2);
    assert_eq!(feed_of(store, 1).len(), 1);
}

fn other_requests_wait_until_the_setting_sends_them(store: &Store) {
    seed(store);
    let waiting = push(store, &report("1", OUTAGE));
    let order = load(store, waiting.order_id.unwrap());
    assert_eq!((order.state, order.version), (OrderState::Draft, 1));
    assert_eq!(waiting.message, None);
    set_policy(store, Some(Mode::Jurisdiction), true);
    let sent = push(store, &report("2", OUTAGE));
    let order = load(store, sent.order_id.unwrap());
    assert_eq!(order.assignee_id, Some(staff_id(2)));
    let shown = detail(store, order.id);
    let note = shown.events[1].detail["note"].as_str().unwrap();
    assert!(note.contains("按辖区"), "{note}");
    assert!(note.contains("台区负责人"), "{note}");
    // The setting is about new requests; what waits is a person's.
    assert_eq!(
        load(store, waiting.order_id.unwrap()).state,
        OrderState::Draft
    );
}

fn with_the_settings_off_even_a_hazard_waits(store: &Store) {
    seed(store);
    set_policy(store, None, false);
    let answer = push(store, &report("1", HAZARD));
    let order = load(store, answer.order_id.unwrap());
    assert_eq!((order.state, order.version), (OrderState::Draft, 1));
    assert_eq!(order.urgency, Urgency::Hazard);
    assert_eq!(answer.message, None);
    assert!(feed_of(store, 1).is_empty());
}

fn nobody_on_duty_leaves_the_draft_with_the_reason(store: &Store) {
    seed(store);
    everybody_goes_off_duty(store);
    let answer = push(store, &report("1", HAZARD));
    let order = load(store, answer.order_id.unwrap());
    assert_eq!((order.state, order.assignee_id), (OrderState::Draft, None));
    let shown = detail(store, order.id);
    let commands: Vec<&str> = shown.events.iter().map(|e| e.command.as_str()).collect();
    assert_eq!(commands, ["create", "fact"]);
    let note = shown.events[1].detail["note"].as_str().unwrap();
    assert_eq!(note, "没有自动派工：4 人中 4 人不在岗；请人工派发");
    assert_eq!(answer.message.as_deref(), Some(note));
    assert!(shown.dispatch_decisions.is_empty());
}

fn take(store: &Store, id: u8) -> (WorkOrderId, Option<String>) {
    let body = RequestBody {
        request_id: Some(uuid::Uuid::from_bytes([id; 16])),
        account_number: Some("4200000001".to_owned()),
        label_text: None,
        caller_name: None,
        contact_phone: None,
        address: None,
        content: HAZARD.to_owned(),
        source: IntakeSource::Counter,
        kind: None,
        urgency: None,
        appointment_at_ms: None,
    };
    let answer: Result<Answer, StoreError> = store.write_blocking(move |tx| {
        let mut mint = Mint::new(NOW, random().unwrap());
        requests::receive(tx, &mut mint, &By::system(), &body)
    });
    answer.unwrap().unwrap()
}

fn an_agents_hazard_goes_out_and_the_agent_hears_when_it_does_not(store: &Store) {
    seed(store);
    let (id, message) = take(store, 5);
    assert_eq!(load(store, id).assignee_id, Some(staff_id(1)));
    assert_eq!(message, None);
    assert_eq!(feed_of(store, 1), [id.to_string()]);
    everybody_goes_off_duty(store);
    let (id, message) = take(store, 6);
    assert_eq!(load(store, id).state, OrderState::Draft);
    let message = message.unwrap();
    assert!(message.contains("同类在办工单"), "{message}");
    assert!(message.contains("没有自动派工"), "{message}");
}

fn a_person_overrules_the_automatic_choice_for_good(store: &Store) {
    seed(store);
    let id = push(store, &report("1", HAZARD)).order_id.unwrap();
    let order = on_order(
        store,
        office(DISPATCHER, 2, NOW),
        id,
        |tx, office, order| {
            let body = ReassignBody {
                version: 2,
                staff_id: staff_id(4),
                reason: "带绝缘斗臂车".to_owned(),
            };
            hand_over(tx, office, order, &body)
        },
    )
    .unwrap();
    assert_eq!(order.assignee_id, Some(staff_id(4)));
    on_order(store, office(DISPATCHER, 3, NOW), id, recall::take_back).unwrap();
    let urge = json!({"WorkOrderNo": "W2", "AmmeterAccountNum": "4200000001", "SortId": "8",
        "AcceptContent": "怎么还没来人"});
    let urged = push(store, &urge);
    assert_eq!(urged.order_id, Some(id));
    push(store, &report("1", HAZARD));
    let order = load(store, id);
    assert_eq!((order.state, order.assignee_id), (OrderState::Draft, None));
    assert!(feed_of(store, 1).is_empty() && feed_of(store, 4).is_empty());
}

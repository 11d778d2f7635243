//! Dispatch: who is proposed, who gets the order, what the phones' feeds see.

use crate::small_county::{
    AGENT, DISPATCHER, NOW, draft, draft_of, feed_of, field, load, office, on_order, order_id,
    seed, set_policy, staff_id, write,
};
use dianma_schema::fault;
use dianma_schema::order::{Command, OrderKind, OrderState, Urgency};
use dianma_schema::permission::Role;
use dianma_server::args;
use dianma_server::dispatch::assign::{DispatchBody, assign};
use dianma_server::dispatch::rank::{Candidate, Mode};
use dianma_server::dispatch::reassign::{ReassignBody, hand_over};
use dianma_server::dispatch::{automatic, cancel, candidates, policy, recall, restore, urge};
use dianma_server::error::ApiError;
use dianma_server::feed;
use dianma_server::orders::summary::Viewer;
use dianma_server::orders::{OrderRow, page, row};
use dianma_server::store::{Store, StoreError};

crate::conformance!(
    nearest_and_jurisdiction_propose_different_people,
    the_best_person_gets_the_order_and_the_reasons_are_kept,
    the_dispatchers_choice_is_final_and_its_warnings_are_kept,
    only_an_electrician_in_use_can_be_chosen,
    nobody_eligible_leaves_the_draft_alone,
    of_two_dispatchers_on_one_version_one_wins,
    reassigning_moves_the_order_between_feeds,
    cancelling_at_work_takes_the_order_off_the_phone,
    recall_and_restore_make_drafts_again,
    urging_raises_the_urgency_and_tells_the_electrician,
    a_hazard_is_dispatched_by_itself_and_others_when_set,
    a_change_of_the_policy_is_audited_once,
    an_agent_may_urge_but_not_cancel,
);

fn body(staff: Option<u8>, mode: Mode) -> DispatchBody {
    DispatchBody {
        version: 1,
        staff_id: staff.map(staff_id),
        mode,
        note: Some("带梯子".to_owned()),
    }
}

fn dispatch(store: &Store, n: u8, staff: Option<u8>, mode: Mode) -> Result<OrderRow, ApiError> {
    on_order(
        store,
        office(DISPATCHER, 1, NOW),
        order_id(n),
        move |tx, office, order| assign(tx, office, order, &body(staff, mode)),
    )
}

fn ranked(store: &Store, mode: Mode) -> Vec<Candidate> {
    store
        .read_blocking(move |tx| candidates::ranked(tx, NOW, order_id(1), mode))
        .unwrap()
}

fn run(store: &Store, sql: &'static str, n: u8) {
    write(store, move |tx| {
        tx.execute(sql, args![staff_id(n).to_string()])?;
        Ok(())
    })
    .unwrap();
}

fn nearest_and_jurisdiction_propose_different_people(store: &Store) {
    seed(store);
    draft(store, 1, NOW);
    let nearest = ranked(store, Mode::Nearest);
    assert_eq!(nearest.len(), 4);
    assert_eq!(nearest[0].staff_id, staff_id(1));
    assert!(
        nearest
            .iter()
            .all(|c| c.is_eligible && c.is_online && c.in_jurisdiction)
    );
    let owner = &ranked(store, Mode::Jurisdiction)[0];
    assert_eq!(owner.staff_id, staff_id(2));
    assert!(owner.reasons.iter().any(|r| r.zh == "台区负责人"));
}

fn the_best_person_gets_the_order_and_the_reasons_are_kept(store: &Store) {
    seed(store);
    draft(store, 1, NOW);
    let order = dispatch(store, 1, None, Mode::Nearest).unwrap();
    assert_eq!(order.state, OrderState::Dispatched);
    assert_eq!(order.assignee_id, Some(staff_id(1)));
    assert_eq!(order.dispatch_note.as_deref(), Some("带梯子"));
    assert_eq!(feed_of(store, 1), [order.id.to_string()]);
    let viewer = Viewer {
        role: Role::Dispatcher,
        now_ms: NOW,
    };
    let detail = store.read_blocking(move |tx| page::detail(tx, viewer, order.id));
    let detail = detail.map_err(|e: StoreError| e).unwrap().unwrap();
    let decision = &detail.dispatch_decisions[0];
    assert_eq!(
        (decision.mode.as_str(), decision.chosen_staff_id),
        ("nearest", staff_id(1))
    );
    assert_eq!(decision.decided_by, "测试员11");
    let kept: Vec<Candidate> = serde_json::from_value(decision.candidates.clone()).unwrap();
    assert_eq!(kept.len(), 4);
    assert_eq!(detail.events[1].detail["assignee_name"], "测试员1");
}

fn the_dispatchers_choice_is_final_and_its_warnings_are_kept(store: &Store) {
    seed(store);
    draft(store, 1, NOW);
    run(
        store,
        "UPDATE staff SET is_on_duty = 0, skills = '' WHERE id = ?1",
        4,
    );
    let order = dispatch(store, 1, Some(4), Mode::Nearest).unwrap();
    assert_eq!(order.assignee_id, Some(staff_id(4)));
    let event = store.read_blocking(|tx| {
        tx.first(
            "SELECT detail FROM order_events WHERE order_id = ?1 AND command = 'dispatch'",
            args![order_id(1).to_string()],
            |row| row.parse::<serde_json::Value>(0),
        )
    });
    let detail = event.map_err(|e: StoreError| e).unwrap().unwrap();
    assert_eq!(
        detail["warnings"],
        serde_json::json!(["技能不符：未登记抢修", "不在岗"])
    );
    assert_eq!(detail["mode"], "manual");
}

fn only_an_electrician_in_use_can_be_chosen(store: &Store) {
    seed(store);
    draft(store, 1, NOW);
    run(store, "UPDATE staff SET is_active = 0 WHERE id = ?1", 4);
    for n in [4, DISPATCHER, 99] {
        let refused = dispatch(store, 1, Some(n), Mode::Nearest).unwrap_err();
        assert_eq!(refused.code, fault::S_PERSON);
    }
    assert_eq!(load(store, order_id(1)).version, 1);
}

fn nobody_eligible_leaves_the_draft_alone(store: &Store) {
    seed(store);
    draft_of(store, 1, NOW, OrderKind::NewConnection, Urgency::Normal);
    let refused = dispatch(store, 1, None, Mode::Nearest).unwrap_err();
    assert_eq!(refused.code, fault::S_PERSON);
    let people = ranked(store, Mode::Nearest);
    assert!(people.iter().all(|c| c.blockers[0].code == "skill"));
    assert_eq!(load(store, order_id(1)).state, OrderState::Draft);
}

fn of_two_dispatchers_on_one_version_one_wins(store: &Store) {
    seed(store);
    draft(store, 1, NOW);
    let outcomes: Vec<Result<OrderRow, ApiError>> = std::thread::scope(|scope| {
        let tries: Vec<_> = [1u8, 2]
            .into_iter()
            .map(|n| scope.spawn(move || dispatch(store, 1, Some(n), Mode::Nearest)))
            .collect();
        tries.into_iter().map(|t| t.join().unwrap()).collect()
    });
    let won = outcomes.iter().filter(|o| o.is_ok()).count();
    assert_eq!(won, 1);
    let lost = outcomes.into_iter().find_map(Result::err).unwrap();
    assert_eq!(lost.code, fault::S_VERSION);
    assert_eq!(feed_of(store, 1).len() + feed_of(store, 2).len(), 1);
}

fn reassigning_moves_the_order_between_feeds(store: &Store) {
    seed(store);
    draft(store, 1, NOW);
    dispatch(store, 1, Some(1), Mode::Nearest).unwrap();
    field(store, 1, order_id(1), Command::Accept, NOW, |o| {
        o.accepted_at_ms = Some(NOW);
    })
    .unwrap();
    let hand = |staff: u8, reason: &'static str| {
        on_order(
            store,
            office(DISPATCHER, 3, NOW),
            order_id(1),
            move |tx, office, order| {
                let body = ReassignBody {
                    version: 3,
                    staff_id: staff_id(staff),
                    reason: reason.to_owned(),
                };
                hand_over(tx, office, order, &body)
            },
        )
    };
    assert_eq!(hand(1, "换人").unwrap_err().code, fault::S_PERSON);
    assert_eq!(hand(2, "").unwrap_err().code, fault::S_REASON);
    let order = hand(2, "原承办人请假").unwrap();
    assert_eq!(
        (order.state, order.accepted_at_ms),
        (OrderState::Reassigned, None)
    );
    assert!(feed_of(store, 1).is_empty());
    assert_eq!(feed_of(store, 2), [order.id.to_string()]);
    let late = field(store, 1, order_id(1), Command::Arrive, NOW, |_| {}).unwrap_err();
    assert_eq!(late.code, fault::S_NOT_ASSIGNEE);
    field(store, 2, order_id(1), Command::Accept, NOW, |_| {}).unwrap();
}

fn cancelling_at_work_takes_the_order_off_the_phone(store: &Store) {
    seed(store);
    draft(store, 1, NOW);
    dispatch(store, 1, Some(1), Mode::Nearest).unwrap();
    for command in [Command::Accept, Command::Arrive, Command::Begin] {
        field(store, 1, order_id(1), command, NOW, |_| {}).unwrap();
    }
    let order = on_order(
        store,
        office(DISPATCHER, 5, NOW + 9),
        order_id(1),
        |tx, office, order| cancel::void(tx, office, order, "客户撤销"),
    )
    .unwrap();
    assert_eq!(order.state, OrderState::Cancelled);
    assert_eq!(order.cancelled_at_ms, Some(NOW + 9));
    assert_eq!(order.assignee_id, Some(staff_id(1)));
    assert!(feed_of(store, 1).is_empty());
}

fn recall_and_restore_make_drafts_again(store: &Store) {
    seed(store);
    draft(store, 1, NOW);
    dispatch(store, 1, Some(1), Mode::Nearest).unwrap();
    let order = on_order(
        store,
        office(DISPATCHER, 2, NOW),
        order_id(1),
        recall::take_back,
    )
    .unwrap();
    assert_eq!((order.state, order.assignee_id), (OrderState::Draft, None));
    assert_eq!(order.dispatched_at_ms, None);
    assert!(feed_of(store, 1).is_empty());
    on_order(
        store,
        office(DISPATCHER, 3, NOW),
        order_id(1),
        |tx, office, order| cancel::void(tx, office, order, "重复"),
    )
    .unwrap();
    let order = on_order(
        store,
        office(DISPATCHER, 4, NOW),
        order_id(1),
        restore::revive,
    )
    .unwrap();
    assert_eq!(
        (order.state, order.cancelled_at_ms),
        (OrderState::Draft, None)
    );
    let again = on_order(
        store,
        office(DISPATCHER, 5, NOW),
        order_id(1),
        restore::revive,
    );
    assert_eq!(again.unwrap_err().code, fault::S_STATE);
}

fn urging_raises_the_urgency_and_tells_the_electrician(store: &Store) {
    seed(store);
    draft(store, 1, NOW);
    dispatch(store, 1, Some(1), Mode::Nearest).unwrap();
    for (version, urgency) in [
        (2, Urgency::Important),
        (3, Urgency::Urgent),
        (4, Urgency::Urgent),
    ] {
        let order = on_order(
            store,
            office(AGENT, version, NOW),
            order_id(1),
            |tx, office, order| urge::press(tx, office, order, Some("老人在家")),
        )
        .unwrap();
        assert_eq!(order.urgency, urgency);
    }
    let note = load(store, order_id(1)).dispatch_note.unwrap();
    assert!(
        note.starts_with("2026-05-04 09:30 催办：老人在家\n"),
        "{note}"
    );
    assert!(note.ends_with("带梯子"));
}

fn automate(store: &Store, n: u8) -> OrderRow {
    write(store, move |tx| {
        let mut order = row::load_for_update(tx, order_id(n))?.unwrap();
        let sent = automatic(tx, NOW, &mut order)?;
        feed::publish(tx, NOW, sent.changes)?;
        Ok(row::load(tx, order_id(n))?.unwrap())
    })
    .unwrap()
}

fn a_hazard_is_dispatched_by_itself_and_others_when_set(store: &Store) {
    seed(store);
    draft(store, 1, NOW);
    assert_eq!(automate(store, 1).state, OrderState::Draft);
    draft_of(store, 2, NOW, OrderKind::FaultRepair, Urgency::Hazard);
    let hazard = automate(store, 2);
    assert_eq!(hazard.assignee_id, Some(staff_id(1)));
    assert_eq!(feed_of(store, 1), [hazard.id.to_string()]);
    set_policy(store, Some(Mode::Jurisdiction), true);
    assert_eq!(automate(store, 1).assignee_id, Some(staff_id(2)));
    set_policy(store, None, false);
    draft_of(store, 3, NOW, OrderKind::FaultRepair, Urgency::Hazard);
    assert_eq!(automate(store, 3).state, OrderState::Draft);
}

fn a_change_of_the_policy_is_audited_once(store: &Store) {
    seed(store);
    let audited = || {
        write(store, |tx| {
            let sql = "SELECT count(*) FROM audit WHERE action = 'dispatch_policy_changed'";
            Ok(tx.first(sql, args![], |row| row.int(0))?)
        })
        .unwrap()
    };
    let before = write(store, |tx| Ok(policy::load(tx)?)).unwrap();
    assert_eq!((before.general, before.is_hazard_automatic), (None, true));
    for _ in 0..2 {
        set_policy(store, Some(Mode::Nearest), false);
        let now = write(store, |tx| Ok(policy::load(tx)?)).unwrap();
        assert_eq!(
            (now.general, now.is_hazard_automatic),
            (Some(Mode::Nearest), false)
        );
        assert_eq!(audited(), Some(1));
    }
    set_policy(store, None, true);
    assert_eq!(write(store, |tx| Ok(policy::load(tx)?)).unwrap(), before);
    assert_eq!(audited(), Some(2));
}

fn an_agent_may_urge_but_not_cancel(store: &Store) {
    seed(store);
    draft(store, 1, NOW);
    let refused = on_order(
        store,
        office(AGENT, 1, NOW),
        order_id(1),
        |tx, office, order| cancel::void(tx, office, order, "客户撤销"),
    )
    .unwrap_err();
    assert_eq!(refused.code, fault::A_ROLE);
    assert_eq!(load(store, order_id(1)).state, OrderState::Draft);
}

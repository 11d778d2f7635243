//! Review: the queue, the verdicts, the frozen archive, the call-back.

use crate::small_county::{
    AGENT, NOW, REVIEWER, draft, feed_of, field, load, office, on_order, order_id, seed, submitted,
    write,
};
use dianma_schema::fault;
use dianma_schema::order::{Command, OrderKind, OrderState, Satisfaction};
use dianma_schema::permission::Role;
use dianma_schema::time::HOUR_MS;
use dianma_server::args;
use dianma_server::audit;
use dianma_server::error::ApiError;
use dianma_server::feed;
use dianma_server::orders::change::{EventTimes, touch};
use dianma_server::orders::summary::Viewer;
use dianma_server::orders::{By, OrderRow, frozen, row};
use dianma_server::review::attention::Attention;
use dianma_server::review::call_back::{CallBackBody, record};
use dianma_server::review::callbacks_due::{self, DueFilter};
use dianma_server::review::queue::{QueueFilter, ReviewItem, Waiting, queue};
use dianma_server::review::{approve, archive, reject, try_archive, waive_evidence};
use dianma_server::store::{Store, StoreError};

crate::conformance!(
    approving_with_all_evidence_archives_and_freezes,
    an_approved_order_waits_for_its_last_file,
    a_waiver_with_a_reason_stands_for_missing_files,
    archiving_needs_approval_and_evidence,
    a_rejected_order_goes_back_to_the_phone_and_comes_again,
    a_changed_archive_is_noticed,
    an_archived_order_takes_no_more_facts,
    only_kinds_whose_customer_asked_are_called_back,
    only_call_backs_happen_after_the_archive,
    the_queue_is_sorted_by_the_review_deadline,
    call_backs_are_due_until_somebody_answers_or_three_tries,
);

fn reviewer(version: i64) -> dianma_server::orders::act::Office {
    office(REVIEWER, version, NOW + HOUR_MS)
}

fn pass(store: &Store, n: u8) -> Result<OrderRow, ApiError> {
    let version = load(store, order_id(n)).version;
    on_order(store, reviewer(version), order_id(n), approve::pass)
}

fn is_intact(store: &Store, n: u8) -> Option<bool> {
    let answer = store.read_blocking(move |tx| frozen::is_intact(tx, order_id(n)));
    answer.map_err(|e: StoreError| e).unwrap()
}

fn approving_with_all_evidence_archives_and_freezes(store: &Store) {
    seed(store);
    submitted(store, 1, NOW, 1);
    assert_eq!(is_intact(store, 1), None);
    let order = pass(store, 1).unwrap();
    assert_eq!(order.state, OrderState::Archived);
    let hash = order.archive_hash.clone().unwrap();
    assert_eq!(hash.len(), 64);
    assert_eq!(is_intact(store, 1), Some(true));
    assert!(feed_of(store, 1).is_empty());
    let audited = store.read_blocking(|tx| {
        let row = tx.first(
            "SELECT detail FROM audit WHERE action = 'archived'",
            args![],
            |row| row.parse::<serde_json::Value>(0),
        )?;
        Ok((row, audit::verify(tx)?))
    });
    let (detail, verdict) = audited.map_err(|e: StoreError| e).unwrap();
    assert_eq!(detail.unwrap()["archive_hash"], hash.as_str());
    assert_eq!(verdict.broken_at, None);
}

fn an_approved_order_waits_for_its_last_file(store: &Store) {
    seed(store);
    submitted(store, 1, NOW, 0);
    let order = pass(store, 1).unwrap();
    assert_eq!(order.state, OrderState::Submitted);
    assert_eq!(pass(store, 1).unwrap_err().code, fault::S_STATE);
    // What the evidence room does when the last file is complete.
    let arrived = write(store, |tx| {
        let mut order = row::load_for_update(tx, order_id(1))?.unwrap();
        order.evidence_arrived = 1;
        let changes = try_archive(tx, NOW + 2 * HOUR_MS, &mut order)?;
        feed::publish(tx, NOW, changes)?;
        Ok(row::load(tx, order_id(1))?.unwrap())
    })
    .unwrap();
    assert_eq!(arrived.state, OrderState::Archived);
    assert_eq!(is_intact(store, 1), Some(true));
}

fn a_waiver_with_a_reason_stands_for_missing_files(store: &Store) {
    seed(store);
    submitted(store, 1, NOW, 0);
    pass(store, 1).unwrap();
    let waive = |reason: &'static str| {
        let version = load(store, order_id(1)).version;
        on_order(
            store,
            reviewer(version),
            order_id(1),
            move |tx, office, order| waive_evidence::waive(tx, office, order, reason),
        )
    };
    assert_eq!(waive("").unwrap_err().code, fault::S_REASON);
    let order = waive("手机损坏").unwrap();
    assert_eq!(order.state, OrderState::Archived);
    assert_eq!(order.evidence_waived_reason.as_deref(), Some("手机损坏"));
}

fn archiving_needs_approval_and_evidence(store: &Store) {
    seed(store);
    let version = submitted(store, 1, NOW, 0).version;
    let refused = on_order(store, reviewer(version), order_id(1), archive::put_away).unwrap_err();
    assert_eq!(refused.code, fault::S_NOT_APPROVED);
    let version = pass(store, 1).unwrap().version;
    let refused = on_order(store, reviewer(version), order_id(1), archive::put_away).unwrap_err();
    assert_eq!(refused.code, fault::E_NOT_ARRIVED);
    draft(store, 2, NOW);
    let refused = on_order(store, reviewer(1), order_id(2), archive::put_away).unwrap_err();
    assert_eq!(refused.code, fault::S_STATE);
}

fn a_rejected_order_goes_back_to_the_phone_and_comes_again(store: &Store) {
    seed(store);
    let version = submitted(store, 1, NOW, 1).version;
    let order = on_order(
        store,
        reviewer(version),
        order_id(1),
        |tx, office, order| reject::send_back(tx, office, order, "照片看不清表号"),
    )
    .unwrap();
    assert_eq!((order.state, order.reject_count), (OrderState::Rejected, 1));
    assert_eq!(order.reason.as_deref(), Some("照片看不清表号"));
    assert_eq!(order.finished_at_ms, None);
    assert_eq!(feed_of(store, 1), [order.id.to_string()]);
    for command in [Command::Redo, Command::Finish, Command::Submit] {
        field(store, 1, order_id(1), command, NOW, |order| {
            order.finished_at_ms = Some(NOW);
            order.submitted_at_ms = Some(NOW);
        })
        .unwrap();
    }
    assert_eq!(pass(store, 1).unwrap().state, OrderState::Archived);
}

fn a_changed_archive_is_noticed(store: &Store) {
    let spoils: [&str; 4] = [
        "UPDATE work_orders SET satisfaction = 'very_satisfied' WHERE id = ?1",
        "UPDATE order_events SET actor_name = '别人' WHERE order_id = ?1 AND seq = 3",
        "UPDATE evidence SET size = 11 WHERE order_id = ?1",
        "DELETE FROM evidence WHERE order_id = ?1",
    ];
    seed(store);
    for (n, spoil) in (1u8..).zip(spoils) {
        submitted(store, n, NOW, 1);
        pass(store, n).unwrap();
        assert_eq!(is_intact(store, n), Some(true));
        write(store, move |tx| {
            tx.execute(spoil, args![order_id(n).to_string()])?;
            Ok(())
        })
        .unwrap();
        assert_eq!(is_intact(store, n), Some(false), "{spoil}");
    }
}

fn call(
    store: &Store,
    n: u8,
    said: Option<Satisfaction>,
    is_reached: bool,
) -> Result<OrderRow, ApiError> {
    let version = load(store, order_id(n)).version;
    on_order(
        store,
        office(AGENT, version, NOW + HOUR_MS),
        order_id(n),
        move |tx, office, order| {
            let body = CallBackBody {
                version,
                is_reached,
                satisfaction: said,
                note: None,
            };
            record(tx, office, order, &body)
        },
    )
}

fn an_archived_order_takes_no_more_facts(store: &Store) {
    seed(store);
    submitted(store, 1, NOW, 1);
    let archived = pass(store, 1).unwrap();
    let refused = write(store, |tx| {
        let before = row::load_for_update(tx, order_id(1))?.unwrap();
        let mut order = before.clone();
        order.record_values = "{\"result\":\"other\"}".to_owned();
        let times = EventTimes {
            at_ms: NOW,
            occurred_at_ms: NOW,
            uncertainty_ms: 0,
        };
        let by = By::system();
        let detail = serde_json::json!({});
        Ok(touch(tx, NOW, &before, &mut order, &by, times, &detail)?)
    });
    assert!(refused.is_err());
    assert_eq!(load(store, order_id(1)), archived);
    assert_eq!(is_intact(store, 1), Some(true));
}

fn only_kinds_whose_customer_asked_are_called_back(store: &Store) {
    seed(store);
    submitted(store, 1, NOW, 1);
    for kind in OrderKind::ALL {
        write(store, move |tx| {
            let id = order_id(1).to_string();
            tx.execute(
                "UPDATE work_orders SET kind = ?2, contact_phone = '0710-0000001' WHERE id = ?1",
                args![id, kind.as_str()],
            )?;
            Ok(())
        })
        .unwrap();
        let viewer = Viewer {
            role: Role::Agent,
            now_ms: NOW + HOUR_MS,
        };
        let found =
            store.read_blocking(move |tx| callbacks_due::due(tx, viewer, &DueFilter::default()));
        let is_due = !found.unwrap().work_orders.is_empty();
        assert_eq!(is_due, kind.is_called_back(), "{kind}");
    }
}

fn only_call_backs_happen_after_the_archive(store: &Store) {
    seed(store);
    submitted(store, 1, NOW, 1);
    let version = pass(store, 1).unwrap().version;
    let order = call(store, 1, Some(Satisfaction::Fair), true).unwrap();
    assert_eq!(order.callback_satisfaction.as_deref(), Some("fair"));
    assert_eq!(order.called_back_at_ms, Some(NOW + HOUR_MS));
    assert_eq!(order.version, version + 1);
    assert_eq!(is_intact(store, 1), Some(true));
    let refused = on_order(
        store,
        reviewer(order.version),
        order_id(1),
        |tx, office, order| reject::send_back(tx, office, order, "重做"),
    );
    assert_eq!(refused.unwrap_err().code, fault::S_STATE);
    let contradiction = call(store, 1, Some(Satisfaction::Fair), false).unwrap_err();
    assert_eq!(contradiction.fields[0].field, "satisfaction");
}

fn reviews(store: &Store, filter: QueueFilter) -> (Vec<ReviewItem>, Option<String>) {
    let viewer = Viewer {
        role: Role::Reviewer,
        now_ms: NOW + 25 * HOUR_MS,
    };
    let body = store
        .read_blocking(move |tx| queue(tx, viewer, &filter))
        .unwrap();
    (body.work_orders, body.meta.next_cursor)
}

fn the_queue_is_sorted_by_the_review_deadline(store: &Store) {
    seed(store);
    submitted(store, 1, NOW + 2 * HOUR_MS, 1);
    submitted(store, 2, NOW, 0);
    submitted(store, 3, NOW + 3 * HOUR_MS, 0);
    pass(store, 3).unwrap();
    let first = QueueFilter {
        limit: Some(1),
        ..QueueFilter::default()
    };
    let (items, cursor) = reviews(store, first);
    assert_eq!(items[0].summary.id, order_id(2));
    assert_eq!(items[0].review_due_at_ms, NOW + 24 * HOUR_MS);
    assert!(items[0].is_review_overdue);
    let codes: Vec<Attention> = items[0].attention.iter().map(|a| a.code).collect();
    assert_eq!(codes, [Attention::EvidenceMissing]);
    let next = QueueFilter {
        cursor,
        ..QueueFilter::default()
    };
    let (items, cursor) = reviews(store, next);
    assert_eq!(items.len(), 1);
    assert_eq!(items[0].summary.id, order_id(1));
    assert!(!items[0].is_review_overdue && cursor.is_none());
    let waiting = QueueFilter {
        waiting: Waiting::Evidence,
        ..QueueFilter::default()
    };
    assert_eq!(reviews(store, waiting).0[0].summary.id, order_id(3));
}

fn call_backs_are_due_until_somebody_answers_or_three_tries(store: &Store) {
    seed(store);
    submitted(store, 1, NOW, 1);
    submitted(store, 2, NOW + 1, 1);
    let due = || {
        let viewer = Viewer {
            role: Role::Agent,
            now_ms: NOW + HOUR_MS,
        };
        let filter = DueFilter::default();
        let body = store.read_blocking(move |tx| callbacks_due::due(tx, viewer, &filter));
        let orders = body.unwrap().work_orders;
        orders.into_iter().map(|o| o.id).collect::<Vec<_>>()
    };
    assert_eq!(due(), [order_id(1), order_id(2)]);
    call(store, 1, Some(Satisfaction::Satisfied), true).unwrap();
    call(store, 2, None, false).unwrap();
    assert_eq!(due(), [order_id(2)]);
    call(store, 2, None, false).unwrap();
    call(store, 2, None, false).unwrap();
    assert!(due().is_empty());
}

//! Orders at the console: drafts with their deadlines, lists on both sorts, counts, the page, edits.

use crate::small_county::{
    AGENT, DISPATCHER, NOW, area_id, draft, draft_of, load, office, on_order, order_id, seed,
    staff_id, write,
};
use dianma_schema::fault;
use dianma_schema::order::{Command, OrderKind, OrderState, Urgency};
use dianma_schema::permission::Role;
use dianma_schema::time::{HOUR_MS, MINUTE_MS};
use dianma_server::args;
use dianma_server::error::ApiError;
use dianma_server::orders::edit::{EditBody, revise};
use dianma_server::orders::list::{OrderFilter, OrdersBody, Sort, orders};
use dianma_server::orders::summary::Viewer;
use dianma_server::orders::{counts, page, unmask};
use dianma_server::store::Store;

crate::conformance!(
    a_draft_takes_the_archive_and_the_promise_of_its_area,
    pages_walk_every_order_once_on_both_sorts,
    filters_and_search_find_what_they_name,
    overdue_and_its_opposite_split_the_list,
    names_are_masked_without_the_right_to_see_them,
    counts_say_what_needs_attention,
    an_edit_of_a_stale_version_names_the_change,
    changing_the_kind_sets_the_deadlines_anew,
    bad_fields_are_all_named_at_once,
    unmasking_is_audited_and_needs_a_reason,
    the_page_offers_the_commands_of_the_role,
);

const AS_DISPATCHER: Viewer = Viewer {
    role: Role::Dispatcher,
    now_ms: NOW,
};

fn list(store: &Store, viewer: Viewer, filter: OrderFilter) -> Result<OrdersBody, ApiError> {
    store.read_blocking(move |tx| orders(tx, viewer, &filter))
}

fn found(store: &Store, filter: OrderFilter) -> Vec<String> {
    let page = list(store, AS_DISPATCHER, filter).unwrap();
    assert_eq!(page.meta.total, i64::try_from(page.work_orders.len()).ok());
    page.work_orders
        .into_iter()
        .map(|o| o.id.to_string())
        .collect()
}

fn a_draft_takes_the_archive_and_the_promise_of_its_area(store: &Store) {
    seed(store);
    let order = draft(store, 1, NOW);
    assert_eq!(order.order_number, "GD20260504-00001");
    assert_eq!(order.account_number.as_deref(), Some("4200000001"));
    assert_eq!(order.meter_number.as_deref(), Some("330000000001"));
    assert_eq!(order.area_id, Some(area_id(1)));
    assert_eq!(order.arrive_due_at_ms, Some(NOW + 90 * MINUTE_MS));
    assert_eq!(order.due_at_ms, Some(NOW + 90 * MINUTE_MS + 4 * HOUR_MS));
    assert_eq!(order.promise.as_deref(), Some("抢修 · 农村 90 分钟到场"));
    assert_eq!(load(store, order.id), order);
    assert_eq!(draft(store, 2, NOW).order_number, "GD20260504-00002");
}

fn pages_walk_every_order_once_on_both_sorts(store: &Store) {
    seed(store);
    for n in 1..=7u8 {
        draft(store, n, NOW + i64::from(n % 3) * MINUTE_MS);
    }
    write(store, |tx| {
        tx.execute(
            "UPDATE work_orders SET due_at_ms = NULL WHERE id IN (?1, ?2, ?3)",
            args![
                order_id(1).to_string(),
                order_id(4).to_string(),
                order_id(6).to_string()
            ],
        )?;
        Ok(())
    })
    .unwrap();
    for sort in [Sort::Due, Sort::TakenIn] {
        let mut seen = Vec::new();
        let mut cursor = None;
        loop {
            let filter = OrderFilter {
                sort: Some(sort),
                limit: Some(2),
                cursor,
                ..OrderFilter::default()
            };
            let page = list(store, AS_DISPATCHER, filter).unwrap();
            seen.extend(page.work_orders);
            cursor = page.meta.next_cursor;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(seen.len(), 7, "{sort:?}");
        match sort {
            Sort::Due => {
                let keys: Vec<_> = seen
                    .iter()
                    .map(|o| (o.due_at_ms.unwrap_or(i64::MAX), o.id))
                    .collect();
                assert!(keys.is_sorted(), "no deadline comes last");
            }
            Sort::TakenIn => {
                let keys: Vec<_> = seen.iter().map(|o| (o.taken_in_at_ms, o.id)).collect();
                assert!(keys.iter().rev().is_sorted());
            }
        }
    }
    let foreign = list(
        store,
        AS_DISPATCHER,
        OrderFilter {
            limit: Some(2),
            sort: Some(Sort::Due),
            ..OrderFilter::default()
        },
    )
    .unwrap();
    let mixed = OrderFilter {
        cursor: foreign.meta.next_cursor,
        ..OrderFilter::default()
    };
    let refused = list(store, AS_DISPATCHER, mixed).unwrap_err();
    assert_eq!(refused.fields[0].field, "cursor");
}

fn filters_and_search_find_what_they_name(store: &Store) {
    seed(store);
    let (one, two) = (order_id(1).to_string(), order_id(2).to_string());
    draft(store, 1, NOW);
    draft_of(store, 2, NOW + 1, OrderKind::MeterChange, Urgency::Urgent);
    let by = |filter: OrderFilter| found(store, filter);
    let none = OrderFilter::default;
    let kind = Some(OrderKind::MeterChange);
    assert_eq!(
        by(OrderFilter { kind, ..none() }),
        std::slice::from_ref(&two)
    );
    let urgency = Some(Urgency::Urgent);
    assert_eq!(
        by(OrderFilter { urgency, ..none() }),
        std::slice::from_ref(&two)
    );
    let state = Some(OrderState::Draft);
    assert_eq!(by(OrderFilter { state, ..none() }).len(), 2);
    let area_id = Some(crate::small_county::area_id(2));
    assert!(by(OrderFilter { area_id, ..none() }).is_empty());
    let assignee_id = Some(staff_id(1));
    assert!(
        by(OrderFilter {
            assignee_id,
            ..none()
        })
        .is_empty()
    );
    let to_ms = Some(NOW + 1);
    assert_eq!(by(OrderFilter { to_ms, ..none() }), [one]);
    let is_open = Some(false);
    assert!(by(OrderFilter { is_open, ..none() }).is_empty());
    let q = |text: &str| {
        by(OrderFilter {
            q: Some(text.to_owned()),
            ..none()
        })
    };
    assert_eq!(q("gd20260504-00002"), std::slice::from_ref(&two));
    assert_eq!(q("2026050400002").len(), 0);
    for text in [
        "420000",
        "４２００００",
        "3300",
        "测试户",
        " p-0",
        "P-01",
        "GD2026",
    ] {
        assert_eq!(q(text).len(), 2, "{text}");
    }
    for text in ["99", "别的户", "%", "' OR 1=1 --"] {
        assert!(q(text).is_empty(), "{text}");
    }
}

fn overdue_and_its_opposite_split_the_list(store: &Store) {
    seed(store);
    draft(store, 1, NOW - 2 * HOUR_MS);
    draft(store, 2, NOW);
    write(store, |tx| {
        tx.execute(
            "UPDATE work_orders SET due_at_ms = NULL, arrive_due_at_ms = NULL WHERE id = ?1",
            args![order_id(2).to_string()],
        )?;
        Ok(())
    })
    .unwrap();
    let overdue = |overdue| {
        found(
            store,
            OrderFilter {
                overdue: Some(overdue),
                ..OrderFilter::default()
            },
        )
    };
    assert_eq!(overdue(true), [order_id(1).to_string()]);
    assert_eq!(overdue(false), [order_id(2).to_string()]);
}

fn names_are_masked_without_the_right_to_see_them(store: &Store) {
    seed(store);
    draft(store, 1, NOW);
    let shown = |role| {
        let viewer = Viewer { role, now_ms: NOW };
        let detail = store.read_blocking(move |tx| page::detail(tx, viewer, order_id(1)));
        detail
            .map_err(|e: dianma_server::store::StoreError| e)
            .unwrap()
            .unwrap()
    };
    let full = shown(Role::Dispatcher);
    assert_eq!(full.summary.account_name.as_deref(), Some("测试户甲"));
    assert_eq!(full.contact_phone.as_deref(), Some("100****0001"));
    let masked = shown(Role::Manager);
    assert_eq!(masked.summary.account_name.as_deref(), Some("测***"));
    assert_eq!(
        masked.summary.address.as_deref(),
        Some("测试镇测试村**组**号")
    );
    let by_name = OrderFilter {
        q: Some("测试户".to_owned()),
        ..OrderFilter::default()
    };
    let viewer = Viewer {
        role: Role::Manager,
        now_ms: NOW,
    };
    let page = list(store, viewer, by_name).unwrap();
    assert!(page.work_orders.is_empty(), "a masked name is not searched");
}

fn counts_say_what_needs_attention(store: &Store) {
    seed(store);
    draft(store, 1, NOW - 2 * HOUR_MS);
    draft(store, 2, NOW - 70 * MINUTE_MS);
    draft_of(store, 3, NOW, OrderKind::FaultRepair, Urgency::Hazard);
    on_order(
        store,
        office(DISPATCHER, 1, NOW),
        order_id(3),
        |tx, office, order| dianma_server::dispatch::cancel::void(tx, office, order, "误报"),
    )
    .unwrap();
    draft_of(store, 4, NOW, OrderKind::FaultRepair, Urgency::Hazard);
    let counts = store.read_blocking(|tx| counts::count(tx, NOW));
    let counts = counts
        .map_err(|e: dianma_server::store::StoreError| e)
        .unwrap();
    assert_eq!(counts.by_state[&OrderState::Draft], 3);
    assert_eq!(counts.by_state[&OrderState::Cancelled], 1);
    assert_eq!(counts.by_state[&OrderState::Archived], 0);
    let rest = (
        counts.overdue,
        counts.soon,
        counts.hazard,
        counts.unassigned,
    );
    assert_eq!(rest, (1, 1, 1, 3));
}

fn edit(store: &Store, n: u8, body: EditBody) -> Result<dianma_server::orders::OrderRow, ApiError> {
    let by = office(n, body.version, NOW + 1);
    on_order(store, by, order_id(1), move |tx, office, order| {
        revise(tx, office, order, &body)
    })
}

fn an_edit_of_a_stale_version_names_the_change(store: &Store) {
    seed(store);
    draft(store, 1, NOW);
    let first = EditBody {
        version: 1,
        content: Some("家中停电，已查空开".to_owned()),
        address: Some("测试镇测试村3组29号".to_owned()),
        ..EditBody::default()
    };
    assert_eq!(edit(store, AGENT, first).unwrap().version, 2);
    let second = EditBody {
        version: 1,
        urgency: Some(Urgency::Urgent),
        ..EditBody::default()
    };
    let refused = edit(store, DISPATCHER, second).unwrap_err();
    assert_eq!(refused.code, fault::S_VERSION);
    let detail = refused.detail.unwrap();
    assert!(detail.zh.contains("测试员13修改了内容、地址"), "{detail:?}");
    assert!(detail.en.contains("(content, address)"), "{detail:?}");
    assert_eq!(load(store, order_id(1)).urgency, Urgency::Normal);
}

fn changing_the_kind_sets_the_deadlines_anew(store: &Store) {
    seed(store);
    let before = draft(store, 1, NOW);
    let body = EditBody {
        version: 1,
        kind: Some(OrderKind::NewConnection),
        contact_phone: Some(String::new()),
        ..EditBody::default()
    };
    let after = edit(store, DISPATCHER, body).unwrap();
    assert_eq!(after.arrive_due_at_ms, None);
    assert!(after.due_at_ms > before.due_at_ms);
    assert_eq!(
        after.promise.as_deref(),
        Some("业扩报装 · 居民 5 个工作日接电")
    );
    assert_eq!(after.contact_phone, None);
}

fn bad_fields_are_all_named_at_once(store: &Store) {
    seed(store);
    let before = draft(store, 1, NOW);
    let body = EditBody {
        version: 1,
        content: Some("  ".to_owned()),
        contact_phone: Some("100****0001".to_owned()),
        subtype: Some("子类".to_owned()),
        ..EditBody::default()
    };
    let refused = edit(store, DISPATCHER, body).unwrap_err();
    let names: Vec<&str> = refused.fields.iter().map(|f| f.field.as_str()).collect();
    assert_eq!(names, ["content", "subtype", "contact_phone"]);
    assert_eq!(load(store, order_id(1)), before);
}

fn unmasking_is_audited_and_needs_a_reason(store: &Store) {
    seed(store);
    draft(store, 1, NOW);
    let reveal = |why: &'static str| {
        write(store, move |tx| {
            unmask::reveal(tx, NOW, &staff_id(AGENT).to_string(), order_id(1), why)
        })
    };
    assert_eq!(reveal(" ").unwrap_err().code, fault::S_REASON);
    let personal = reveal("联系客户改约").unwrap();
    assert_eq!(personal.contact_phone.as_deref(), Some("10000000001"));
    let rows = store.read_blocking(|tx| {
        tx.all(
            "SELECT action, subject_id FROM audit ORDER BY seq LIMIT 10",
            args![],
            |row| Ok((row.text(0)?, row.text(1)?)),
        )
    });
    let rows = rows
        .map_err(|e: dianma_server::store::StoreError| e)
        .unwrap();
    assert_eq!(rows, [("unmasked".to_owned(), order_id(1).to_string())]);
}

fn the_page_offers_the_commands_of_the_role(store: &Store) {
    seed(store);
    draft(store, 1, NOW);
    let detail = store.read_blocking(|tx| page::detail(tx, AS_DISPATCHER, order_id(1)));
    let detail = detail
        .map_err(|e: dianma_server::store::StoreError| e)
        .unwrap()
        .unwrap();
    assert!(detail.summary.allowed.contains(&Command::Dispatch));
    assert!(!detail.summary.allowed.contains(&Command::Recall));
    let recall = detail
        .commands
        .iter()
        .find(|c| c.command == Command::Recall)
        .unwrap();
    assert_eq!(recall.why_not.as_deref(), Some("待派状态下不能收回"));
    assert_eq!(detail.card.unwrap().version, 1);
    assert_eq!(detail.events.len(), 1);
    assert_eq!(detail.events[0].command, "create");
    let missing = store.read_blocking(|tx| page::detail(tx, AS_DISPATCHER, order_id(9)));
    assert!(
        missing
            .map_err(|e: dianma_server::store::StoreError| e)
            .unwrap()
            .is_none()
    );
}

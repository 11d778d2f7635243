//! Named views: a person's own, replaced by name, bounded, and nobody else's to remove.

use crate::small_county::{AGENT, DISPATCHER, NOW, seed, staff_id, write};
use dianma_schema::fault;
use dianma_server::error::ApiError;
use dianma_server::mint::Mint;
use dianma_server::store::{Store, StoreError};
use dianma_server::views::{NewView, SavedView, list, remove, save};

crate::conformance!(
    views_belong_to_one_person_and_are_replaced_by_name,
    what_is_no_view_is_refused_and_their_number_is_bounded,
);

fn kept(store: &Store, who: u8) -> Vec<(String, String)> {
    let views = store
        .read_blocking(move |tx| -> Result<_, StoreError> { list(tx, staff_id(who), "orders") })
        .unwrap();
    views
        .into_iter()
        .map(|view| (view.name, view.query))
        .collect()
}

/// Each of its own moment: ids, and with them the order of the list, rise.
fn keep(
    store: &Store,
    moment: u8,
    who: u8,
    name: &str,
    query: &str,
) -> Result<SavedView, ApiError> {
    let new = NewView {
        list: "orders".to_owned(),
        name: name.to_owned(),
        query: query.to_owned(),
    };
    write(store, move |tx| {
        let mut mint = Mint::new(NOW + i64::from(moment), [moment; 32]);
        save(tx, &mut mint, staff_id(who), &new)
    })
}

fn pair(name: &str, query: &str) -> (String, String) {
    (name.to_owned(), query.to_owned())
}

fn views_belong_to_one_person_and_are_replaced_by_name(store: &Store) {
    seed(store);
    keep(
        store,
        1,
        DISPATCHER,
        " 北片抢修 ",
        "?tab=draft&kind=fault_repair",
    )
    .unwrap();
    let late = keep(store, 2, DISPATCHER, "超期", "tab=overdue").unwrap();
    keep(store, 3, AGENT, "超期", "tab=all").unwrap();
    let again = keep(store, 4, DISPATCHER, "北片抢修", "tab=open").unwrap();
    assert_eq!(
        kept(store, DISPATCHER),
        [pair("北片抢修", "tab=open"), pair("超期", "tab=overdue")]
    );
    assert_eq!(kept(store, AGENT), [pair("超期", "tab=all")]);

    let take = |who: u8, id| write(store, move |tx| remove(tx, staff_id(who), id));
    assert_eq!(take(AGENT, late.id).unwrap_err().code, fault::V_NOT_FOUND);
    take(DISPATCHER, late.id).unwrap();
    assert_eq!(
        take(DISPATCHER, late.id).unwrap_err().code,
        fault::V_NOT_FOUND
    );
    assert_eq!(kept(store, DISPATCHER), [pair(&again.name, "tab=open")]);
}

fn what_is_no_view_is_refused_and_their_number_is_bounded(store: &Store) {
    seed(store);
    let fields = |name: &str, query: &str| -> Vec<String> {
        let refused = keep(store, 1, DISPATCHER, name, query).unwrap_err();
        refused.fields.into_iter().map(|each| each.field).collect()
    };
    assert_eq!(fields("  ", "tab=open"), ["name"]);
    assert_eq!(
        fields(&"长".repeat(31), &"x".repeat(1_001)),
        ["name", "query"]
    );
    assert_eq!(fields("甲\u{7}", "tab=open"), ["name"]);
    for n in 0..20 {
        keep(store, n, DISPATCHER, &format!("视图{n}"), "tab=open").unwrap();
    }
    assert_eq!(fields("再来一个", "tab=open"), ["name"]);
    keep(store, 30, DISPATCHER, "视图3", "tab=all").unwrap();
    assert_eq!(kept(store, DISPATCHER).len(), 20);
}

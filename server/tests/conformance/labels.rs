//! Keys, signed lists, labels and one-time codes: what the server signs, a phone's rules accept.

use crate::small_county::{
    DISPATCHER, NOW, area_id, customer_id, draft, load, office, on_order, seed, staff_id, write,
};
use dianma_schema::fault;
use dianma_schema::id::LabelId;
use dianma_schema::label::consent::ConsentStep;
use dianma_schema::label::keys::{KeyList, ListError};
use dianma_schema::label::revocations::{ALL_REVISIONS, RevocationHead, hash, unpack};
use dianma_schema::label::seal::{KeyPurpose, public_key};
use dianma_schema::label::{LabelKind, LabelVerdict, Reading, read};
use dianma_schema::order::Command;
use dianma_schema::wire::command::ConsentGiven;
use dianma_schema::wire::sync::{TrustHave, TrustUpdate};
use dianma_server::error::ApiError;
use dianma_server::keys::ceremony::{Ceremony, KEY_RANDOM};
use dianma_server::keys::vault::Passphrase;
use dianma_server::keys::{KeyError, Keyring, judge, rows, trust};
use dianma_server::labels::archive::{self, LabelFilter};
use dianma_server::labels::change::{RevokeBody, apply_reissue, apply_revoke};
use dianma_server::labels::consent::{self, RANDOM_BYTES, Redeemed};
use dianma_server::labels::places::{self, NewPlace};
use dianma_server::labels::print::{PrintBody, issue};
use dianma_server::mint::Mint;
use dianma_server::orders::{By, change};
use dianma_server::store::{Store, StoreError};

crate::conformance!(
    what_is_signed_opens_with_the_pinned_root_and_never_goes_back,
    a_reissue_outdates_and_a_revocation_replaces,
    a_one_time_code_is_taken_once_and_a_new_one_voids_it,
    nothing_is_signed_without_an_open_key,
    a_number_finds_all_labels_of_its_customer_and_bad_grades_are_counted,
    cards_are_for_customers_only,
);

pub fn ceremony(n: u8) -> Ceremony {
    let passphrase = Passphrase::parse("generated passphrase").unwrap();
    let block = |m: u8| [n.wrapping_mul(16).wrapping_add(m); KEY_RANDOM];
    Ceremony {
        now_ms: NOW + i64::from(n),
        root_passphrase: passphrase.clone(),
        passphrase,
        random: [block(1), block(2), block(3), block(4), block(5)],
    }
}

pub fn init(store: &Store) -> Keyring {
    store.write_blocking(|tx| ceremony(1).init(tx)).unwrap();
    opened(store)
}

fn opened(store: &Store) -> Keyring {
    let rows = store.read_blocking(rows::all).unwrap();
    Keyring::open(&rows, &ceremony(1).passphrase).unwrap()
}

fn update(store: &Store, have: TrustHave) -> TrustUpdate {
    let read = move |tx: &mut dyn dianma_server::store::Tx| -> Result<_, StoreError> {
        let setting = tx.first(
            "SELECT value FROM settings WHERE name = 'signed_lists'",
            dianma_server::args![],
            |row| row.text(0),
        )?;
        trust::update(tx, have, trust::serials(setting.as_deref()))
    };
    store.read_blocking(read).unwrap()
}

fn what_is_signed_opens_with_the_pinned_root_and_never_goes_back(store: &Store) {
    init(store);
    let again = store.write_blocking(|tx| ceremony(2).init(tx));
    assert!(matches!(again, Err(KeyError::HasRoot)));
    let first = update(store, TrustHave::default());
    let root = public_key(first.root.as_ref().unwrap()).unwrap();
    let lists = first.key_lists.unwrap();
    let known = KeyList::open(&lists[0], &[root], None).unwrap();
    assert_eq!(known.keys.len(), 4);
    let head = first.revocation_head.unwrap();
    let head = RevocationHead::open(&head, &known, None).unwrap();
    assert!(head.fits(&unpack(&first.revocations.unwrap()).unwrap()));

    store
        .write_blocking(|tx| ceremony(3).rotate(tx, KeyPurpose::Label, "").map(|_| ()))
        .unwrap();
    store
        .write_blocking(|tx| ceremony(4).rotate(tx, KeyPurpose::Root, "").map(|_| ()))
        .unwrap();
    let have = TrustHave {
        key_serial: known.serial,
        revocation_serial: head.serial,
    };
    let second = update(store, have);
    assert!(second.revocation_head.is_none(), "the phone has that set");
    let lists = second.key_lists.unwrap();
    assert_eq!(lists.len(), 2, "the list that hands over, and the newest");
    let handover = KeyList::open(&lists[0], &[root], Some(&known)).unwrap();
    let next = public_key(&handover.next_root.unwrap()).unwrap();
    assert_eq!(
        KeyList::open(&lists[1], &[root], Some(&handover)),
        Err(ListError::NotSigned)
    );
    let newest = KeyList::open(&lists[1], &[next], Some(&handover)).unwrap();
    assert_eq!(newest.keys.len(), 5);
    assert_eq!(
        KeyList::open(&lists[0], &[root], Some(&newest)),
        Err(ListError::Older)
    );
    let have = TrustHave {
        key_serial: newest.serial,
        revocation_serial: head.serial,
    };
    assert!(update(store, have).is_empty());
}

/// The label of the county's customer.
fn label(store: &Store) -> LabelId {
    let body = write(store, |tx| {
        let mut mint = Mint::new(NOW, [3; 32]);
        tx.execute(
            "INSERT INTO labels (id, kind, customer_id, state, issued_at_ms, revision) \
             VALUES (?1, 'customer', ?2, 'valid', ?3, 1)",
            dianma_server::args![mint.next_id().to_string(), customer_id().to_string(), NOW],
        )?;
        archive::list(tx, &LabelFilter::default())
    })
    .unwrap();
    body.labels[0].id
}

fn verdict(store: &Store, text: &str) -> LabelVerdict {
    let text = text.to_owned();
    store
        .read_blocking(move |tx| judge::check(tx, NOW, &text))
        .unwrap()
        .verdict
}

fn printed(store: &Store, keys: &Keyring, id: LabelId) -> String {
    let keys = keys.clone();
    let printables = write(store, move |tx| {
        let body = PrintBody {
            label_ids: vec![id],
            filter: None,
            sheet: "a4_24".to_owned(),
            dpi: 300,
            is_reprint: false,
        };
        issue(tx, &keys, &mut Mint::new(NOW, [4; 32]), "system", &body)
    })
    .unwrap();
    printables[0].text.clone()
}

fn a_reissue_outdates_and_a_revocation_replaces(store: &Store) {
    seed(store);
    let keys = init(store);
    let id = label(store);
    let first = printed(store, &keys, id);
    assert_eq!(verdict(store, &first), LabelVerdict::Valid);
    let ring = keys.clone();
    let page = write(store, move |tx| {
        apply_reissue(
            tx,
            &ring,
            &mut Mint::new(NOW + 1, [5; 32]),
            "system",
            id,
            "标签磨损",
        )
    })
    .unwrap();
    assert_eq!(page.label.revision, 2);
    assert_eq!(verdict(store, &first), LabelVerdict::Outdated);
    let second = page.text.unwrap();
    assert_eq!(verdict(store, &second), LabelVerdict::Valid);
    let Reading::Label(read) = read(&second) else {
        panic!("not a signed label");
    };
    assert_eq!((read.claims.id, read.claims.revision), (id, 2));

    let ring = keys.clone();
    let page = write(store, move |tx| {
        let body = RevokeBody {
            reason: "卡片遗失".to_owned(),
            is_replaced: true,
        };
        apply_revoke(
            tx,
            &ring,
            &mut Mint::new(NOW + 2, [6; 32]),
            "system",
            id,
            &body,
        )
    })
    .unwrap();
    assert_eq!(verdict(store, &second), LabelVerdict::Revoked);
    assert!(page.text.is_none() && page.label.replaced_by.is_some());
    assert_eq!(page.events[0].event, "revoked");
    let again = store.write_blocking(move |tx| -> Result<(), ApiError> {
        let body = RevokeBody {
            reason: "再来一次".to_owned(),
            is_replaced: false,
        };
        let mut mint = Mint::new(NOW + 3, [7; 32]);
        apply_revoke(tx, &Keyring::default(), &mut mint, "system", id, &body).map(|_| ())
    });
    assert_eq!(again.unwrap_err().code, fault::S_STATE);
    let whole = update(store, TrustHave::default());
    let hashes = unpack(&whole.revocations.unwrap()).unwrap();
    assert_eq!(hashes.len(), 2);
    assert!(hashes.contains(&hash(id, 1)) && hashes.contains(&hash(id, ALL_REVISIONS)));
}

fn given(text: &str, typed: bool) -> ConsentGiven {
    ConsentGiven {
        text: text.to_owned(),
        typed,
        wrong_before: 0,
    }
}

fn a_one_time_code_is_taken_once_and_a_new_one_voids_it(store: &Store) {
    seed(store);
    let keys = init(store);
    let order = draft(store, 1, NOW);
    let desk = office(DISPATCHER, order.version, NOW);
    on_order(store, desk, order.id, |tx, office, order| {
        let step = office.step(Command::Dispatch, serde_json::json!({}));
        change(tx, NOW, order, &step, |order| {
            order.assignee_id = Some(staff_id(1));
        })
    })
    .unwrap();
    let make = |n: u8| {
        let (keys, order) = (keys.clone(), load(store, order.id));
        write(store, move |tx| {
            let (by, mut order) = (By::system(), order.clone());
            let random = [n; RANDOM_BYTES];
            consent::create(
                tx,
                &keys,
                NOW,
                &by,
                &mut order,
                ConsentStep::Arrival,
                random,
            )
            .map(|(code, _)| code)
        })
        .unwrap()
    };
    let redeem = |text: &str, typed: bool, step: ConsentStep| {
        let (given, id) = (given(text, typed), order.id);
        write(store, move |tx| {
            consent::redeem(tx, NOW + 1, id, step, &given, "device").map_err(ApiError::from)
        })
        .unwrap()
    };
    let old = make(1);
    let new = make(2);
    let taken = |is_double| Redeemed::Taken { is_double };
    let refused = Redeemed::Refused(fault::S_CONSENT_CODE);
    let shown = |token: String| {
        let keys = keys.clone();
        store
            .read_blocking(move |tx| consent::shown(tx, &keys, NOW, &token))
            .unwrap()
    };
    assert!(shown(old.link_token).is_none(), "replaced");
    let symbol = shown(new.link_token.clone()).unwrap().symbol.unwrap();
    assert_eq!(redeem(&old.digits, true, ConsentStep::Arrival), refused);
    assert_eq!(redeem(&new.digits, true, ConsentStep::Closing), refused);
    assert_eq!(
        redeem(&new.digits, true, ConsentStep::Arrival),
        taken(false)
    );
    assert_eq!(redeem(&new.digits, true, ConsentStep::Arrival), refused);
    assert_eq!(redeem(&symbol, false, ConsentStep::Arrival), taken(true));
    assert!(shown(new.link_token).is_none(), "used");
}

fn nothing_is_signed_without_an_open_key(store: &Store) {
    seed(store);
    let id = label(store);
    let refused = store.write_blocking(move |tx| -> Result<(), ApiError> {
        let body = PrintBody {
            label_ids: vec![id],
            filter: None,
            sheet: "a4_24".to_owned(),
            dpi: 300,
            is_reprint: false,
        };
        let mut mint = Mint::new(NOW, [8; 32]);
        issue(tx, &Keyring::default(), &mut mint, "system", &body).map(|_| ())
    });
    assert_eq!(refused.unwrap_err().code, fault::X_KEYS);
    let page = store
        .read_blocking(move |tx| archive::one(tx, &Keyring::default(), NOW, id))
        .unwrap();
    assert!(!page.is_signed);
    assert_eq!(verdict(store, &page.text.unwrap()), LabelVerdict::Unsigned);
}

/// A pole of the county with its label.
fn pole(store: &Store) -> LabelId {
    let new = write(store, |tx| {
        let area_code = tx
            .first(
                "SELECT code FROM transformer_areas WHERE id = ?1",
                dianma_server::args![area_id(1).to_string()],
                |row| row.text(0),
            )?
            .unwrap();
        let new = NewPlace {
            kind: LabelKind::Pole,
            number: "示例线７号杆".to_owned(),
            area_code,
            meter_numbers: Vec::new(),
            place: None,
        };
        places::create(tx, &mut Mint::new(NOW, [9; 32]), &new)
    });
    new.unwrap().label_id
}

fn found(store: &Store, filter: LabelFilter) -> (Vec<LabelId>, Option<i64>) {
    let body = store
        .read_blocking(move |tx| archive::list(tx, &filter))
        .unwrap();
    let ids = body.labels.iter().map(|label| label.id).collect();
    (ids, body.meta.total)
}

fn a_number_finds_all_labels_of_its_customer_and_bad_grades_are_counted(store: &Store) {
    seed(store);
    let (customer, pole) = (label(store), pole(store));
    let account = store
        .read_blocking(|tx| -> Result<_, StoreError> {
            tx.first(
                "SELECT account_number FROM customers WHERE id = ?1",
                dianma_server::args![customer_id().to_string()],
                |row| row.text(0),
            )
        })
        .unwrap();
    let of = |number: &str| LabelFilter {
        number: Some(number.to_owned()),
        ..LabelFilter::default()
    };
    assert_eq!(found(store, of(&account.unwrap())), (vec![customer], None));
    assert_eq!(found(store, of("示例线7号杆")).0, [pole]);
    assert!(found(store, of("示例线7号")).0.is_empty());

    store
        .write_blocking(move |tx| -> Result<(), StoreError> {
            let sql = "UPDATE labels SET grade = 'D', graded_at_ms = 1 WHERE id = ?1";
            tx.execute(sql, dianma_server::args![pole.to_string()])
                .map(|_| ())
        })
        .unwrap();
    let poor = LabelFilter {
        grade: Some("D".to_owned()),
        ..LabelFilter::default()
    };
    assert_eq!(found(store, poor), (vec![pole], Some(1)));
}

fn cards_are_for_customers_only(store: &Store) {
    seed(store);
    let keys = init(store);
    let (customer, pole) = (label(store), pole(store));
    let cards = |label_ids: Vec<LabelId>| {
        let keys = keys.clone();
        store.write_blocking(move |tx| {
            let body = PrintBody {
                label_ids: label_ids.clone(),
                filter: None,
                sheet: "card_a4_10".to_owned(),
                dpi: 300,
                is_reprint: false,
            };
            issue(tx, &keys, &mut Mint::new(NOW, [4; 32]), "system", &body)
        })
    };
    let refused: ApiError = cards(vec![customer, pole]).unwrap_err();
    assert_eq!(refused.fields[0].field, "sheet");
    assert_eq!(
        cards(Vec::new()).unwrap().len(),
        1,
        "of all only the customer's"
    );
}

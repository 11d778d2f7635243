//! A phone that signs in again: the same device when it may be, a new one when it may not.

use super::fixture::{County, NOW, Phone, encoded};
use dianma_schema::id::{DeviceId, StaffId};
use dianma_schema::order::OrderKind;
use dianma_schema::wire::command::Body;
use dianma_schema::wire::sync::Outcome;
use dianma_server::args;
use dianma_server::auth::session::{self, NewToken};
use dianma_server::devices::enrol::{self, EnrolmentBody, NewDevice};
use dianma_server::store::{Store, StoreError};

crate::conformance!(
    a_repeat_after_signing_in_again_is_known_and_has_no_second_effect,
    the_last_of_two_copies_that_signed_in_goes_on,
    a_phone_keeps_its_recovery_key_and_shares_it_with_nobody,
    a_phone_of_somebody_else_or_a_retired_one_is_not_taken_up,
);

fn sign_in(
    county: &County,
    staff_id: StaffId,
    seed: u8,
    earlier: Option<DeviceId>,
) -> EnrolmentBody {
    let device = NewDevice {
        id: DeviceId::new(NOW, [seed; 10]),
        model: "generated again".to_owned(),
        os_version: "2".to_owned(),
        app_version: "0.1.0".to_owned(),
        token: NewToken::new([seed; 32]),
        recovery_key: [seed; 32],
    };
    county.write(move |tx| enrol::sign_in(tx, NOW, staff_id, &device, earlier))
}

fn a_repeat_after_signing_in_again_is_known_and_has_no_second_effect(store: &Store) {
    let county = County::new(store);
    let order = county.order(20, OrderKind::AdHoc);
    let mut phone = Phone::enrol(&county, 0, 30);
    let note = phone.command(Some(order), Body::Note("生成的备注".to_owned()));
    // The answer to this is lost; the person signs in again before the next try.
    let lost = phone.push(&county, std::slice::from_ref(&note));
    let again = sign_in(&county, phone.actor.staff_id, 31, Some(phone.device_id));
    assert_eq!(again.device.id, phone.device_id);
    assert_eq!(again.device.last_n, 1);
    let repeated = phone.push_raw(&county, vec![encoded(&note)]);
    assert_eq!(repeated.results, lost.results);
    assert_eq!(repeated.results[0].outcome, Outcome::Accepted);
    assert_eq!(county.load(order).version, 3);
    assert_eq!(county.count("SELECT COUNT(*) FROM devices"), 1);
    assert_eq!(county.count("SELECT COUNT(*) FROM commands"), 1);
    let model = "SELECT COUNT(*) FROM devices WHERE model = 'generated again'";
    assert_eq!(county.count(model), 1);
}

fn the_last_of_two_copies_that_signed_in_goes_on(store: &Store) {
    let county = County::new(store);
    let phone = Phone::enrol(&county, 0, 30);
    sign_in(&county, phone.actor.staff_id, 31, Some(phone.device_id));
    let is_live = |seed: u8| {
        let hash = NewToken::new([seed; 32]).hash;
        let found = store
            .read_blocking(move |tx| -> Result<_, StoreError> { session::find(tx, &hash, NOW) });
        found.unwrap().is_some()
    };
    assert!(!is_live(30), "the first token has ended");
    assert!(is_live(31));
}

fn a_phone_keeps_its_recovery_key_and_shares_it_with_nobody(store: &Store) {
    let county = County::new(store);
    let phone = Phone::enrol(&county, 0, 30);
    let first = sign_in(&county, phone.actor.staff_id, 31, Some(phone.device_id));
    assert_eq!(
        first.recovery_key,
        "1e".repeat(32),
        "drawn when it was enrolled"
    );
    let other = sign_in(&county, county.electricians[1], 32, Some(phone.device_id));
    assert_eq!(other.recovery_key, "20".repeat(32));
    // A phone of before there were recovery keys gets one with its next sign-in.
    county.write(|tx| {
        tx.execute("UPDATE devices SET recovery_key = NULL", args![])?;
        Ok(())
    });
    let late = sign_in(&county, phone.actor.staff_id, 33, Some(phone.device_id));
    assert_eq!(late.recovery_key, "21".repeat(32));
}

fn a_phone_of_somebody_else_or_a_retired_one_is_not_taken_up(store: &Store) {
    let county = County::new(store);
    let phone = Phone::enrol(&county, 0, 30);
    let other = sign_in(&county, county.electricians[1], 31, Some(phone.device_id));
    assert_eq!(other.device.id, DeviceId::new(NOW, [31; 10]));
    let unknown = DeviceId::new(NOW, [99; 10]);
    let fresh = sign_in(&county, phone.actor.staff_id, 32, Some(unknown));
    assert_eq!(
        (fresh.device.id, fresh.device.last_n),
        (DeviceId::new(NOW, [32; 10]), 0)
    );
    county.write(|tx| {
        tx.execute("UPDATE devices SET state = 'retired'", args![])?;
        Ok(())
    });
    let after = sign_in(&county, phone.actor.staff_id, 33, Some(phone.device_id));
    assert_eq!(after.device.id, DeviceId::new(NOW, [33; 10]));
    assert_eq!(
        county.count("SELECT COUNT(*) FROM devices WHERE state = 'active'"),
        1
    );
}

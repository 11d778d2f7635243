//! A newer version of the app: believed only with a release key's signature, fetched across cuts,
//! handed out only with the right bytes, never older.

use crate::support::Bench;
use crate::support::records::order;
use dianma_core::error::CoreError;
use dianma_core::release::{PackageFacts, Standing};
use dianma_core::store::trust;
use dianma_core::sync::transport::{Answer, Request, Transport, Unreachable};
use dianma_core::work::AlertKind;
use dianma_schema::fault;
use dianma_schema::label::keys::{KeyEntry, KeyList};
use dianma_schema::label::seal::KeyPurpose;
use dianma_schema::release::Release;
use dianma_schema::wire::sync::TrustUpdate;
use ed25519_dalek::SigningKey;
use sha2::{Digest as _, Sha256};

const NOW_MS: i64 = 1_800_000_000_000;
const PLENTY: u64 = 8 << 30;
const INSTALLED: u32 = 5;
const HOUR_MS: i64 = 3_600_000;

fn key(n: u8) -> SigningKey {
    SigningKey::from_bytes(&[n; 32])
}

/// A phone that trusts one release key.
fn phone() -> Bench {
    let bench = Bench::new();
    let list = KeyList {
        serial: 1,
        issued_at_ms: NOW_MS,
        keys: vec![KeyEntry {
            purpose: KeyPurpose::Release,
            public_key: key(40).verifying_key().to_bytes(),
            not_before_day: 0,
            not_after_day: None,
            area: String::new(),
            is_revoked: false,
        }],
        next_root: None,
    };
    let update = TrustUpdate {
        root: Some(key(1).verifying_key().to_bytes().to_vec().into()),
        key_lists: Some(vec![list.seal(&key(1)).into()]),
        ..TrustUpdate::default()
    };
    let taken = bench.phone.inspect(|db| trust::apply(db, &update, NOW_MS));
    taken.unwrap().unwrap();
    bench
}

/// A server with one package.
struct Shop {
    record: Option<Vec<u8>>,
    package: Vec<u8>,
    /// The signal goes after so many pieces.
    cut_after: usize,
    pieces: usize,
}

fn package() -> Vec<u8> {
    (0..1_300_000u32)
        .map(|n| n.to_le_bytes()[n as usize % 3])
        .collect()
}

fn release(package: &[u8], version_code: u32) -> Release {
    Release {
        version_code,
        version_name: format!("1.{version_code}"),
        size: package.len() as u64,
        sha256: Sha256::digest(package).into(),
        notes_zh: "生成的说明".to_owned(),
        notes_en: String::new(),
        published_at_ms: NOW_MS,
    }
}

fn shop(version_code: u32, signer: u8) -> Shop {
    let package = package();
    Shop {
        record: Some(release(&package, version_code).seal(&key(signer))),
        package,
        cut_after: usize::MAX,
        pieces: 0,
    }
}

fn answer(status: u16, headers: Vec<(String, String)>, body: Vec<u8>) -> Answer {
    Answer {
        status,
        headers,
        body,
    }
}

impl Transport for Shop {
    fn exchange(&mut self, request: &Request) -> Result<Answer, Unreachable> {
        assert!(request.token.is_some());
        if request.path == "/v1/app_releases/newest" {
            let hex =
                |bytes: &Vec<u8>| bytes.iter().map(|b| format!("{b:02x}")).collect::<String>();
            let record = self.record.as_ref().map(hex);
            let body = serde_json::json!({ "record": record }).to_string();
            return Ok(answer(200, Vec::new(), body.into_bytes()));
        }
        if self.pieces >= self.cut_after {
            return Err(Unreachable::Offline);
        }
        self.pieces += 1;
        let range = &request
            .headers
            .iter()
            .find(|(name, _)| *name == "range")
            .unwrap()
            .1;
        let (from, last) = range
            .strip_prefix("bytes=")
            .unwrap()
            .split_once('-')
            .unwrap();
        let (from, last): (usize, usize) = (from.parse().unwrap(), last.parse().unwrap());
        let last = last.min(self.package.len() - 1);
        let told = format!("bytes {from}-{last}/{}", self.package.len());
        let headers = vec![("content-range".to_owned(), told)];
        Ok(answer(206, headers, self.package[from..=last].to_vec()))
    }
}

fn fetch_all(bench: &Bench, shop: &mut Shop) -> Result<(), CoreError> {
    loop {
        if bench
            .phone
            .releases()
            .fetch(shop, INSTALLED, PLENTY)?
            .is_whole
        {
            return Ok(());
        }
    }
}

fn item(error: &CoreError) -> &str {
    &error.fault().fields[0].field
}

#[test]
fn a_signed_newer_package_comes_whole_across_a_cut_and_a_restart() {
    let mut bench = phone();
    let mut shop = shop(6, 40);
    assert_eq!(
        bench.phone.releases().standing(INSTALLED).unwrap(),
        Standing::Unknown
    );
    let offered = bench.phone.releases().ask(&mut shop, INSTALLED).unwrap();
    assert!(matches!(&offered, Standing::Offered(o) if o.have_bytes == 0 && !o.is_whole));
    shop.cut_after = 1;
    let cut = fetch_all(&bench, &mut shop).unwrap_err();
    assert_eq!(cut.code(), fault::N_NO_SERVER);
    bench.restart();
    let releases = bench.phone.releases();
    let Standing::Offered(offer) = releases.standing(INSTALLED).unwrap() else {
        panic!("the offer is forgotten");
    };
    assert_eq!(offer.have_bytes, 512 * 1024, "the first piece is kept");
    assert!(
        releases.package(INSTALLED).is_err(),
        "half a package is none"
    );
    shop.cut_after = usize::MAX;
    fetch_all(&bench, &mut shop).unwrap();
    assert_eq!(shop.pieces, 3, "no piece was asked for twice");
    let path = releases.package(INSTALLED).unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), shop.package);
    let facts = PackageFacts {
        is_our_app: true,
        version_code: 6,
        is_same_signer: true,
    };
    releases.judge_package(INSTALLED, &facts).unwrap();
    assert!(path.exists());
    assert!(
        matches!(releases.standing(6).unwrap(), Standing::Current(_)),
        "after the update nothing is offered"
    );
}

#[test]
fn what_is_not_signed_or_older_is_refused_and_not_kept() {
    let bench = phone();
    let releases = bench.phone.releases();
    let stranger = releases.ask(&mut shop(6, 41), INSTALLED).unwrap_err();
    assert_eq!(
        (stranger.code(), item(&stranger)),
        (fault::E_RELEASE, "signature")
    );
    let old = releases.ask(&mut shop(4, 40), INSTALLED).unwrap_err();
    assert_eq!((old.code(), item(&old)), (fault::S_OLD_RELEASE, "version"));
    assert!(old.fault().fields[0].message.contains("1.4（4）"));
    assert_eq!(releases.standing(INSTALLED).unwrap(), Standing::Unknown);
    let same = releases.ask(&mut shop(5, 40), INSTALLED).unwrap();
    assert!(matches!(same, Standing::Current(_)));
    let none = releases
        .fetch(&mut shop(6, 40), INSTALLED, PLENTY)
        .unwrap_err();
    assert_eq!(none.code(), fault::V_NOT_FOUND);
}

#[test]
fn the_phone_asks_once_a_day_and_after_an_hour_when_that_failed() {
    let bench = phone();
    let mut shop = shop(5, 40);
    let seek = |shop: &mut Shop| bench.phone.releases().seek(shop, INSTALLED);
    let current = seek(&mut shop).unwrap();
    assert!(matches!(current, Some(Standing::Current(_))));
    shop.record = Some(release(&shop.package, 6).seal(&key(41)));
    bench.clock.pass_ms(23 * HOUR_MS);
    assert_eq!(seek(&mut shop).unwrap(), None, "asked today");
    bench.clock.pass_ms(HOUR_MS);
    assert_eq!(seek(&mut shop).unwrap_err().code(), fault::E_RELEASE);
    shop.record = Some(release(&shop.package, 6).seal(&key(40)));
    bench.clock.pass_ms(HOUR_MS - 1);
    assert_eq!(seek(&mut shop).unwrap(), None, "tried within the hour");
    bench.clock.pass_ms(1);
    let offered = seek(&mut shop).unwrap();
    assert!(matches!(offered, Some(Standing::Offered(_))));
}

#[test]
fn a_newer_version_is_told_once_and_last_until_it_runs() {
    let mut bench = phone();
    bench.server.put_order(order(1));
    bench.sync();
    let told = |installed| bench.phone.orders().alerts(installed).unwrap().alerts;
    assert_eq!(told(INSTALLED).len(), 1);
    let mut shop = shop(6, 40);
    bench.phone.releases().ask(&mut shop, INSTALLED).unwrap();
    let all = told(INSTALLED);
    let last = all.last().unwrap();
    assert_eq!(last.kind, AlertKind::Update);
    assert!(last.is_fresh && last.text_zh.contains("1.6"));
    let covers: Vec<String> = all.iter().flat_map(|one| one.covers.clone()).collect();
    bench.phone.orders().alerts_told(&covers).unwrap();
    assert!(!told(INSTALLED).last().unwrap().is_fresh);
    assert!(told(6).iter().all(|one| one.kind != AlertKind::Update));
}

#[test]
fn other_bytes_than_the_signed_ones_are_thrown_away() {
    let bench = phone();
    let releases = bench.phone.releases();
    let mut bent = shop(6, 40);
    releases.ask(&mut bent, INSTALLED).unwrap();
    bent.package[700_000] ^= 1;
    let wrong = fetch_all(&bench, &mut bent).unwrap_err();
    assert_eq!((wrong.code(), item(&wrong)), (fault::E_RELEASE, "package"));
    let Standing::Offered(offer) = releases.standing(INSTALLED).unwrap() else {
        panic!("the offer stays");
    };
    assert_eq!(offer.have_bytes, 0, "nothing of it is left");
    let mut short = shop(6, 40);
    short.package.truncate(1_000_000);
    let wrong = fetch_all(&bench, &mut short).unwrap_err();
    assert_eq!((wrong.code(), item(&wrong)), (fault::E_RELEASE, "package"));
    let full = releases
        .fetch(&mut shop(6, 40), INSTALLED, 1 << 20)
        .unwrap_err();
    assert_eq!(full.code(), fault::D_DISK);
}

#[test]
fn the_package_is_judged_again_before_the_installer_and_a_wrong_one_is_gone() {
    let facts = |is_our_app, version_code, is_same_signer| PackageFacts {
        is_our_app,
        version_code,
        is_same_signer,
    };
    for wrong in [
        facts(false, 6, true),
        facts(true, 6, false),
        facts(true, 7, true),
    ] {
        let bench = phone();
        let releases = bench.phone.releases();
        let mut shop = shop(6, 40);
        releases.ask(&mut shop, INSTALLED).unwrap();
        fetch_all(&bench, &mut shop).unwrap();
        let path = releases.package(INSTALLED).unwrap();
        let refused = releases.judge_package(INSTALLED, &wrong).unwrap_err();
        assert_eq!(refused.code(), fault::E_RELEASE, "{wrong:?}");
        assert!(!path.exists(), "{wrong:?}");
    }
    let bench = phone();
    let releases = bench.phone.releases();
    let mut shop = shop(6, 40);
    releases.ask(&mut shop, INSTALLED).unwrap();
    fetch_all(&bench, &mut shop).unwrap();
    let path = releases.package(INSTALLED).unwrap();
    let mut changed = shop.package.clone();
    changed[9] ^= 1;
    std::fs::write(&path, changed).unwrap();
    assert_eq!(
        releases.package(INSTALLED).unwrap_err().code(),
        fault::E_RELEASE
    );
    assert!(!path.exists());
}

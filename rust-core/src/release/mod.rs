//! A newer version of the app (更新): asked of the server, believed only when a release key has signed
//! it, fetched in pieces that a cut does not lose, and handed out only with the right size and hash.
//! Installing is the platform's and the person's business.

mod fetch;
mod package;
mod seek;

pub use package::PackageFacts;

use crate::error::CoreError;
use crate::shared::Shared;
use crate::store::{settings, settings::name, trust};
use crate::sync::asked::ask;
use crate::sync::transport::{Method, Request, Transport};
use crate::text::{from_hex, hex};
use dianma_schema::fault;
use dianma_schema::release::{Release, ReleaseError};
use serde::Deserialize;
use std::path::PathBuf;
use std::sync::Arc;

/// What is known of newer versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The server was never asked on this phone.
    Unknown,
    /// Nothing newer when the server was asked, epoch ms.
    Current(i64),
    /// A newer one.
    Offered(Offer),
}

/// A newer version and how much of it is here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The version, as signed.
    pub release: Release,
    /// Bytes of the package that are here.
    pub have_bytes: u64,
    /// The package is whole and was right when it became so.
    pub is_whole: bool,
}

/// Newer versions of the app.
#[derive(Clone, Debug)]
pub struct Releases {
    shared: Arc<Shared>,
}

#[derive(Deserialize)]
struct Body {
    record: Option<String>,
}

impl Releases {
    pub(crate) const fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }

    /// What is known, without a network. `installed` is the version code of the running app.
    pub fn standing(&self, installed: u32) -> Result<Standing, CoreError> {
        let (signed, asked_at_ms) = self.shared.read(|db| {
            let signed: Option<Vec<u8>> = settings::get(db, name::RELEASE)?;
            Ok((signed, settings::get(db, name::RELEASE_ASKED_AT_MS)?))
        })?;
        // Judged anew each time: the key may have leaked since, or the app been updated.
        if let Some(signed) = signed
            && let Ok(release) = self.open(&signed)
            && release.version_code > installed
        {
            let (have_bytes, is_whole) = self.progress(&release)?;
            return Ok(Standing::Offered(Offer {
                release,
                have_bytes,
                is_whole,
            }));
        }
        Ok(asked_at_ms.map_or(Standing::Unknown, Standing::Current))
    }

    /// Asks the server. Blocking on the network. What is not signed, or older than the running app, is
    /// refused and not kept.
    pub fn ask(
        &self,
        transport: &mut dyn Transport,
        installed: u32,
    ) -> Result<Standing, CoreError> {
        let request = self.request("/v1/app_releases/newest".to_owned(), Vec::new())?;
        let answer = ask(transport, &request, &[200])?;
        let body: Body = serde_json::from_slice(&answer.body)
            .map_err(|error| CoreError::of(fault::N_NOT_OURS).because(&error.to_string()))?;
        let now_ms = self.shared.server_now_ms()?;
        let signed = match body.record {
            None => None,
            Some(text) => Some(from_hex(&text).ok_or_else(|| refused(ReleaseError::Damaged))?),
        };
        let mut kept = None;
        if let Some(signed) = signed {
            let release = self.open(&signed)?;
            if release.version_code < installed {
                return Err(older(&release, installed));
            }
            kept = (release.version_code > installed).then_some((signed, release));
        }
        self.sweep(kept.as_ref().map(|(_, release)| release))?;
        self.shared.write(|tx| {
            settings::set(tx, name::RELEASE_ASKED_AT_MS, now_ms)?;
            match &kept {
                Some((signed, _)) => settings::set(tx, name::RELEASE, signed),
                None => settings::clear(tx, name::RELEASE),
            }
        })?;
        self.standing(installed)
    }

    fn open(&self, signed: &[u8]) -> Result<Release, CoreError> {
        let keys = self.shared.read(trust::keys)?;
        let opened = keys.map_or(Err(ReleaseError::NotSigned), |keys| {
            Release::open(signed, &keys)
        });
        opened.map_err(refused)
    }

    fn offered(&self, installed: u32) -> Result<Offer, CoreError> {
        match self.standing(installed)? {
            Standing::Offered(offer) => Ok(offer),
            _ => Err(CoreError::of(fault::V_NOT_FOUND)
                .because_of("没有可更新的版本", "there is no newer version")),
        }
    }

    fn request(
        &self,
        path: String,
        headers: Vec<(&'static str, String)>,
    ) -> Result<Request, CoreError> {
        let token = self.shared.token()?;
        Ok(Request {
            method: Method::Get,
            path,
            token: Some(token.ok_or_else(|| CoreError::of(fault::A_SIGN_IN))?),
            content_type: None,
            headers,
            body: Vec::new(),
        })
    }

    fn folder(&self) -> Result<PathBuf, CoreError> {
        let store = self
            .shared
            .with_store(|store| Ok(store.home().root.clone()))?;
        let folder = store.join("release");
        std::fs::create_dir_all(&folder)?;
        Ok(folder)
    }

    fn whole_path(&self, release: &Release) -> Result<PathBuf, CoreError> {
        Ok(self.folder()?.join(format!("{}.apk", hex(&release.sha256))))
    }
}

fn refused(error: ReleaseError) -> CoreError {
    let (zh, en) = match error {
        ReleaseError::Damaged => ("发布记录读不出来", "the release record cannot be read"),
        ReleaseError::NotSigned => (
            "发布记录没有可信的签名",
            "the release record is not signed by a key this phone trusts",
        ),
    };
    CoreError::of(fault::E_RELEASE).field("signature", zh, en)
}

fn older(release: &Release, installed: u32) -> CoreError {
    let (name, code) = (&release.version_name, release.version_code);
    CoreError::of(fault::S_OLD_RELEASE).field(
        "version",
        &format!("服务器：{name}（{code}），手机：{installed}"),
        &format!("server: {name} ({code}), phone: {installed}"),
    )
}

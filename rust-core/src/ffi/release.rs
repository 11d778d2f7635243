//! A newer version of the app at the door: what is known of it, fetching it piece by piece, and the
//! checks before the installer may open.

use super::errors::guarded;
use super::sync::megabytes;
use super::{Core, PhoneError, Words};
use crate::error::CoreError;
use crate::release::{Offer, PackageFacts, Standing};
use crate::work::moment;
use std::sync::atomic::Ordering;

/// So long after an exchange the network is believed to be still there.
const JUST_NOW_MS: i64 = 120_000;

/// The running app, as the system says.
#[derive(uniffi::Record, Clone, Debug, PartialEq, Eq)]
pub struct InstalledApp {
    /// `versionCode`.
    pub version_code: u32,
    /// `versionName`.
    pub version_name: String,
}

/// What the update screen shows.
#[derive(uniffi::Record, Clone, Debug, PartialEq, Eq)]
pub struct UpdateView {
    /// `unknown`, `current`, `offered` or `ready`.
    pub state: String,
    /// "有新版本 1.2.0", "已是最新版本 0.1.0".
    pub headline: Words,
    /// Size, or when the server was asked.
    pub line: Words,
    /// What is new; empty when nothing is.
    pub notes: Words,
    /// Share of the package that is here, 0 to 100.
    pub percent: u32,
    /// "已下载 2.1 MB / 5.1 MB"; empty when nothing is here.
    pub progress: Words,
}

/// What the system reads in a package.
#[derive(uniffi::Record, Clone, Debug, PartialEq, Eq)]
pub struct PackageView {
    /// It is a package of this app.
    pub is_our_app: bool,
    /// `versionCode`; 0 = not known.
    pub version_code: u32,
    /// Signed with the certificate of the running app.
    pub is_same_signer: bool,
}

#[uniffi::export]
impl Core {
    /// What is known of a newer version, without a network.
    pub fn update(&self, installed: InstalledApp) -> Result<UpdateView, PhoneError> {
        guarded(|| {
            let standing = self.phone().releases().standing(installed.version_code)?;
            self.update_view(standing, &installed)
        })
    }

    /// Asks the server for a newer version. Blocking on the network. One that is not signed, or older
    /// than the running app, is refused.
    pub fn ask_update(&self, installed: InstalledApp) -> Result<UpdateView, PhoneError> {
        guarded(|| {
            let mut transport = self.transport()?;
            let releases = self.phone().releases();
            let standing = releases.ask(&mut transport, installed.version_code)?;
            self.update_view(standing, &installed)
        })
    }

    /// The same without being told to: when the server has just been heard, and not more often than
    /// once a day. True when something newer turned up. Blocking on the network.
    pub fn seek_update(&self, installed: InstalledApp) -> Result<bool, PhoneError> {
        guarded(|| {
            if !self.has_just_reached()? {
                return Ok(false);
            }
            let mut transport = self.transport()?;
            let releases = self.phone().releases();
            let found = releases.seek(&mut transport, installed.version_code)?;
            Ok(matches!(found, Some(Standing::Offered(_))))
        })
    }

    /// Fetches the next piece of the package: call it again until the state is `ready`. Blocking on the
    /// network. What is here stays when it fails.
    pub fn fetch_update(
        &self,
        installed: InstalledApp,
        free_bytes: u64,
    ) -> Result<UpdateView, PhoneError> {
        guarded(|| {
            let mut transport = self.transport()?;
            let releases = self.phone().releases();
            let offer = releases.fetch(&mut transport, installed.version_code, free_bytes)?;
            self.update_view(Standing::Offered(offer), &installed)
        })
    }

    /// Where the whole package lies, checked once more.
    pub fn update_package(&self, installed: InstalledApp) -> Result<String, PhoneError> {
        guarded(|| {
            let path = self.phone().releases().package(installed.version_code)?;
            Ok(path.to_string_lossy().into_owned())
        })
    }

    /// Judges what the system reads in the package; a wrong one is removed. Only when it returns may
    /// the installer open.
    pub fn judge_package(
        &self,
        installed: InstalledApp,
        package: PackageView,
    ) -> Result<(), PhoneError> {
        guarded(|| {
            let facts = PackageFacts {
                is_our_app: package.is_our_app,
                version_code: package.version_code,
                is_same_signer: package.is_same_signer,
            };
            let releases = self.phone().releases();
            releases.judge_package(installed.version_code, &facts)
        })
    }
}

impl Core {
    /// Whether an exchange of the last two minutes was answered: no try into a dead network.
    fn has_just_reached(&self) -> Result<bool, CoreError> {
        let reached_ms = self.runner.reached_at_ms.load(Ordering::Relaxed);
        Ok(reached_ms > 0 && self.now_ms()? - reached_ms < JUST_NOW_MS)
    }

    fn update_view(
        &self,
        standing: Standing,
        installed: &InstalledApp,
    ) -> Result<UpdateView, CoreError> {
        Ok(match standing {
            Standing::Unknown => plain(
                "unknown",
                Words {
                    zh: format!("现在的版本 {}", installed.version_name),
                    en: format!("This is version {}", installed.version_name),
                },
                Words::new("还没有检查过更新", "Not checked for updates yet"),
            ),
            Standing::Current(at_ms) => {
                let at = moment(at_ms, self.now_ms()?);
                plain(
                    "current",
                    Words {
                        zh: format!("已是最新版本 {}", installed.version_name),
                        en: format!("Up to date: {}", installed.version_name),
                    },
                    Words {
                        zh: format!("{at} 检查过"),
                        en: format!("Checked {at}"),
                    },
                )
            }
            Standing::Offered(offer) => offered(&offer, installed),
        })
    }
}

fn plain(state: &str, headline: Words, line: Words) -> UpdateView {
    UpdateView {
        state: state.to_owned(),
        headline,
        line,
        notes: Words::default(),
        percent: 0,
        progress: Words::default(),
    }
}

fn offered(offer: &Offer, installed: &InstalledApp) -> UpdateView {
    let release = &offer.release;
    let (name, size) = (&release.version_name, megabytes(release.size));
    let have = megabytes(offer.have_bytes);
    let progress = if offer.is_whole {
        Words {
            zh: format!("已下载 {size}，校验通过"),
            en: format!("{size} downloaded and verified"),
        }
    } else if offer.have_bytes > 0 {
        Words {
            zh: format!("已下载 {have} / {size}"),
            en: format!("{have} of {size} downloaded"),
        }
    } else {
        Words::default()
    };
    let percent = (offer.have_bytes * 100)
        .checked_div(release.size)
        .unwrap_or(0);
    UpdateView {
        state: if offer.is_whole { "ready" } else { "offered" }.to_owned(),
        headline: Words {
            zh: format!("有新版本 {name}"),
            en: format!("Version {name} is there"),
        },
        line: Words {
            zh: format!("大小 {size}，现在的版本 {}", installed.version_name),
            en: format!("{size}, this is version {}", installed.version_name),
        },
        notes: Words {
            zh: release.notes_zh.clone(),
            en: if release.notes_en.is_empty() {
                release.notes_zh.clone()
            } else {
                release.notes_en.clone()
            },
        },
        percent: u32::try_from(percent).unwrap_or(100),
        progress,
    }
}

//! The last look before the installer opens: the file once more, and what the system reads in it.

use super::Releases;
use super::fetch::is_signed_one;
use crate::error::CoreError;
use dianma_schema::fault;
use std::path::PathBuf;

/// What the system says about a package file and the running app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackageFacts {
    /// The system could read it as a package of this app.
    pub is_our_app: bool,
    /// Its version code; 0 = not known.
    pub version_code: u32,
    /// It is signed with the certificate of the running app.
    pub is_same_signer: bool,
}

impl Releases {
    /// The whole package, checked once more: it lay on the disk since it was fetched.
    pub fn package(&self, installed: u32) -> Result<PathBuf, CoreError> {
        let release = self.offered(installed)?.release;
        let path = self.whole_path(&release)?;
        if !path.is_file() {
            return Err(CoreError::of(fault::V_NOT_FOUND)
                .because_of("安装包还没有下载完", "the package is not downloaded yet"));
        }
        if is_signed_one(&path, &release)? {
            return Ok(path);
        }
        Err(self.spoiled(
            &release,
            "下载的文件被改动过，已删除",
            "the file was changed since; it was removed",
        ))
    }

    /// Judges what the system reads in the package; a wrong one is removed.
    pub fn judge_package(&self, installed: u32, facts: &PackageFacts) -> Result<(), CoreError> {
        let release = self.offered(installed)?.release;
        let wrong = if !facts.is_our_app {
            Some((
                "不是本应用的安装包，已删除",
                "not a package of this app; it was removed",
            ))
        } else if !facts.is_same_signer {
            Some((
                "签名证书和本应用不同，已删除",
                "signed with another certificate than this app; it was removed",
            ))
        } else if facts.version_code != release.version_code {
            Some((
                "安装包的版本号和发布记录不一致，已删除",
                "its version is not the one that was published; it was removed",
            ))
        } else {
            None
        };
        wrong.map_or(Ok(()), |(zh, en)| Err(self.spoiled(&release, zh, en)))
    }
}

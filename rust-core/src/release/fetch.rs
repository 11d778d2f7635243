//! The package in pieces: each is on disk before the next is asked for, so that a lost signal or a
//! killed app goes on where it was. A whole package gets its name only when size and hash are right.

use super::{Offer, Releases};
use crate::error::CoreError;
use crate::store::journal::sync_directory;
use crate::sync::asked::ask;
use crate::sync::transport::Transport;
use crate::text::hex;
use dianma_schema::fault;
use dianma_schema::release::Release;
use sha2::{Digest as _, Sha256};
use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

/// Bytes asked for at a time: half a minute on a slow network, and little to lose.
const PIECE_BYTES: u64 = 512 * 1024;
/// Kept free beside the package: the system copies it once more while it installs.
const SPARE_BYTES: u64 = 64 * 1024 * 1024;
const BLOCK_BYTES: usize = 64 * 1024;

impl Releases {
    /// Fetches the next piece. Blocking on the network. `free_bytes` is what the platform says is left.
    pub fn fetch(
        &self,
        transport: &mut dyn Transport,
        installed: u32,
        free_bytes: u64,
    ) -> Result<Offer, CoreError> {
        let offer = self.offered(installed)?;
        if offer.is_whole {
            return Ok(offer);
        }
        let release = &offer.release;
        room(release.size - offer.have_bytes, free_bytes)?;
        if offer.have_bytes < release.size {
            let last = (offer.have_bytes + PIECE_BYTES).min(release.size) - 1;
            let range = format!("bytes={}-{last}", offer.have_bytes);
            let path = format!("/v1/app_releases/{}", hex(&release.sha256));
            let answer = ask(
                transport,
                &self.request(path, vec![("range", range)])?,
                &[206],
            )?;
            let told = answer.header("content-range").unwrap_or_default();
            let is_piece = told == format!("bytes {}-{last}/{}", offer.have_bytes, release.size)
                && answer.body.len() as u64 == last + 1 - offer.have_bytes;
            if !is_piece {
                return Err(self.spoiled(
                    release,
                    "大小和发布记录不一致",
                    "its size is not the one that was signed",
                ));
            }
            self.append(release, &answer.body)?;
        }
        self.finish(release)?;
        self.offered(installed)
    }

    /// Bytes here, and whether the package is whole.
    pub(super) fn progress(&self, release: &Release) -> Result<(u64, bool), CoreError> {
        let whole = self.whole_path(release)?;
        if whole
            .metadata()
            .is_ok_and(|file| file.len() == release.size)
        {
            return Ok((release.size, true));
        }
        let part = self.part_path(release)?;
        let have = part.metadata().map_or(0, |file| file.len());
        Ok((have.min(release.size), false))
    }

    /// Removes packages of other releases.
    pub(super) fn sweep(&self, kept: Option<&Release>) -> Result<(), CoreError> {
        let kept = kept.map(|release| hex(&release.sha256));
        for entry in std::fs::read_dir(self.folder()?)?.flatten() {
            let path = entry.path();
            let name = path.file_stem().and_then(|name| name.to_str());
            if name.is_none_or(|name| Some(name) != kept.as_deref()) {
                std::fs::remove_file(path)?;
            }
        }
        Ok(())
    }

    /// Forgets what is here of a package, and says why.
    pub(super) fn spoiled(&self, release: &Release, zh: &str, en: &str) -> CoreError {
        let paths = [self.part_path(release), self.whole_path(release)];
        for path in paths.into_iter().flatten() {
            // What cannot be removed now is judged again before it is used.
            let _ = std::fs::remove_file(path);
        }
        CoreError::of(fault::E_RELEASE).field("package", zh, en)
    }

    fn part_path(&self, release: &Release) -> Result<PathBuf, CoreError> {
        Ok(self
            .folder()?
            .join(format!("{}.part", hex(&release.sha256))))
    }

    fn append(&self, release: &Release, piece: &[u8]) -> Result<(), CoreError> {
        let path = self.part_path(release)?;
        let mut file = File::options().create(true).append(true).open(path)?;
        file.write_all(piece)?;
        Ok(file.sync_all()?)
    }

    /// Gives a whole package its name, when it is the one that was signed.
    fn finish(&self, release: &Release) -> Result<(), CoreError> {
        let part = self.part_path(release)?;
        if part.metadata()?.len() < release.size {
            return Ok(());
        }
        if !is_signed_one(&part, release)? {
            return Err(self.spoiled(
                release,
                "内容和签名的校验值不一致",
                "its content is not the one that was signed",
            ));
        }
        let whole = self.whole_path(release)?;
        std::fs::rename(part, &whole)?;
        Ok(sync_directory(&whole)?)
    }
}

/// Whether a file has the size and hash of a release.
pub(super) fn is_signed_one(path: &Path, release: &Release) -> Result<bool, CoreError> {
    let mut file = File::open(path)?;
    if file.metadata()?.len() != release.size {
        return Ok(false);
    }
    let mut hash = Sha256::new();
    let mut block = vec![0; BLOCK_BYTES];
    loop {
        let count = file.read(&mut block)?;
        match block.get(..count) {
            Some(bytes) if !bytes.is_empty() => hash.update(bytes),
            _ => break,
        }
    }
    Ok(<[u8; 32]>::from(hash.finalize()) == release.sha256)
}

fn room(missing: u64, free_bytes: u64) -> Result<(), CoreError> {
    let needed = missing + SPARE_BYTES;
    if free_bytes >= needed {
        return Ok(());
    }
    let megabytes = (needed - free_bytes).div_ceil(1024 * 1024);
    Err(CoreError::of(fault::D_DISK).field(
        "space",
        &format!("下载更新还差 {megabytes} MB"),
        &format!("{megabytes} MB are missing for the update"),
    ))
}

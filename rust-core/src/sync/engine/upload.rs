//! Evidence bytes after a sync: which file, how large a piece, what a failure means for the file. Only
//! what is wrong with the file itself stops the file; everything else is tried again.

use super::{Engine, Phase};
use crate::entropy::Entropy;
use crate::error::CoreError;
use crate::store::files::FileJob;
use crate::sync::message::{Effect, Failure, FileState};
use crate::sync::policy;
use dianma_schema::fault;
use dianma_schema::wire::sync::NetClass;

/// Smallest and largest piece of a file in one request.
const MIN_CHUNK: u64 = 16 * 1024;
const MAX_CHUNK: u64 = 1024 * 1024;
/// One piece should take at most this long at the measured rate.
const CHUNK_TARGET_MS: u64 = 20_000;
/// A file whose bytes came with a wrong hash so often is not sent again.
const FILE_TRIES: u32 = 3;

impl Engine {
    /// After a sync: the next file when the network allows it, else rest.
    pub(super) fn next_file(&mut self, now_ms: u64) -> Vec<Effect> {
        if self.was_kicked {
            return self.load();
        }
        if !policy::sends_files(self.net) {
            return self.rest(now_ms);
        }
        self.phase = Phase::Picking;
        vec![Effect::PickFile]
    }

    pub(super) fn picked(&mut self, now_ms: u64, job: Option<FileJob>) -> Vec<Effect> {
        match job {
            Some(job) => {
                self.phase = Phase::Asking(job.clone());
                vec![Effect::AskFile(job)]
            }
            None => self.rest(now_ms),
        }
    }

    pub(super) fn file(
        &mut self,
        now_ms: u64,
        state: Result<FileState, Failure>,
        entropy: &mut dyn Entropy,
    ) -> Result<Vec<Effect>, CoreError> {
        let (job, is_piece) = match &self.phase {
            Phase::Asking(job) => (job.clone(), false),
            Phase::Piece(job) => (job.clone(), true),
            _ => return Ok(Vec::new()),
        };
        match state {
            // A piece that moved nothing, or all bytes there and still not complete: asking again
            // and again without a pause would help nobody.
            Ok(state) if is_stuck(&job, state, is_piece) => {
                let failure = Failure {
                    code: fault::E_OFFSET,
                    retry_after_s: 0,
                };
                self.file_failed(now_ms, &job, failure, entropy)
            }
            Ok(state) => Ok(self.file_reached(now_ms, &job, state)),
            Err(failure) => self.file_failed(now_ms, &job, failure, entropy),
        }
    }

    fn file_reached(&mut self, now_ms: u64, job: &FileJob, state: FileState) -> Vec<Effect> {
        self.measure(job, state);
        let offset = state.offset.min(job.size);
        // Only bytes that stay count as success: a server that forgets them would be asked for ever.
        if state.is_complete || offset > job.sent_bytes {
            self.failures = 0;
            self.file_failures = 0;
        }
        let mut effects = vec![Effect::FileReached {
            sha256: job.sha256,
            offset,
            is_complete: state.is_complete,
        }];
        if state.is_complete || self.was_kicked {
            self.phase = Phase::Idle;
            effects.extend(self.next_file(now_ms));
            return effects;
        }
        let length = self.chunk_bytes().min(job.size - offset);
        let job = FileJob {
            sent_bytes: offset,
            ..job.clone()
        };
        self.phase = Phase::Piece(job.clone());
        effects.push(Effect::SendPiece {
            job,
            offset,
            length,
        });
        effects
    }

    fn measure(&mut self, job: &FileJob, state: FileState) {
        let gained = state.offset.saturating_sub(job.sent_bytes);
        if gained > 0 && state.took_ms > 0 {
            let rate = gained * 1_000 / state.took_ms;
            self.rate_bytes_per_s = if self.rate_bytes_per_s == 0 {
                rate
            } else {
                self.rate_bytes_per_s.midpoint(rate)
            };
        }
    }

    fn chunk_bytes(&self) -> u64 {
        let start = match self.net {
            NetClass::Gprs | NetClass::ThreeG => MIN_CHUNK * 4,
            NetClass::FourG | NetClass::Wifi => MAX_CHUNK / 4,
        };
        let wanted = match self.rate_bytes_per_s {
            0 => start,
            rate => rate.saturating_mul(CHUNK_TARGET_MS) / 1_000,
        };
        wanted.clamp(MIN_CHUNK, MAX_CHUNK)
    }

    /// Only what is wrong with the file itself stops the file; everything else is tried again.
    fn file_failed(
        &mut self,
        now_ms: u64,
        job: &FileJob,
        failure: Failure,
        entropy: &mut dyn Entropy,
    ) -> Result<Vec<Effect>, CoreError> {
        self.rate_bytes_per_s /= 2;
        self.file_failures += 1;
        let is_final = matches!(
            failure.code,
            fault::E_NOT_MEDIA
                | fault::E_TOO_LARGE
                | fault::E_MISSING
                | fault::A_ROLE
                | fault::A_DEVICE_REVOKED
        );
        let is_hopeless = failure.code == fault::E_HASH && self.count_wrong_hash(job);
        if is_final || is_hopeless {
            self.file_failures = 0;
            // A retired phone: this file is not wanted (yet), the ones before its retirement are. An
            // answer without a body only says "not yours".
            let code = match failure.code {
                fault::A_ROLE => fault::A_DEVICE_REVOKED,
                code => code,
            };
            let mut effects = vec![Effect::FileRefused {
                sha256: job.sha256,
                code,
            }];
            self.phase = Phase::Idle;
            effects.extend(self.next_file(now_ms));
            return Ok(effects);
        }
        if matches!(failure.code, fault::E_OFFSET | fault::E_HASH) && self.file_failures < 9 {
            self.phase = Phase::Asking(job.clone());
            return Ok(vec![Effect::AskFile(job.clone())]);
        }
        self.failed(now_ms, failure.code, failure.retry_after_s, entropy)
    }

    /// Counts a wrong hash of a file; true when it has been sent in vain often enough. Its local
    /// bytes are damaged then, and sending them again costs the person's data volume for nothing.
    fn count_wrong_hash(&mut self, job: &FileJob) -> bool {
        let before = self.wrong_hash.filter(|(sha256, _)| *sha256 == job.sha256);
        let count = before.map_or(1, |(_, count)| count + 1);
        self.wrong_hash = Some((job.sha256, count));
        count >= FILE_TRIES
    }
}

const fn is_stuck(job: &FileJob, state: FileState, is_piece: bool) -> bool {
    let moved_nothing = is_piece && state.offset <= job.sent_bytes;
    !state.is_complete && (moved_nothing || state.offset >= job.size)
}

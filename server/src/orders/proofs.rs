//! What was proven at the steps of an order, for the reviewer: proof, strength, verdicts, flags.

use crate::args;
use crate::store::{StoreError, Tx};
use dianma_schema::id::WorkOrderId;
use dianma_schema::label::LabelVerdict;
use dianma_schema::label::consent::ConsentStep;
use dianma_schema::order::proof::{Proof, ProofStrength};
use serde::Serialize;
use utoipa::ToSchema;

/// One proof of one step.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ProofView {
    /// Arrival or closing.
    pub step: ConsentStep,
    /// `place` or `consent`.
    pub part: String,
    /// The means.
    pub proof: Proof,
    /// What it is worth.
    pub strength: ProofStrength,
    /// The server's verdict on the code.
    pub verdict: Option<LabelVerdict>,
    /// The phone's verdict at that time.
    pub phone_verdict: Option<LabelVerdict>,
    /// Edition of the label.
    pub revision: Option<i64>,
    /// Letter of the label's grade.
    pub grade: Option<String>,
    /// Metres between the fix and the archive's place.
    pub distance_m: Option<i64>,
    /// What speaks against it: `place_far`, `other_meter`, `void_later`, `double_use`, `wrong_before`.
    pub flags: Vec<String>,
    /// Why a number was typed.
    pub reason: Option<String>,
    /// Site time, epoch ms.
    pub at_ms: i64,
}

/// All proofs of an order, newest first.
pub(super) fn proofs(tx: &mut dyn Tx, id: WorkOrderId) -> Result<Vec<ProofView>, StoreError> {
    tx.all(
        "SELECT step, part, proof, strength, verdict, phone_verdict, revision, grade, distance_m, \
         flags, reason, at_ms FROM order_proofs WHERE order_id = ?1 \
         ORDER BY seq DESC, part DESC LIMIT 100",
        args![id.to_string()],
        |row| {
            let flags = row.text(9)?;
            let flags = flags.split(',').filter(|flag| !flag.is_empty());
            Ok(ProofView {
                step: row.parse(0)?,
                part: row.text(1)?,
                proof: row.parse(2)?,
                strength: row.parse(3)?,
                verdict: row.opt_parse(4)?,
                phone_verdict: row.opt_parse(5)?,
                revision: row.opt_int(6)?,
                grade: row.opt_text(7)?,
                distance_m: row.opt_int(8)?,
                flags: flags.map(str::to_owned).collect(),
                reason: row.opt_text(10)?,
                at_ms: row.int(11)?,
            })
        },
    )
}

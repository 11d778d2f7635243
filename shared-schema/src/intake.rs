//! Words of the intake doors (受理): which kinds of record come in, how a record stands, how a file
//! import stands. How records are read and used is the server's business.

use crate::text_enum;

text_enum! {
    /// What a record or file holds.
    pub enum RecordKind {
        0 Areas = "areas", "台区档案", "Transformer areas";
        1 Customers = "customers", "客户档案", "Customers";
        2 Meters = "meters", "表计档案", "Meters";
        3 Arrears = "arrears", "欠费记录", "Arrears";
        4 Business = "business", "低压业扩", "Low-voltage business";
        5 Hotline = "hotline", "95598工单", "Hotline orders";
        6 Request = "request", "人工受理", "Requests taken by an agent";
    }
}

impl RecordKind {
    /// Archive rows are updated by a later row with the same key; other kinds are documents, whose
    /// content must not change under one number.
    pub const fn is_archive(self) -> bool {
        matches!(
            self,
            Self::Areas | Self::Customers | Self::Meters | Self::Arrears
        )
    }
}

text_enum! {
    /// What became of a raw record.
    pub enum RecordState {
        0 Used = "used", "已使用", "Used";
        1 Exception = "exception", "例外待处理", "Waits for a person";
        2 Ignored = "ignored", "已忽略", "Ignored by a person";
        3 Refused = "refused", "不予受理", "Refused at the door";
    }
}

text_enum! {
    /// What a door answers for one record.
    pub enum RecordOutcome {
        0 Created = "created", "已生成工单", "An order was created";
        1 Attached = "attached", "已并入在办工单", "Attached to an open order";
        2 Noted = "noted", "已登记，无需派单", "Noted, no visit is needed";
        3 Updated = "updated", "档案已更新", "The archive was updated";
        4 Unchanged = "unchanged", "内容未变", "Known already";
        5 Exception = "exception", "转例外处理", "Waits for a person";
    }
}

text_enum! {
    /// How an import run stands.
    pub enum ImportState {
        0 Running = "running", "导入中", "Running";
        1 Done = "done", "已完成", "Done";
        2 Failed = "failed", "失败", "Failed";
    }
}

text_enum! {
    /// Whether an account is supplied.
    pub enum SupplyState {
        0 Supplied = "supplied", "正常供电", "Supplied";
        1 StoppedForArrears = "stopped_for_arrears", "欠费停电", "Stopped for arrears";
        2 Closed = "closed", "已销户", "Closed";
    }
}

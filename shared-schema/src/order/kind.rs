//! Order kinds, urgency and where a request came from. Words as in the glossary.

use crate::text_enum;

text_enum! {
    /// The eight kinds of work order (requirements A2).
    pub enum OrderKind {
        0 FaultRepair = "fault_repair", "抢修", "Fault repair";
        1 NewConnection = "new_connection", "业扩报装", "New connection";
        2 MeterChange = "meter_change", "装拆表计", "Meter change";
        3 AcceptanceEnergization = "acceptance_energization", "竣工验收送电", "Acceptance and energization";
        4 BillCollection = "bill_collection", "电费催收", "Bill collection";
        5 SafetyInspection = "safety_inspection", "安全检查", "Safety inspection";
        6 ContractInspection = "contract_inspection", "履约/违约检查", "Contract inspection";
        7 AdHoc = "ad_hoc", "临时", "Ad hoc";
    }
}

text_enum! {
    /// How pressing an order is; `Hazard` means danger to life or property.
    pub enum Urgency {
        0 Normal = "normal", "一般", "Normal";
        1 Important = "important", "重要", "Important";
        2 Urgent = "urgent", "紧急", "Urgent";
        3 Hazard = "hazard", "危险", "Hazard";
    }
}

text_enum! {
    /// The door a request came in by (service rules 2.1).
    pub enum IntakeSource {
        0 Mis = "mis", "营销系统", "Marketing MIS";
        1 Hotline95598 = "hotline_95598", "95598热线", "95598 hotline";
        2 Hotline12345 = "hotline_12345", "12345热线", "12345 hotline";
        3 Regulator12398 = "regulator_12398", "12398监管热线", "12398 regulator";
        4 PoliceFire = "police_fire", "110/119联动", "Police and fire";
        5 VoiceMessage = "voice_message", "语音留言", "Voice message";
        6 Counter = "counter", "营业厅", "Counter";
        7 Station = "station", "供电所", "Supply station";
        8 Phone = "phone", "电话", "Phone";
        9 Sms = "sms", "短信", "SMS";
        10 Web = "web", "网上", "Web";
        11 LabelPage = "label_page", "扫码页", "Label page";
        12 Alarm = "alarm", "采集告警", "Acquisition alarm";
        13 File = "file", "文件导入", "File import";
    }
}

impl OrderKind {
    /// The customer asked for the work and is called back (回访) after it; inspections and bill
    /// collection are the utility's own wish.
    pub const fn is_called_back(self) -> bool {
        !matches!(
            self,
            Self::BillCollection | Self::SafetyInspection | Self::ContractInspection
        )
    }
}

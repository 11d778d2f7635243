//! What generated customers ask for, by kind, as callers and the marketing system word it.

use super::random::Random;
use dianma_schema::order::{IntakeSource, OrderKind, Urgency};

/// A request's words and what follows from them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wish {
    pub(super) content: &'static str,
    pub(super) subtype: &'static str,
    pub(super) urgency: Urgency,
}

const fn wish(content: &'static str) -> Wish {
    Wish {
        content,
        subtype: "",
        urgency: Urgency::Normal,
    }
}

const fn pressing(content: &'static str, urgency: Urgency) -> Wish {
    Wish {
        content,
        subtype: "",
        urgency,
    }
}

const fn of(content: &'static str, subtype: &'static str) -> Wish {
    Wish {
        content,
        subtype,
        urgency: Urgency::Normal,
    }
}

const FAULTS: &[Wish] = &[
    pressing(
        "【故障报修】家里突然没电，邻居家有电，表箱内空开跳闸合不上",
        Urgency::Important,
    ),
    pressing("【故障报修】整个村民组停电，约二十户", Urgency::Urgent),
    wish("【故障报修】电压低，灯光发暗，空调带不起来"),
    wish("【故障报修】一到晚上电压忽高忽低"),
    pressing("【故障报修】表箱有焦糊味，怀疑接线松动", Urgency::Urgent),
    pressing(
        "【故障报修】进户线被树枝刮断垂落在路边，有人经过",
        Urgency::Hazard,
    ),
    wish("【故障报修】漏电保护器频繁跳闸，查不出原因"),
    pressing(
        "【故障报修】大风后三相缺一相，磨坊电机不转",
        Urgency::Important,
    ),
];
const CONNECTIONS: &[Wish] = &[
    wish("【业扩报装】新建住房申请居民用电，单相 8 千瓦"),
    wish("【业扩报装】申请充电桩独立装表，7 千瓦"),
    wish("【业扩报装】养殖棚申请低压非居民三相用电，20 千瓦"),
];
const METERS: &[Wish] = &[
    of("【计量装置】电能表黑屏，无法查看示数", "meter_fault"),
    of("【计量装置】客户反映电能表走得快，申请校验", "meter_check"),
    wish("【计量装置】到期轮换电能表"),
    wish("【计量装置】表箱破损，更换表箱并移表"),
];
const ENERGIZATIONS: &[Wish] = &[
    wish("【竣工送电】客户受电工程已完工，申请验收送电"),
    wish("【竣工送电】农排线路整改完成，申请复验送电"),
];
const BILLS: &[Wish] = &[
    wish("【电费催收】上月电费逾期未缴，请上门送达催费通知"),
    wish("【电费催收】连续两月欠费，请核实是否长期无人居住"),
    wish("【电费催收】客户对电费有疑问未缴费，请上门解释"),
];
const INSPECTIONS: &[Wish] = &[
    wish("【安全检查】季度用电安全检查"),
    wish("【安全检查】汛前低洼配电设施检查"),
    wish("【安全检查】学校春季用电安全检查"),
];
const CONTRACTS: &[Wish] = &[
    wish("【用电检查】疑似居民电价用于经营，请现场核实"),
    wish("【用电检查】台区线损突增，请核查表计及接线"),
];
const ERRANDS: &[Wish] = &[
    of("【投诉】反映停电通知不到位，要求说明情况", "complaint"),
    of(
        "【服务申请】客户要求协助查看家用漏电保护器",
        "service_request",
    ),
    wish("【临时】村委会要求现场说明电杆迁移事宜"),
];

/// The wishes of a kind.
pub(super) fn of_kind(kind: OrderKind) -> &'static [Wish] {
    match kind {
        OrderKind::FaultRepair => FAULTS,
        OrderKind::NewConnection => CONNECTIONS,
        OrderKind::MeterChange => METERS,
        OrderKind::AcceptanceEnergization => ENERGIZATIONS,
        OrderKind::BillCollection => BILLS,
        OrderKind::SafetyInspection => INSPECTIONS,
        OrderKind::ContractInspection => CONTRACTS,
        OrderKind::AdHoc => ERRANDS,
    }
}

/// Kinds by how often they come.
pub(super) const KINDS: [(OrderKind, i64); 8] = [
    (OrderKind::FaultRepair, 36),
    (OrderKind::BillCollection, 18),
    (OrderKind::MeterChange, 13),
    (OrderKind::SafetyInspection, 11),
    (OrderKind::AdHoc, 9),
    (OrderKind::NewConnection, 6),
    (OrderKind::ContractInspection, 4),
    (OrderKind::AcceptanceEnergization, 3),
];

/// The door a request of the kind comes in by.
pub(super) fn source(random: &mut Random, kind: OrderKind) -> IntakeSource {
    match kind {
        OrderKind::FaultRepair | OrderKind::AdHoc => random.weighted(&[
            (IntakeSource::Hotline95598, 70),
            (IntakeSource::Phone, 15),
            (IntakeSource::Counter, 10),
            (IntakeSource::Hotline12345, 5),
        ]),
        OrderKind::NewConnection | OrderKind::AcceptanceEnergization => {
            random.weighted(&[(IntakeSource::Mis, 75), (IntakeSource::Counter, 25)])
        }
        OrderKind::MeterChange => {
            random.weighted(&[(IntakeSource::Mis, 70), (IntakeSource::Hotline95598, 30)])
        }
        OrderKind::SafetyInspection | OrderKind::ContractInspection => {
            random.weighted(&[(IntakeSource::Station, 60), (IntakeSource::Mis, 40)])
        }
        OrderKind::BillCollection => IntakeSource::Mis,
    }
}

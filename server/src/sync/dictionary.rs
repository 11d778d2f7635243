//! Trains the zstd dictionary that phone and server carry for sync bodies, on generated messages only:
//! no customer's data is ever in it. The same call gives the same bytes on every machine.

use dianma_schema::geo::Place;
use dianma_schema::id::{CustomerId, LabelId, StaffId, WorkOrderId};
use dianma_schema::order::record;
use dianma_schema::order::{OrderKind, OrderState, Urgency};
use dianma_schema::wire::command::{Body, CommandEnvelope, FieldValue};
use dianma_schema::wire::record::{CustomerRecord, MeterRecord, OrderRecord};
use dianma_schema::wire::sync::{
    CommandResult, Entry, EntryKind, EntryOp, Outcome, Page, ScopeKind, SyncResponse,
};
use minicbor::bytes::ByteVec;
use std::io;
use uuid::Uuid;

/// Size of the dictionary: beyond 16 KiB a page of orders shrinks by less than one per cent.
const SIZE_BYTES: usize = 16 * 1024;
/// Generated messages to learn from.
const MESSAGES: u32 = 3_000;
/// Any number; changing it changes the dictionary, which needs a new packing number.
const SEED: u64 = 20_260_504;
/// Some moment; times of a dictionary's samples share their high bytes with those of a year or so.
const START_MS: u64 = 1_790_000_000_000;

const PLACES: &[&str] = &[
    "镇",
    "乡",
    "村",
    "社区",
    "街道",
    "组",
    "号",
    "路",
    "小区",
    "单元",
    "栋",
    "室",
    "开发区",
    "工业园",
    "农场",
    "养殖场",
    "卫生院",
    "小学",
    "村委会",
    "抽水站",
    "砖厂",
    "超市",
    "饭店",
    "商住楼",
];
const SURNAMES: &[&str] = &[
    "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "周", "吴", "徐", "孙",
];
const NAMES: &[&str] = &[
    "建国", "秀英", "伟", "桂兰", "志强", "玉梅", "明", "丽", "军", "红", "德华", "春生",
];
const CONTENTS: &[&str] = &[
    "客户反映家中停电，邻居有电，请派人核查",
    "整条线路停电，多户受影响",
    "电压不稳，灯光忽明忽暗",
    "空气开关频繁跳闸，合不上",
    "表箱冒火花，有焦糊味，请尽快处理",
    "进户线断落在路边，有触电危险",
    "变压器异响，台区用户电压偏低",
    "电表不走字，请检查",
    "电能表显示屏黑屏，申请换表",
    "申请新装单相电表，用于居民生活用电",
    "申请低压非居民增容，由 10 千瓦增至 30 千瓦",
    "申请临时用电，建房施工使用",
    "竣工验收合格后送电",
    "电费逾期未缴，请上门催收",
    "定期用电安全检查，检查漏电保护器",
    "疑似私拉乱接，请现场核查",
    "违约用电检查：用电类别与合同不符",
    "杆上拉线松动，杆基下沉",
    "树木碰线，刮风时打火",
    "客户咨询电量突增原因，要求核对表计",
    "缺相运行，三相电机不能启动",
    "下户线老化破皮，请更换",
    "表后线故障，客户请求有偿服务",
];
const NOTES: &[&str] = &[
    "请提前电话联系客户",
    "带梯子和绝缘手套",
    "客户下午在家",
    "注意现场有犬",
    "如需停电先联系值班室",
    "客户已催办一次",
    "带单相表一只",
    "路不好走，骑摩托车前往",
];
const REASONS: &[&str] = &[
    "现场照片不清，请重拍",
    "人员请假，改派",
    "客户要求改期",
    "示数填写有误，请核对",
];

/// Trains the dictionary.
pub fn train() -> io::Result<Vec<u8>> {
    let mut random = Random(SEED);
    let samples = (0..MESSAGES)
        .map(|number| sample(&mut random, number).map_err(io::Error::other))
        .collect::<io::Result<Vec<Vec<u8>>>>()?;
    zstd::dict::from_samples(&samples, SIZE_BYTES)
}

type EncodeError = minicbor::encode::Error<std::convert::Infallible>;
type Encoded = Result<Vec<u8>, EncodeError>;

/// Half orders, a third customers, the rest answers and outbox rows: as the wire carries them.
fn sample(random: &mut Random, number: u32) -> Encoded {
    match number % 6 {
        0..=2 => response(random, EntryKind::Order),
        3 | 4 => response(random, EntryKind::Customer),
        _ => minicbor::to_vec(commands(random)?),
    }
}

fn response(random: &mut Random, kind: EntryKind) -> Encoded {
    let count = 1 + random.below(3);
    let entries = (0..count).map(|_| entry(random, kind));
    let entries = entries.collect::<Result<Vec<Entry>, _>>()?;
    let page = Page {
        scope: if kind == EntryKind::Order {
            ScopeKind::User
        } else {
            ScopeKind::Station
        },
        epoch: 1 + u32::try_from(random.below(u64::from(u32::MAX))).unwrap_or(1),
        position: random.below(100_000),
        reset: random.below(9) == 0,
        more: random.below(4) == 0,
        entries,
        checksum: Some(random.next()),
    };
    let result = CommandResult {
        n: random.below(5_000),
        outcome: Outcome::Accepted,
        code: None,
        version: Some(1 + random.below(30)),
        detail: None,
        detail_en: None,
    };
    minicbor::to_vec(SyncResponse {
        server_ms: random.time(),
        results: (random.below(3) == 0).then(|| vec![result]),
        resend_from: None,
        pages: Some(vec![page]),
        next_poll_s: 60,
        fault: None,
        trust: None,
    })
}

fn entry(random: &mut Random, kind: EntryKind) -> Result<Entry, EncodeError> {
    let id = random.uuid();
    let version = 1 + random.below(20);
    let body = match kind {
        EntryKind::Customer => minicbor::to_vec(customer(random, id, version))?,
        _ => minicbor::to_vec(order(random, id, version))?,
    };
    Ok(Entry {
        kind,
        op: EntryOp::Put,
        id: ByteVec::from(id.as_bytes().to_vec()),
        version,
        body: Some(ByteVec::from(body)),
        left: None,
    })
}

fn order(random: &mut Random, id: Uuid, version: u64) -> OrderRecord {
    let kind = random.pick(OrderKind::ALL);
    let taken_in_at_ms = random.time();
    let rules = dianma_schema::order::deadline::rules();
    let promise = rules
        .iter()
        .filter(|rule| rule.kind == kind)
        .map(dianma_schema::order::deadline::SlaRule::sentence_zh);
    let promises: Vec<String> = promise.collect();
    OrderRecord {
        id: WorkOrderId(id),
        order_number: format!(
            "GD2026{:04}-{:05}",
            101 + random.below(1_100),
            random.below(400)
        ),
        kind,
        subtype: String::new(),
        state: random.pick(OrderState::ALL),
        urgency: random.pick(Urgency::ALL),
        version,
        content: random.pick(CONTENTS).to_owned(),
        customer_id: Some(CustomerId(random.uuid())),
        account_number: Some(account(random)),
        account_name: Some(name(random)),
        contact_phone: Some(phone(random)),
        address: Some(address(random)),
        meter_number: Some(meter_number(random)),
        pole_number: Some(format!("{:03}#", random.below(200))),
        place: place(random),
        taken_in_at_ms,
        arrive_due_at_ms: Some(taken_in_at_ms + 5_400_000),
        due_at_ms: Some(taken_in_at_ms + 14_400_000),
        promise: promises
            .get(usize::try_from(random.below(1 + promises.len() as u64)).unwrap_or(0))
            .cloned(),
        appointment_at_ms: None,
        assignee_id: Some(StaffId(random.uuid())),
        reason: (random.below(6) == 0).then(|| random.pick(REASONS).to_owned()),
        dispatch_note: (random.below(3) == 0).then(|| random.pick(NOTES).to_owned()),
        is_finished: random.below(4) == 0,
        evidence_arrived: 0,
        evidence_expected: u32::try_from(random.below(5)).unwrap_or(0),
        consent: None,
    }
}

fn customer(random: &mut Random, id: Uuid, version: u64) -> CustomerRecord {
    let meter = MeterRecord {
        meter_number: meter_number(random),
        phases: if random.below(5) == 0 { 3 } else { 1 },
        multiplier: 1,
        last_reading_wh: Some(random.below(90_000_000).cast_signed()),
        label_id: Some(LabelId(random.uuid())),
    };
    CustomerRecord {
        id: CustomerId(id),
        version,
        account_number: account(random),
        account_name: name(random),
        contact_phone: Some(phone(random)),
        address: address(random),
        area_name: format!("{}{}号台区", random.pick(PLACES), 1 + random.below(40)),
        pole_number: Some(format!("{:03}#", random.below(200))),
        customer_class: random
            .pick(&["resident", "non_resident", "important"])
            .to_owned(),
        place: place(random),
        arrears_fen: if random.below(5) == 0 {
            random.below(50_000).cast_signed()
        } else {
            0
        },
        meters: vec![meter],
        label_id: Some(LabelId(random.uuid())),
    }
}

/// A stretch of an outbox: a record with the form's own field names, then plain steps.
fn commands(random: &mut Random) -> Result<Vec<ByteVec>, EncodeError> {
    let order_id = WorkOrderId(random.uuid());
    let form = record::form(random.pick(OrderKind::ALL));
    let values = form.fields.iter().map(|field| FieldValue {
        name: field.name.clone(),
        value: match field.choices.first() {
            Some(choice) => choice.value.clone(),
            None => random
                .pick(&["true", "正常", "已处理", "226.5", "1790000000000"])
                .to_owned(),
        },
    });
    let bodies = [
        Body::Record(values.collect()),
        Body::Accept,
        Body::Depart,
        Body::Submit,
    ];
    let first = 1 + random.below(4_000);
    let wall_ms = random.time();
    let envelopes = (first..).zip(bodies).map(|(n, body)| {
        let envelope = CommandEnvelope {
            n,
            order_id: Some(order_id),
            base_version: 2,
            wall_ms: wall_ms + 1_000 * n.cast_signed(),
            elapsed_ms: random.below(90_000_000),
            boot_id: 1 + u32::try_from(random.below(u64::from(u32::MAX))).unwrap_or(1),
            clock_offset_ms: Some(random.below(4_000).cast_signed()),
            body,
            place: None,
            schema_version: None,
            depends_on: (n > first).then(|| n - 1),
        };
        minicbor::to_vec(envelope).map(ByteVec::from)
    });
    envelopes.collect()
}

fn account(random: &mut Random) -> String {
    format!("33{:08}", random.below(100_000_000))
}

fn meter_number(random: &mut Random) -> String {
    format!("GD{:010}", random.below(10_000_000_000))
}

fn phone(random: &mut Random) -> String {
    format!("1{}{:09}", 3 + random.below(7), random.below(1_000_000_000))
}

fn name(random: &mut Random) -> String {
    format!("{}{}", random.pick(SURNAMES), random.pick(NAMES))
}

fn address(random: &mut Random) -> String {
    let (town, village, place) = (
        random.pick(SURNAMES),
        random.pick(SURNAMES),
        random.pick(PLACES),
    );
    format!(
        "{town}家镇{village}家村 {} 组 {} 号{place}",
        1 + random.below(15),
        1 + random.below(300)
    )
}

fn place(random: &mut Random) -> Option<Place> {
    let offset = |random: &mut Random| random.below(400_000).cast_signed();
    Place::new(30_000_000 + offset(random), 111_000_000 + offset(random))
}

/// `SplitMix64`.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound.max(1)
    }

    fn pick<T: Copy>(&mut self, all: &[T]) -> T {
        let at = usize::try_from(self.below(all.len() as u64)).unwrap_or(0);
        all[at]
    }

    fn time(&mut self) -> i64 {
        (START_MS + self.below(20_000_000_000)).cast_signed()
    }

    fn uuid(&mut self) -> Uuid {
        let millis = self.time().unsigned_abs();
        let random = self.next().to_be_bytes();
        let mut tail = [0; 10];
        for (to, from) in tail.iter_mut().zip(random.iter().chain(&random)) {
            *to = *from;
        }
        uuid::Builder::from_unix_timestamp_millis(millis, &tail).into_uuid()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dianma_schema::wire::codec;

    #[test]
    fn the_shipped_dictionary_is_the_one_this_program_trains() {
        assert!(
            train().unwrap() == codec::DICTIONARY,
            "scripts/gen, or a new packing number"
        );
    }

    #[test]
    fn one_order_and_a_command_fit_their_budgets() {
        // Other messages than those it was trained on.
        let mut random = Random(SEED + 1);
        let (mut orders, mut bytes) = (0, 0);
        for _ in 0..100 {
            let message = order(&mut random, Uuid::nil(), 3);
            bytes += codec::pack(&message).unwrap().len();
            orders += 1;
        }
        let each = bytes / orders;
        assert!(each <= 300, "{each} bytes for an order");
    }
}

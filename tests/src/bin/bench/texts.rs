//! Generated people: names, addresses and requests that vary as real ones do, from a seed, and the import
//! files made of them. Nothing in here is about a real person or place.

use dianma_core::entropy::SeededEntropy;
use std::io::Write;

// Each with its pinyin initial.
#[rustfmt::skip]
const SURNAMES: [(&str, char); 24] = [
    ("王", 'w'), ("李", 'l'), ("张", 'z'), ("刘", 'l'), ("陈", 'c'), ("杨", 'y'),
    ("黄", 'h'), ("赵", 'z'), ("吴", 'w'), ("周", 'z'), ("徐", 'x'), ("孙", 's'),
    ("马", 'm'), ("朱", 'z'), ("胡", 'h'), ("郭", 'g'), ("何", 'h'), ("林", 'l'),
    ("高", 'g'), ("罗", 'l'), ("郑", 'z'), ("梁", 'l'), ("谢", 'x'), ("宋", 's'),
];
#[rustfmt::skip]
const GIVEN: [(&str, char); 24] = [
    ("伟", 'w'), ("芳", 'f'), ("敏", 'm'), ("静", 'j'), ("丽", 'l'), ("强", 'q'),
    ("磊", 'l'), ("军", 'j'), ("洋", 'y'), ("勇", 'y'), ("艳", 'y'), ("杰", 'j'),
    ("涛", 't'), ("明", 'm'), ("超", 'c'), ("平", 'p'), ("刚", 'g'), ("桂", 'g'),
    ("英", 'y'), ("华", 'h'), ("玉", 'y'), ("兰", 'l'), ("建", 'j'), ("文", 'w'),
];
const TOWNS: [&str; 8] = [
    "生成东镇",
    "生成西镇",
    "生成南镇",
    "生成北镇",
    "样例河镇",
    "样例山镇",
    "样例湖镇",
    "样例坪镇",
];
const TROUBLES: [&str; 12] = [
    "家中突然停电",
    "整栋楼停电",
    "电压很低，灯发暗",
    "空气开关跳闸后合不上",
    "进户线冒火花",
    "表后开关烧坏",
    "半边房间没电",
    "雷雨后一直没有电",
    "电压忽高忽低",
    "表箱里有烧焦的气味",
    "接户线被大风刮断",
    "一用大功率电器就停电",
];
const DETAILS: [&str; 10] = [
    "邻居家有电",
    "邻居家也没有电",
    "已检查自家开关，没有跳闸",
    "家中有老人，请尽快",
    "昨天晚上开始的",
    "今天上午开始的",
    "客户称已交清电费",
    "客户会在家等候",
    "来前请先打电话联系",
    "附近正在施工挖路",
];

/// A generated customer as the import file has him.
#[derive(Clone, Debug)]
pub struct Person {
    /// 户号.
    pub account_number: String,
    /// 户名.
    pub name: String,
    /// Pinyin initials of the name.
    pub initials: String,
    /// Number to call; the leading 100 is nobody's.
    pub phone: String,
    /// Supply address.
    pub address: String,
    /// 杆号.
    pub pole: String,
    /// 表号.
    pub meter: String,
    /// What he asks for.
    pub request: String,
}

/// Generated people without end, always the same ones.
pub fn people() -> impl Iterator<Item = Person> {
    let mut numbers = SeededEntropy::new(20_261_121);
    (0..).map(move |index| person(index, &mut numbers))
}

fn person(index: u64, numbers: &mut SeededEntropy) -> Person {
    let mut draw = |bound: u64| numbers.next_number() % bound;
    let (mut name, mut initials) = (String::new(), String::new());
    let given = 1 + draw(3).min(1);
    for at in 0..=given {
        let (character, initial) = pick(if at == 0 { &SURNAMES } else { &GIVEN }, draw(24));
        name.push_str(character);
        initials.push(initial);
    }
    let town = pick(&TOWNS, draw(8));
    let (village, group, house) = (1 + draw(60), 1 + draw(12), 1 + draw(200));
    let trouble = pick(&TROUBLES, draw(12));
    let (first, second) = (pick(&DETAILS, draw(10)), pick(&DETAILS, draw(10)));
    Person {
        account_number: format!("42{:08}", index * 97 % 100_000_000),
        address: format!("{town}{village}村{group}组{house}号"),
        phone: format!("100{:08}", draw(100_000_000)),
        pole: format!("10kV{:02}线{:04}杆", draw(40), draw(3_000)),
        meter: format!("{:012}", 300_000_000_000 + index * 599_993),
        request: format!("客户来电反映{trouble}，{first}，{second}，请安排人员到现场查看处理。"),
        name,
        initials,
    }
}

fn pick<T: Copy>(list: &[T], number: u64) -> T {
    list[usize::try_from(number).unwrap_or(0) % list.len()]
}

/// Two transformer areas: T001 has all customers; T002 belongs to a station without any, so that a
/// phone of that station pulls orders alone.
pub fn areas_csv() -> String {
    "台区编号,台区名称,供电所编号,供电所名称,城乡类别,线路名称,纬度,经度\n\
     T001,生成一村公变,S01,生成镇供电所（示例）,农村,10kV生成线,30.500000,114.300000\n\
     T002,生成二村公变,S02,外勤供电所（示例）,农村,10kV生成线,30.510000,114.310000\n"
        .to_owned()
}

/// Writes people as a file of customers.
pub fn write_customers(
    people: impl Iterator<Item = Person>,
    mut to: impl Write,
) -> std::io::Result<()> {
    writeln!(
        to,
        "户号,户名,联系电话,用电地址,用电类别,台区编号,杆号,纬度,经度"
    )?;
    for (at, person) in people.enumerate() {
        writeln!(
            to,
            "{},{},{},{},居民,T001,{},30.{:06},114.{:06}",
            person.account_number,
            person.name,
            person.phone,
            person.address,
            person.pole,
            500_000 + at * 17 % 90_000,
            300_000 + at * 31 % 90_000,
        )?;
    }
    to.flush()
}

/// Writes people's meters as a file.
pub fn write_meters(
    people: impl Iterator<Item = Person>,
    mut to: impl Write,
) -> std::io::Result<()> {
    writeln!(to, "表号,户号,相数,倍率,示数")?;
    for person in people {
        writeln!(
            to,
            "{},{},单相,1,1000.5",
            person.meter, person.account_number
        )?;
    }
    to.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_repeat_from_run_to_run_and_differ_from_each_other() {
        let one: Vec<Person> = people().take(500).collect();
        assert_eq!(people().nth(7).unwrap().request, one[7].request);
        let mut accounts: Vec<_> = one.iter().map(|p| &p.account_number).collect();
        accounts.sort();
        accounts.dedup();
        assert_eq!(accounts.len(), 500);
    }
}

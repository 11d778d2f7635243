//! Generated words: names, addresses and requests that vary as real ones do, from a seed. Nothing in
//! here is about a real person or place.

use dianma_core::entropy::SeededEntropy;

const SURNAMES: [&str; 24] = [
    "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙", "马", "朱", "胡", "郭",
    "何", "林", "高", "罗", "郑", "梁", "谢", "宋",
];
const GIVEN: [&str; 24] = [
    "伟", "芳", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "涛", "明", "超", "平",
    "刚", "桂", "英", "华", "玉", "兰", "建", "文",
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
    /// Number to call; the leading 100 is nobody's.
    pub phone: String,
    /// Supply address.
    pub address: String,
    /// 杆号.
    pub pole: String,
    /// What he asks for.
    pub request: String,
}

/// Generated people, always the same ones.
pub fn people(count: usize) -> Vec<Person> {
    let mut numbers = SeededEntropy::new(20_261_121);
    (0..count)
        .map(|index| person(index, &mut numbers))
        .collect()
}

fn person(index: usize, numbers: &mut SeededEntropy) -> Person {
    let mut draw = |bound: u64| numbers.next_number() % bound;
    let mut name = pick(&SURNAMES, draw(24)).to_owned();
    for _ in 0..=draw(3).min(1) {
        name.push_str(pick(&GIVEN, draw(24)));
    }
    let address = format!(
        "{}{}村{}组{}号",
        pick(&TOWNS, draw(8)),
        1 + draw(60),
        1 + draw(12),
        1 + draw(200)
    );
    let request = format!(
        "客户来电反映{}，{}，{}，请安排人员到现场查看处理。",
        pick(&TROUBLES, draw(12)),
        pick(&DETAILS, draw(10)),
        pick(&DETAILS, draw(10)),
    );
    Person {
        account_number: format!("42{:08}", 10_000_000 + index * 97 % 80_000_000),
        phone: format!("100{:08}", draw(100_000_000)),
        pole: format!("10kV{:02}线{:03}杆", draw(40), draw(300)),
        name,
        address,
        request,
    }
}

fn pick<'a>(list: &[&'a str], number: u64) -> &'a str {
    let at = usize::try_from(number).unwrap_or(0) % list.len().max(1);
    list.get(at).copied().unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_repeat_from_run_to_run_and_differ_from_each_other() {
        let (one, two) = (people(500), people(500));
        assert_eq!(one[7].request, two[7].request);
        let mut accounts: Vec<_> = one.iter().map(|p| &p.account_number).collect();
        accounts.sort();
        accounts.dedup();
        assert_eq!(accounts.len(), 500);
    }
}

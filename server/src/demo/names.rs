//! Invented names. Given names all begin with 生 or 成 (生成 = generated) and numbers with 100, which no
//! real telephone number does, so that nobody takes the data for real people.

use super::random::Random;

/// Company shown on every screen of the demo.
pub(super) const COMPANY: &str = "示例县供电公司（生成数据）";
/// County in addresses.
pub(super) const COUNTY: &str = "示例县";
/// Towns; each has one supply station.
pub(super) const TOWNS: [&str; 3] = ["青禾镇", "柳湾镇", "松岭镇"];
/// Urban, rural and remote town.
pub(super) const FEEDERS: [[&str; 2]; 3] = [
    ["青城线", "青东线"],
    ["柳湾线", "柳南线"],
    ["松岭线", "松北线"],
];

const VILLAGES: [&str; 14] = [
    "禾丰", "石桥", "柳树", "双河", "长堰", "枫林", "竹园", "荷塘", "东坡", "高台", "白鹭", "新桥",
    "沙洲", "梅溪",
];
const SURNAMES: [&str; 24] = [
    "赵", "钱", "孙", "李", "周", "吴", "郑", "王", "冯", "陈", "褚", "卫", "蒋", "沈", "韩", "杨",
    "朱", "秦", "许", "何", "吕", "张", "曹", "谢",
];
const FIRST: [&str; 2] = ["生", "成"];
const SECOND: [&str; 20] = [
    "禾", "柳", "松", "河", "桥", "林", "竹", "荷", "枫", "岭", "湾", "溪", "洲", "石", "云", "田",
    "堂", "梅", "川", "原",
];
const TRADES: [&str; 10] = [
    "粮油店",
    "五金店",
    "卫生室",
    "小学",
    "养殖场",
    "农机站",
    "便利店",
    "加工坊",
    "茶厂",
    "村委会",
];

/// A village of a town; a number tells villages of the same word apart.
pub(super) fn village(area: usize) -> String {
    format!("{}村", VILLAGES[area % VILLAGES.len()])
}

/// A person.
pub(super) fn person(random: &mut Random) -> String {
    format!(
        "{}{}{}",
        random.pick(&SURNAMES),
        random.pick(&FIRST),
        random.pick(&SECOND)
    )
}

/// A small business or public body.
pub(super) fn business(random: &mut Random, village: &str) -> String {
    format!("{village}示例{}", random.pick(&TRADES))
}

/// A number that cannot be dialled.
pub(super) fn phone(number: usize) -> String {
    format!("100{number:08}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_invented_name_shows_that_it_is_generated() {
        let mut random = Random::new(1);
        for _ in 0..200 {
            let name = person(&mut random);
            assert!(name.contains('生') || name.contains('成'), "{name}");
            assert!(business(&mut random, "禾丰村").contains("示例"));
        }
        assert_eq!(phone(42), "10000000042");
    }
}

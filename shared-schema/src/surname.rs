//! Surnames whose reading as a surname differs from the character's usual reading (多音姓). Search by
//! pinyin initials needs only the first letter. Phone and server ask the same table.
//! source: common usage, to be confirmed by native readers; a wrong row only costs a search hit.

/// Two-character surnames with their initials; looked up before [`SINGLE`].
pub const COMPOUND: &[(&str, &str)] = &[
    ("万俟", "mq"),
    ("尉迟", "yc"),
    ("单于", "cy"),
    ("长孙", "zs"),
    ("澹台", "tt"),
    ("令狐", "lh"),
];

/// One-character surnames with the initial of the surname's reading.
pub const SINGLE: &[(char, char)] = &[
    ('单', 's'), // shàn, not dān
    ('仇', 'q'), // qiú, not chóu
    ('解', 'x'), // xiè, not jiě
    ('曾', 'z'), // zēng, not céng
    ('查', 'z'), // zhā, not chá
    ('区', 'o'), // ōu, not qū
    ('乐', 'y'), // yuè, not lè
    ('尉', 'w'), // wèi
    ('翟', 'z'), // zhái, not dí
    ('繁', 'p'), // pó, not fán
    ('种', 'c'), // chóng, not zhǒng
    ('覃', 'q'), // qín; tán in some families
    ('祭', 'z'), // zhài, not jì
    ('秘', 'b'), // bì, not mì
    ('折', 's'), // shé, not zhé
    ('谌', 'c'), // chén; shèn in some families
    ('召', 's'), // shào, not zhào
    ('隗', 'w'), // wěi; kuí in some families
    ('长', 'c'), // cháng
    ('车', 'c'), // chē
    ('重', 'c'), // chóng, not zhòng
    ('郗', 'x'), // xī; chī in some families
];

/// Initials of a surname that the usual readings get wrong: how many characters it takes and what
/// to write for them.
pub fn initials(name: &str) -> Option<(usize, String)> {
    let compound = COMPOUND
        .iter()
        .find(|(surname, _)| name.starts_with(surname));
    if let Some((surname, letters)) = compound {
        return Some((surname.chars().count(), (*letters).to_owned()));
    }
    let first = name.chars().next()?;
    let single = SINGLE.iter().find(|(surname, _)| *surname == first);
    single.map(|(_, letter)| (1, letter.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compound_surnames_come_before_single_ones() {
        assert_eq!(initials("尉迟恭"), Some((2, "yc".to_owned())));
        assert_eq!(initials("尉某"), Some((1, "w".to_owned())));
        assert_eq!(initials("单于某"), Some((2, "cy".to_owned())));
        assert_eq!(initials("单某"), Some((1, "s".to_owned())));
        assert_eq!(initials("王某"), None);
        assert_eq!(initials(""), None);
    }

    #[test]
    fn no_surname_is_listed_twice() {
        let mut names: Vec<char> = SINGLE.iter().map(|(name, _)| *name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), SINGLE.len());
    }
}

//! Classes of supply points and customers (客户): what a promise, a deadline or a figure depends on.
//! Names, addresses and numbers of customers are not here.

use crate::text_enum;

text_enum! {
    /// Where the supply point lies; the promises differ by it (service rules 1.1).
    pub enum AreaClass {
        0 Urban = "urban", "城区", "Urban";
        1 Rural = "rural", "农村", "Rural";
        2 Remote = "remote", "特殊边远", "Remote";
    }
}

text_enum! {
    /// Who is supplied. Important users (重要用户) have stricter notice and arrival rules.
    pub enum CustomerClass {
        0 Resident = "resident", "居民", "Resident";
        1 NonResident = "non_resident", "非居民", "Non-resident";
        2 Important = "important", "重要用户", "Important user";
    }
}

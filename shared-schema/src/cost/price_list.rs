//! The price book (价目): items from `catalogues/{materials,tools}.toml`, labour, dated price lists and
//! forbidden items from `catalogues/price_list.toml`. What a sheet costs is the parent's.

use super::item::{ForbiddenItem, Item, LineKind, PriceList, PricedItem};
use crate::catalogue::{self, CatalogueError};
use crate::time;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// All items, lists and forbidden items.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PriceBook {
    items: BTreeMap<String, Item>,
    lists: Vec<PriceList>,
    forbidden: Vec<ForbiddenItem>,
}

static SHIPPED: LazyLock<PriceBook> = LazyLock::new(|| {
    PriceBook::load(
        include_str!("../../catalogues/price_list.toml"),
        include_str!("../../catalogues/materials.toml"),
        include_str!("../../catalogues/tools.toml"),
    )
    .unwrap_or_default()
});

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PriceFile {
    list: Vec<ListRow>,
    labour: Vec<ItemRow>,
    #[serde(default)]
    forbidden: Vec<ForbiddenRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MaterialFile {
    material: Vec<ItemRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ToolFile {
    tool: Vec<ItemRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ItemRow {
    code: String,
    zh: String,
    en: String,
    unit: String,
    #[serde(default)]
    spec: String,
    #[serde(default)]
    group: String,
    test_due_days: Option<i64>,
    sample: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ListRow {
    version: String,
    valid_from: String,
    valid_to: Option<String>,
    basis: String,
    sample: bool,
    unit_price_fen: BTreeMap<String, i64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ForbiddenRow {
    code: String,
    zh: String,
    en: String,
    names: Vec<String>,
    valid_from: String,
    source: String,
    sample: bool,
}

impl PriceBook {
    /// The book in the binary. Empty only if an embedded file is broken, which a test forbids.
    pub fn shipped() -> &'static Self {
        &SHIPPED
    }

    /// Reads the three files; refuses double codes, prices without an item, and lists that overlap.
    pub fn load(prices: &str, materials: &str, tools: &str) -> Result<Self, CatalogueError> {
        let prices: PriceFile = catalogue::parse(prices)?;
        let materials: MaterialFile = catalogue::parse(materials)?;
        let tools: ToolFile = catalogue::parse(tools)?;
        let mut book = Self::default();
        for (rows, kind) in [
            (prices.labour, LineKind::Labour),
            (materials.material, LineKind::Material),
            (tools.tool, LineKind::Tool),
        ] {
            for row in rows {
                book.add_item(row, kind)?;
            }
        }
        for row in prices.forbidden {
            book.add_forbidden(row)?;
        }
        for row in prices.list {
            book.add_list(row)?;
        }
        Ok(book)
    }

    fn add_item(&mut self, row: ItemRow, line_kind: LineKind) -> Result<(), CatalogueError> {
        for (field, text) in [
            ("code", &row.code),
            ("zh", &row.zh),
            ("en", &row.en),
            ("unit", &row.unit),
        ] {
            catalogue::filled(&row.code, field, text)?;
        }
        let item = Item {
            code: row.code.clone(),
            zh: row.zh,
            en: row.en,
            unit: row.unit,
            spec: row.spec,
            group: row.group,
            line_kind,
            test_due_days: row.test_due_days,
            sample: row.sample,
        };
        match self.items.insert(row.code.clone(), item) {
            None => Ok(()),
            Some(_) => Err(CatalogueError::at(&row.code, "the code is used twice")),
        }
    }

    fn add_forbidden(&mut self, row: ForbiddenRow) -> Result<(), CatalogueError> {
        catalogue::filled(&row.code, "source", &row.source)?;
        if self.items.contains_key(&row.code) {
            return Err(CatalogueError::at(&row.code, "is an item and forbidden"));
        }
        self.forbidden.push(ForbiddenItem {
            valid_from_day: catalogue::day(&row.code, &row.valid_from)?,
            code: row.code,
            zh: row.zh,
            en: row.en,
            names: row.names,
            source: row.source,
            sample: row.sample,
        });
        Ok(())
    }

    fn add_list(&mut self, row: ListRow) -> Result<(), CatalogueError> {
        let name = row.version.clone();
        catalogue::filled(&name, "basis", &row.basis)?;
        for (code, fen) in &row.unit_price_fen {
            let why = if !self.items.contains_key(code) {
                "has a price but is no item"
            } else if *fen < 0 {
                "has a price below zero"
            } else {
                continue;
            };
            return Err(CatalogueError::at(&name, format_args!("{code} {why}")));
        }
        let list = PriceList {
            valid_from_day: catalogue::day(&name, &row.valid_from)?,
            valid_to_day: catalogue::optional_day(&name, row.valid_to.as_deref())?,
            version: row.version,
            basis: row.basis,
            sample: row.sample,
            unit_price_fen: row.unit_price_fen,
        };
        let overlaps = self.lists.iter().any(|other| {
            other.version == list.version
                || other.is_valid_on(list.valid_from_day)
                || list.is_valid_on(other.valid_from_day)
        });
        if overlaps {
            return Err(CatalogueError::at(
                &name,
                "overlaps another list or has its version",
            ));
        }
        self.lists.push(list);
        Ok(())
    }

    /// All items, by code.
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        self.items.values()
    }

    /// The item of a code.
    pub fn item(&self, code: &str) -> Option<&Item> {
        self.items.get(code)
    }

    /// All price lists.
    pub fn lists(&self) -> &[PriceList] {
        &self.lists
    }

    /// All forbidden items.
    pub fn forbidden_items(&self) -> &[ForbiddenItem] {
        &self.forbidden
    }

    /// The list that is valid at that moment.
    pub fn list_at(&self, at_ms: i64) -> Option<&PriceList> {
        let day = safe_day(at_ms);
        self.lists.iter().find(|list| list.is_valid_on(day))
    }

    /// The forbidden item that a code or a name means on that day.
    pub fn forbidden(&self, code_or_name: &str, at_ms: i64) -> Option<&ForbiddenItem> {
        let day = safe_day(at_ms);
        let wanted = code_or_name.trim();
        self.forbidden.iter().find(|item| {
            item.valid_from_day <= day
                && (item.code == wanted
                    || item.zh == wanted
                    || item.names.iter().any(|name| name == wanted))
        })
    }

    /// Everything that can be put on a sheet on that day, with its price.
    pub fn priced_items(&self, at_ms: i64) -> Vec<PricedItem> {
        let Some(list) = self.list_at(at_ms) else {
            return Vec::new();
        };
        let priced = self.items.values().filter_map(|item| {
            let unit_price_fen = list.price_of(&item.code)?;
            Some(PricedItem {
                item: item.clone(),
                unit_price_fen,
            })
        });
        priced.collect()
    }
}

/// The Chinese civil day; instants outside the years 1970 to 2280 are cut.
fn safe_day(at_ms: i64) -> i64 {
    time::china_day(at_ms.clamp(0, 9_800_000_000_000))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use std::fmt::Write as _;

    const MATERIALS: &str = include_str!("../../catalogues/materials.toml");
    const TOOLS: &str = include_str!("../../catalogues/tools.toml");
    const PRICES: &str = include_str!("../../catalogues/price_list.toml");

    /// A book of metre-priced materials.
    pub(in crate::cost) fn book(prices: &[(&str, i64)]) -> PriceBook {
        let mut materials = String::new();
        let mut list = "labour = []\n[[list]]\nversion=\"t\"\nvalid_from=\"2000-01-01\"\nbasis=\"t\"\nsample=true\n[list.unit_price_fen]\n".to_owned();
        for (code, fen) in prices {
            write!(
                materials,
                "[[material]]\ncode=\"{code}\"\nzh=\"t\"\nen=\"t\"\nunit=\"米\"\nsample=true\n"
            )
            .unwrap();
            writeln!(list, "{code} = {fen}").unwrap();
        }
        PriceBook::load(&list, &materials, "tool = []").unwrap()
    }

    #[test]
    fn shipped_book_has_every_kind_and_a_price_for_each_item() {
        let book = PriceBook::load(PRICES, MATERIALS, TOOLS).unwrap();
        assert_eq!(&book, PriceBook::shipped());
        for (kind, least) in [
            (LineKind::Material, 60),
            (LineKind::Tool, 30),
            (LineKind::Labour, 30),
        ] {
            let count = book.items().filter(|item| item.line_kind == kind).count();
            assert!(count >= least, "{kind} has {count}");
        }
        let list = &book.lists()[0];
        for item in book.items() {
            assert!(list.price_of(&item.code).is_some(), "{}", item.code);
        }
    }

    #[test]
    fn everything_shipped_is_a_sample() {
        let book = PriceBook::shipped();
        assert!(book.lists().iter().all(|list| list.sample));
        assert!(book.items().all(|item| item.sample));
        assert!(book.forbidden_items().iter().all(|item| item.sample));
    }

    #[test]
    fn forbidden_names_are_refused_from_their_day_on() {
        let book = PriceBook::shipped();
        let at = |text: &str| time::parse_china_time(text).unwrap();
        assert!(book.forbidden(" 校表费 ", at("2026-01-01")).is_some());
        assert!(
            book.forbidden("forbidden-meter-test", at("2021-03-01"))
                .is_some()
        );
        assert!(book.forbidden("校表费", at("2021-02-28")).is_none());
        assert!(book.forbidden("上门检查", at("2026-01-01")).is_none());
    }

    #[test]
    fn safety_tools_know_when_they_are_tested() {
        for code in [
            "insulating-gloves",
            "voltage-tester-low",
            "harness",
            "ladder-insulated",
        ] {
            assert!(
                PriceBook::shipped()
                    .item(code)
                    .unwrap()
                    .test_due_days
                    .is_some(),
                "{code}"
            );
        }
    }

    #[test]
    fn refuses_books_that_contradict_themselves() {
        let bad_prices = [
            ("tape-pvc = 350", "tape-pvc = -1"),
            ("tape-pvc = 350", "tape-unknown = 350"),
            ("code = \"labour-hour\"", "code = \"tape-pvc\""),
            ("code = \"forbidden-card\"", "code = \"labour-hour\""),
            ("basis = \"", "basis = \"\"\nextra = \""),
            ("valid_from = \"2025-01-01\"", "valid_from = \"soon\""),
        ];
        for (good, bad) in bad_prices {
            let text = PRICES.replacen(good, bad, 1);
            assert_ne!(text, PRICES, "{good}");
            assert!(PriceBook::load(&text, MATERIALS, TOOLS).is_err(), "{bad}");
        }
        let list = |version: &str, from: &str| {
            format!(
                "\n[[list]]\nversion=\"{version}\"\nvalid_from=\"{from}\"\nbasis=\"t\"\nsample=true\nunit_price_fen={{}}\n"
            )
        };
        let overlapping = format!("{PRICES}{}", list("later", "2026-01-01"));
        assert!(PriceBook::load(&overlapping, MATERIALS, TOOLS).is_err());
        let earlier = format!(
            "{PRICES}{}",
            list("earlier", "2024-01-01").replace("basis", "valid_to=\"2024-12-31\"\nbasis")
        );
        assert_eq!(
            PriceBook::load(&earlier, MATERIALS, TOOLS)
                .unwrap()
                .lists()
                .len(),
            2
        );
    }
}

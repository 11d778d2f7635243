//! How far and in which direction an order lies from here: straight line and one of eight directions.
//! No map and no road: a hint for choosing, said as such.

use dianma_schema::geo::Place;
use serde::Serialize;

/// Distance and direction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Way {
    /// Straight line, metres.
    pub distance_m: i64,
    /// "东北 1.2 公里".
    pub zh: String,
    /// English.
    pub en: String,
}

/// Below this one is there, metres: a fix of a cheap phone is not better.
const HERE_M: i64 = 30;

const DIRECTIONS: [(&str, &str); 8] = [
    ("北", "N"),
    ("东北", "NE"),
    ("东", "E"),
    ("东南", "SE"),
    ("南", "S"),
    ("西南", "SW"),
    ("西", "W"),
    ("西北", "NW"),
];

/// The way from here to there.
pub fn between(here: Place, there: Place) -> Way {
    let distance_m = here.distance_m(there);
    if distance_m < HERE_M {
        return Way {
            distance_m,
            zh: "就在附近".to_owned(),
            en: "right here".to_owned(),
        };
    }
    let (zh, en) = direction(here, there);
    let (length_zh, length_en) = length(distance_m);
    Way {
        distance_m,
        zh: format!("{zh} {length_zh}"),
        en: format!("{en} {length_en}"),
    }
}

fn length(metres: i64) -> (String, String) {
    if metres < 1_000 {
        let rounded = (metres + 5) / 10 * 10;
        return (format!("{rounded} 米"), format!("{rounded} m"));
    }
    let tenths = (metres + 50) / 100;
    let text = format!("{}.{}", tenths / 10, tenths % 10);
    (format!("{text} 公里"), format!("{text} km"))
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "micro-degrees fit f64 exactly; the sector is 0 to 8"
)]
fn direction(here: Place, there: Place) -> (&'static str, &'static str) {
    let latitude = (here.latitude_e6 as f64 / 1e6).to_radians();
    let north = (there.latitude_e6 - here.latitude_e6) as f64;
    let east = (there.longitude_e6 - here.longitude_e6) as f64 * latitude.cos();
    let degrees = east.atan2(north).to_degrees().rem_euclid(360.0);
    let sector = (degrees / 45.0).round() as usize % DIRECTIONS.len();
    DIRECTIONS.get(sector).copied().unwrap_or(("", ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(latitude_e6: i64, longitude_e6: i64) -> Place {
        Place::new(latitude_e6, longitude_e6).unwrap()
    }

    #[test]
    fn says_direction_and_distance() {
        let here = place(30_000_000, 114_000_000);
        assert_eq!(
            between(here, place(30_010_000, 114_000_000)).zh,
            "北 1.1 公里"
        );
        assert_eq!(
            between(here, place(30_000_000, 114_005_000)).zh,
            "东 480 米"
        );
        assert_eq!(
            between(here, place(29_990_000, 113_988_500)).en,
            "SW 1.6 km"
        );
        assert_eq!(between(here, here).zh, "就在附近");
    }
}

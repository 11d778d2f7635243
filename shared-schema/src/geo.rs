//! Places as integer micro-degrees (WGS-84) and distances in metres.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// A point in WGS-84; one micro-degree is about 0.11 m of latitude.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Place {
    /// Latitude, micro-degrees.
    #[n(0)]
    pub latitude_e6: i64,
    /// Longitude, micro-degrees.
    #[n(1)]
    pub longitude_e6: i64,
}

impl Place {
    /// `None` outside the globe.
    pub fn new(latitude_e6: i64, longitude_e6: i64) -> Option<Self> {
        let on_globe = latitude_e6.abs() <= 90_000_000 && longitude_e6.abs() <= 180_000_000;
        on_globe.then_some(Self {
            latitude_e6,
            longitude_e6,
        })
    }

    /// Great-circle distance in whole metres (haversine, mean earth radius 6,371,009 m).
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        reason = "micro-degrees fit f64 exactly; half the globe in metres fits i64"
    )]
    pub fn distance_m(self, other: Self) -> i64 {
        let radians = |e6: i64| (e6 as f64 / 1e6).to_radians();
        let (lat_a, lat_b) = (radians(self.latitude_e6), radians(other.latitude_e6));
        let half_lat = (lat_b - lat_a) / 2.0;
        let half_lon = (radians(other.longitude_e6) - radians(self.longitude_e6)) / 2.0;
        let h = half_lat.sin().powi(2) + lat_a.cos() * lat_b.cos() * half_lon.sin().powi(2);
        (2.0 * 6_371_009.0 * h.min(1.0).sqrt().asin()).round() as i64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_degree_of_latitude_is_111_km() {
        let a = Place::new(30_000_000, 114_000_000).unwrap();
        let b = Place::new(31_000_000, 114_000_000).unwrap();
        assert!((a.distance_m(b) - 111_195).abs() < 10);
        assert_eq!(a.distance_m(a), 0);
    }

    #[test]
    fn refuses_points_off_the_globe() {
        assert!(Place::new(90_000_001, 0).is_none());
        assert!(Place::new(0, -180_000_001).is_none());
    }
}

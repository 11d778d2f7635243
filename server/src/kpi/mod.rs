//! The numbers (指标). What counts how is `dianma_schema::kpi`; this room streams the facts through it,
//! so that every number, every bar of a chart and every list behind them come from one function.

mod duty;
mod facts;
pub mod list;
mod names;
pub mod opened;
pub mod orders;
mod scope;
pub mod series;
mod unit;
mod visits;

pub use scope::{KpiFilter, Scope};
pub use unit::{Unit, each_unit};

//! The Dianma server: one binary. Each folder is one stage of the work; `router.rs` is the whole
//! route table, `access.rs` who may call what, `store/` the database.

pub mod access;
pub mod app;
pub mod audit;
pub mod auth;
pub mod catalogues;
pub mod clauses;
pub mod clock;
pub mod console;
pub mod customers;
pub mod demo;
pub mod devices;
pub mod dispatch;
pub mod error;
pub mod evidence;
pub mod extract;
pub mod feed;
pub mod health;
pub mod intake;
pub mod kpi;
pub mod live;
pub mod lookup;
pub mod mint;
pub mod orders;
pub mod overview;
pub mod page;
pub mod review;
pub mod router;
pub mod staff;
pub mod store;
pub mod sync;
pub mod templates;
pub mod text;
pub mod upkeep;
pub mod wake;

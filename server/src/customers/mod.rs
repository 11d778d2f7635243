//! Customers (客户) with their meters, labels and bills: batch writes from archives, the search box,
//! lists and the customer's page. Where rows come from is `imports` and `intake`.

pub mod areas;
pub mod bench;
pub mod bench_run;
pub mod bills;
pub mod find;
pub mod index;
pub mod initials;
pub mod list;
pub mod meters;
pub mod page;
mod query;
pub mod row;
pub mod search;
mod search_postgres;
mod search_sqlite;
mod terms;
pub mod unmask;
pub mod write;

pub(crate) use write::touch;

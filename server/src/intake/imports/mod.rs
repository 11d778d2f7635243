//! Files of records (导入): how columns become fields (mappings), how text becomes typed input, the
//! streaming reader, the run and its doors. What a record does to archives and orders is `intake`.

pub mod command;
pub mod inputs;
pub mod lines;
pub mod list;
pub mod mapping;
pub mod report;
pub mod run;
mod seen;
pub mod upload;
pub mod values;

//! Files of records (导入): how columns become fields (mappings), how text becomes typed input, and the
//! streaming reader. What a record does to archives and orders is `intake`.

pub mod inputs;
pub mod mapping;

//! Stories: whole ways through the product, on real processes, asserted through public doors, each
//! on both engines.

#![expect(
    clippy::unwrap_used,
    clippy::too_many_lines,
    clippy::cast_possible_wrap,
    clippy::cast_possible_truncation,
    reason = "a story reads from top to bottom and fails where it stands"
)]

/// Makes two tests of each story, `<file>::<engine>::<story>`.
macro_rules! stories {
    ($($story:ident),+ $(,)?) => {
        mod sqlite {
            $(#[test] fn $story() { super::$story(dianma_tests::Engine::Sqlite); })+
        }
        mod postgres {
            $(#[test] fn $story() { super::$story(dianma_tests::Engine::Postgres); })+
        }
    };
}
pub(crate) use stories;

mod bad_input;
mod crashes;
mod first_run;
mod labels;
mod lost_and_found;
mod two_nodes;
mod whole_job;

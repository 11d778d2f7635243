//! Tidy: the rules of the house that no compiler checks. Each failure names the rule and the places
//! that break it.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::needless_for_each,
    reason = "a check fails where it stands"
)]

mod docs;
mod glossary;
mod layers;
mod sizes;
mod tree;
mod words;

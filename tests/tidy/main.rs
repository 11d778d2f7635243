//! Tidy: the rules of the house that no compiler checks. Each failure names the rule and the places
//! that break it.

mod docs;
mod glossary;
mod layers;
mod sizes;
mod tree;
mod words;

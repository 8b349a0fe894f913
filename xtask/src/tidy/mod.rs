//! `cargo xtask tidy`: the laws of the house that a compiler does not know.
//!
//! Each law is one file with a `check` that returns what breaks it; the list below runs all of them.

mod arrows;
mod calls;
mod private;
mod registries;
mod run;
mod scrub;
mod sizes;
mod tree;

pub(crate) use run::run;

/// Every law: its name and its check.
const LAWS: &[(&str, tree::Check)] = &[
    ("dependencies run along the arrows", arrows::check),
    ("calls stay in their rooms", calls::check),
    ("nothing of one machine is in the project", private::check),
    ("every file is in its folder's list", registries::check),
    ("files can be held in mind", sizes::check),
];

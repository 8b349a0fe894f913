//! The secret engine: finds leaked secrets in text, trees and git history; knows nothing of incidents.

pub mod finding;
pub mod generic;
pub mod rule;

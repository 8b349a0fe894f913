//! The secret engine: finds leaked secrets in text, trees and git history; knows nothing of incidents.

pub mod decode;
pub mod finding;
mod gate;
pub mod generic;
pub mod rule;
mod text;

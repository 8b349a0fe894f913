//! What people sign in with, and what keeps others from it. Secrets are kept as hashes or sealed.

pub mod ceremony;
pub mod guess;
pub mod invitation;
pub mod passkey;
pub mod password;
pub mod session;
pub mod sign_on;

/// The statements of the files here, by file.
#[cfg(test)]
pub(crate) const STATEMENTS: &[&[(&str, crate::statements::Sql)]] =
    &[ceremony::ALL, guess::ALL, invitation::ALL, passkey::ALL, password::ALL, session::ALL, sign_on::ALL];

//! Signing in: by a one-time link or with a token.

use askama::Template;

use super::filters;

/// The page without a link: a token is pasted.
#[derive(Template)]
#[template(path = "sign_in.html")]
pub(crate) struct SignIn {
    /// Where the reader wanted to go.
    pub(crate) next: String,
    pub(crate) failed: String,
    /// The page follows a one-time link: a button redeems it, because a look by a mail scanner must not.
    pub(crate) link: Option<String>,
}

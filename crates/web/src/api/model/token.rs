//! Tokens, and who asks.

use serde::Serialize;
use utoipa::ToSchema;
use watchfire_core::access::{Identity, Role};
use watchfire_core::id::TokenId;
use watchfire_engine::{NewToken, Token};

use super::words::{RoleWord, TokenKindWord};
use super::{ActorDocument, At};

/// A credential; its secret is kept nowhere.
#[derive(Serialize, ToSchema)]
#[schema(as = Token)]
pub(crate) struct TokenDocument {
    #[schema(value_type = String, format = "uuid")]
    id: TokenId,
    name: String,
    #[schema(value_type = TokenKindWord)]
    kind: String,
    #[schema(value_type = RoleWord)]
    role: Role,
    /// What it may be used for.
    scopes: Vec<&'static str>,
    /// Who made it: it never reaches further than they do now.
    owner: Option<String>,
    /// Who acts with it.
    actor: ActorDocument,
    created_at: At,
    expires_at: Option<At>,
    last_used_at: Option<At>,
    revoked_at: Option<At>,
}

/// A token just made.
#[derive(Serialize, ToSchema)]
#[schema(as = NewToken)]
pub(crate) struct NewTokenDocument {
    #[serde(flatten)]
    token: TokenDocument,
    /// The token itself: shown this once.
    secret: String,
}

/// All tokens, the newest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct TokenList {
    items: Vec<TokenDocument>,
    next: Option<String>,
}

/// Who asks, and how far they reach.
#[derive(Serialize, ToSchema)]
#[schema(as = Me)]
pub(crate) struct MeDocument {
    actor: ActorDocument,
    #[schema(value_type = RoleWord)]
    role: Role,
    /// What the credential may be used for.
    scopes: Vec<&'static str>,
}

impl From<Token> for TokenDocument {
    fn from(token: Token) -> Self {
        Self {
            id: token.id,
            name: token.name,
            kind: token.kind,
            role: token.role,
            scopes: token.powers.words(),
            owner: token.owner,
            actor: token.actor.into(),
            created_at: At(token.created_at),
            expires_at: token.expires_at.map(At),
            last_used_at: token.last_used_at.map(At),
            revoked_at: token.revoked_at.map(At),
        }
    }
}

impl From<Vec<Token>> for TokenList {
    fn from(tokens: Vec<Token>) -> Self {
        Self { items: tokens.into_iter().map(TokenDocument::from).collect(), next: None }
    }
}

impl From<NewToken> for NewTokenDocument {
    fn from(new: NewToken) -> Self {
        Self { token: new.token.into(), secret: new.secret }
    }
}

impl From<Identity> for MeDocument {
    fn from(who: Identity) -> Self {
        Self { scopes: who.powers.words(), actor: who.actor.into(), role: who.role }
    }
}

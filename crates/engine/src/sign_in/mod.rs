//! How people prove who they are: passwords, passkeys, the organisation's identity provider, one-time links.
//!
//! Every way ends in [`Engine::open`](crate::Engine), which writes session and entry in one transaction. What an unknown
//! account costs and answers is what a wrong password costs and answers.

mod account;
mod break_glass;
mod by_passkey;
mod by_password;
mod by_sign_on;
mod ceremony;
mod guess;
mod invite;
mod letter;
mod link;
mod outside;
mod password;
mod proof;
mod refused;
mod session;
mod settings;
mod setup;

pub use account::{Account, PasskeyRow};
pub use break_glass::BreakGlass;
pub use by_sign_on::SignedOn;
pub use ceremony::{Asked as Question, PATIENCE};
pub use invite::{InvitationRow, NewInvitation, NewLink};
pub use link::{Credential, LinkFor};
pub use outside::{Asked, Callback, Claims, Flow, Groups, Passkeys, Refused, Sessions, SignOn, SignOnWay, Ways};
pub use password::Cost;
pub(crate) use password::Hasher;
pub use refused::SignInError;
pub use session::{Opened, SessionRow};
pub use settings::{SignInSettings, SignOnState};
pub use setup::Setup;
pub use watchfire_store::sign_in::invitation::{Invitation, Kind as LinkKind};

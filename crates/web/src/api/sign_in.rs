//! How people sign in, who is asked in, and one's own sessions.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use watchfire_core::access::Role;
use watchfire_engine::sign_in::{Invitation, InvitationRow, NewInvitation, NewLink, SessionRow, SignInSettings};

use super::extract::{Body, Caller, Name, Uuid};
use super::failure::Failure;
use super::model::At;
use super::model::words::RoleWord;
use crate::AppState;

/// How people sign in.
#[derive(Serialize, ToSchema)]
#[schema(as = SignIn)]
struct SignInDocument {
    /// Minutes after which a session that is not used ends.
    session_idle_minutes: i64,
    /// Hours after which every session ends.
    session_hours: i64,
    /// Passkeys work at the address of this installation.
    passkeys: bool,
    /// People whom the identity provider vouches for come in without an invitation, as restricted.
    join_by_sign_on: bool,
    /// The identity provider; null is none.
    sign_on: Option<SignOnDocument>,
}

/// The identity provider as it is now.
#[derive(Serialize, ToSchema)]
#[schema(as = SignOn)]
struct SignOnDocument {
    name: String,
    /// The address to send to people ahead; it leads to the provider.
    login_url: String,
    /// The address to register at the provider.
    redirect_uri: String,
    /// Why it does not work just now; null works.
    trouble: Option<String>,
}

/// What is to change.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SignInWish {
    join_by_sign_on: bool,
}

/// Somebody who was asked in.
#[derive(Serialize, ToSchema)]
#[schema(as = Invitation)]
struct InvitationDocument {
    id: String,
    login: String,
    #[schema(value_type = RoleWord)]
    role: Role,
    teams: Vec<String>,
    made_by: String,
    /// open, used, revoked or expired.
    state: String,
    created_at: At,
    expires_at: At,
}

/// A link just made.
#[derive(Serialize, ToSchema)]
#[schema(as = NewLink)]
struct NewLinkDocument {
    login: String,
    /// The address to send: shown this once, works once.
    url: String,
    /// The channel by which an invitation was mailed too; null where it has to be handed over.
    mailed_through: Option<String>,
    expires_at: At,
}

/// Invitations, the newest first.
#[derive(Serialize, ToSchema)]
struct InvitationList {
    items: Vec<InvitationDocument>,
    next: Option<String>,
}

/// Somebody to be asked in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct InvitationWish {
    /// A mail address.
    login: String,
    /// Without one they say it themselves.
    #[serde(default)]
    name: String,
    /// Never further than you reach.
    #[schema(value_type = RoleWord)]
    role: Role,
    #[serde(default)]
    teams: Vec<String>,
}

/// Somebody who cannot sign in any more.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RecoveryWish {
    login: String,
}

/// A session of one's own.
#[derive(Serialize, ToSchema)]
#[schema(as = Session)]
struct SessionDocument {
    id: String,
    /// How it was opened: password, passkey, sign-on, link or token.
    means: String,
    device: String,
    created_at: At,
    seen_at: At,
    expires_at: At,
}

/// One's own sessions, last used first.
#[derive(Serialize, ToSchema)]
struct SessionList {
    items: Vec<SessionDocument>,
    next: Option<String>,
}

/// The routes of signing in.
pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(get_sign_in, set_sign_in))
        .routes(routes!(list_invitations, invite))
        .routes(routes!(revoke_invitation))
        .routes(routes!(renew_invitation))
        .routes(routes!(add_recovery_link))
        .routes(routes!(list_sessions))
        .routes(routes!(end_session))
}

/// Tells how people sign in, and asks the identity provider whether it is there.
#[utoipa::path(get, path = "/sign-in", tag = "tokens", responses((status = 200, body = SignInDocument)))]
async fn get_sign_in(State(state): State<AppState>, Caller(who): Caller) -> Result<Json<SignInDocument>, Failure> {
    Ok(Json(state.engine.sign_in_settings(&who).await?.into()))
}

/// Says whether people of the identity provider come in without an invitation; refused where it does not work.
#[utoipa::path(put, path = "/sign-in", tag = "tokens", request_body = SignInWish, responses((status = 200, body = SignInDocument)))]
async fn set_sign_in(
    State(state): State<AppState>,
    Caller(who): Caller,
    Body(wish): Body<SignInWish>,
) -> Result<Json<SignInDocument>, Failure> {
    state.engine.set_join_by_sign_on(&who, wish.join_by_sign_on).await?;
    Ok(Json(state.engine.sign_in_settings(&who).await?.into()))
}

/// Lists who was asked in.
#[utoipa::path(get, path = "/invitations", tag = "tokens", responses((status = 200, body = InvitationList)))]
async fn list_invitations(State(state): State<AppState>, Caller(who): Caller) -> Result<Json<InvitationList>, Failure> {
    let items = state.engine.invitations(&who).await?.into_iter().map(InvitationDocument::from).collect();
    Ok(Json(InvitationList { items, next: None }))
}

/// Asks somebody in. The link is shown this once, and mailed to them where a channel writes mail.
#[utoipa::path(post, path = "/invitations", tag = "tokens", request_body = InvitationWish, responses((status = CREATED, body = NewLinkDocument)))]
async fn invite(
    State(state): State<AppState>,
    Caller(who): Caller,
    Body(wish): Body<InvitationWish>,
) -> Result<(StatusCode, Json<NewLinkDocument>), Failure> {
    let wanted = NewInvitation { login: wish.login, name: wish.name, role: wish.role, teams: wish.teams };
    Ok((StatusCode::CREATED, Json(state.engine.invite(&who, wanted).await?.into())))
}

/// Gives an invitation that was not taken up a new link and a new week.
#[utoipa::path(post, path = "/invitations/{id}/renew", tag = "tokens", params(("id" = String, Path)), responses((status = 200, body = NewLinkDocument)))]
async fn renew_invitation(
    State(state): State<AppState>,
    Caller(who): Caller,
    Uuid(id): Uuid<Invitation>,
) -> Result<Json<NewLinkDocument>, Failure> {
    Ok(Json(state.engine.renew_invitation(&who, id).await?.into()))
}

/// Takes an invitation back.
#[utoipa::path(delete, path = "/invitations/{id}", tag = "tokens", params(("id" = String, Path)), responses((status = 204)))]
async fn revoke_invitation(
    State(state): State<AppState>,
    Caller(who): Caller,
    Uuid(id): Uuid<Invitation>,
) -> Result<StatusCode, Failure> {
    state.engine.revoke_invitation(&who, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Makes a link by which somebody sets up a new way to sign in. It is shown this once.
#[utoipa::path(post, path = "/recovery-links", tag = "tokens", request_body = RecoveryWish, responses((status = CREATED, body = NewLinkDocument)))]
async fn add_recovery_link(
    State(state): State<AppState>,
    Caller(who): Caller,
    Body(wish): Body<RecoveryWish>,
) -> Result<(StatusCode, Json<NewLinkDocument>), Failure> {
    Ok((StatusCode::CREATED, Json(state.engine.recovery_link(&who, &wish.login).await?.into())))
}

/// Lists your own sessions.
#[utoipa::path(get, path = "/me/sessions", tag = "tokens", responses((status = 200, body = SessionList)))]
async fn list_sessions(State(state): State<AppState>, Caller(who): Caller) -> Result<Json<SessionList>, Failure> {
    let items = state.engine.sessions(&who, None).await?.into_iter().map(SessionDocument::from).collect();
    Ok(Json(SessionList { items, next: None }))
}

/// Ends one of your own sessions, at once.
#[utoipa::path(delete, path = "/me/sessions/{id}", tag = "tokens", params(("id" = String, Path)), responses((status = 204)))]
async fn end_session(State(state): State<AppState>, Caller(who): Caller, Name(id): Name) -> Result<StatusCode, Failure> {
    state.engine.end_own_session(&who, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<SignInSettings> for SignInDocument {
    fn from(settings: SignInSettings) -> Self {
        Self {
            session_idle_minutes: settings.sessions.idle.as_mins(),
            session_hours: settings.sessions.whole.as_hours(),
            passkeys: settings.passkeys,
            join_by_sign_on: settings.join_by_sign_on,
            sign_on: settings.sign_on.map(|on| SignOnDocument {
                name: on.name,
                login_url: on.login_url,
                redirect_uri: on.redirect_uri,
                trouble: on.trouble,
            }),
        }
    }
}

impl From<InvitationRow> for InvitationDocument {
    fn from(row: InvitationRow) -> Self {
        let Invitation { id, login, role, teams, made_by, created_at, expires_at, .. } = row.invitation;
        let (created_at, expires_at) = (At(created_at), At(expires_at));
        Self { id: id.to_string(), login, role, teams, made_by, state: row.state.to_owned(), created_at, expires_at }
    }
}

impl From<NewLink> for NewLinkDocument {
    fn from(link: NewLink) -> Self {
        Self {
            login: link.invitation.login,
            url: link.url,
            mailed_through: link.mailed_through,
            expires_at: At(link.invitation.expires_at),
        }
    }
}

impl From<SessionRow> for SessionDocument {
    fn from(row: SessionRow) -> Self {
        let (created_at, seen_at, expires_at) = (At(row.created_at), At(row.seen_at), At(row.expires_at));
        Self { id: row.id, means: row.means, device: row.device, created_at, seen_at, expires_at }
    }
}

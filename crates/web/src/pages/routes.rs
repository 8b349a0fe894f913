//! Every address of the console.

use axum::Router;
use axum::middleware::from_fn;
use axum::response::Redirect;
use axum::routing::{get, post};

use super::failed::Failed;
use super::incident::{access, acts, briefing, build, document, people as room_people, say, triage, update};
use super::oncall::{acts as on_call, feeds};
use super::{account, passkey, prove, sign_in_settings, sign_on, visit, welcome};
use super::{
    acknowledge, alert, alerts, board, channel_acts as channels, chat, contacts, declare, event, events, incidents, metrics,
    paging, people, plans, record, report, search, settings, sign_in, source_acts as sources, teams, tokens, work,
};
use crate::{AppState, assets, live};

/// What else can be set: symbol, address, title, one sentence. Rooms add their line here.
pub(super) const MORE_SETTINGS: [(&str, &str, &str, &str); 4] = [
    ("comms", "/channels", "Channels", "Ways to reach people, and how far each is trusted"),
    ("people", "/settings/sign-in", "Sign-in", "The identity provider, invitations, links for those who are shut out"),
    ("oncall", "/contacts", "How I am reached", "Your contacts in their order, and your quiet hours"),
    ("person", "/chat", "Your chat accounts", "What you may do from a chat"),
];

/// Returns the console: pages, their forms, their files and their live stream.
pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route("/", get(|| async { Redirect::to("/incidents") }))
        .route("/incidents", get(incidents::list).post(declare::declare))
        .route("/incidents/new", get(declare::form))
        .route("/incidents/{id}", get(build::show))
        .route("/incidents/{id}/say", post(say::say))
        .route("/incidents/{id}/parse", post(say::parse))
        .route("/incidents/{id}/acknowledge", post(acts::acknowledge))
        .route("/incidents/{id}/phase", post(acts::phase))
        .route("/incidents/{id}/severity", post(acts::severity))
        .route("/incidents/{id}/role", post(acts::role))
        .route("/incidents/{id}/summary", post(acts::summary))
        .route("/incidents/{id}/links", post(acts::links))
        .route("/incidents/{id}/rooms", post(acts::room))
        .route("/incidents/{id}/page", post(acts::page))
        .route("/incidents/{id}/grants", post(access::grant))
        .route("/incidents/{id}/grants/{grant}/revoke", post(access::revoke))
        .route("/incidents/{id}/spread", post(access::spread))
        .route("/incidents/{id}/tasks/{number}", post(acts::task))
        .route("/incidents/{id}/tasks/{number}/consulted", post(acts::consulted))
        .route("/incidents/{id}/resolution", post(acts::resolution))
        .route("/incidents/{id}/update", get(update::form).post(update::write))
        .route("/incidents/{id}/updates", get(update::list))
        .route("/incidents/{id}/briefing", get(briefing::show))
        .route("/incidents/{id}/document", get(document::show).post(document::write))
        .route("/incidents/{id}/people", get(room_people::show))
        .route("/incidents/{id}/report", get(triage::show).post(triage::act))
        .route("/alerts", get(alerts::list))
        .route("/alerts/acknowledge", post(alert::acknowledge_all))
        .route("/alerts/{id}", get(alert::show))
        .route("/alerts/{id}/acknowledge", post(alert::acknowledge))
        .route("/alerts/{id}/resolve", post(alert::resolve))
        .route("/alerts/{id}/silence", post(alert::silence))
        .route("/alerts/{id}/silence/{silence}/end", post(alert::end_silence))
        .route("/events", get(events::list))
        .route("/events/{id}", get(event::show))
        .route("/events/{id}/raw", get(event::raw))
        .route("/events/{id}/requeue", post(event::requeue))
        .route("/on-call", get(on_call::show))
        .route("/on-call/overrides", post(on_call::change))
        .route("/on-call/overrides/{id}/end", post(on_call::end))
        .route("/on-call/swaps", post(on_call::offer))
        .route("/on-call/swaps/{id}/accept", post(on_call::accept))
        .route("/on-call/swaps/{id}/refuse", post(on_call::refuse))
        .route("/on-call/feeds", get(feeds::list).post(feeds::add))
        .route("/on-call/feeds/{id}/revoke", post(feeds::revoke))
        .route("/calendars/{secret}", get(feeds::calendar))
        .route("/sources", get(sources::list).post(sources::add))
        .route("/sources/new", get(sources::new))
        .route("/sources/{id}", get(sources::show))
        .route("/sources/{id}/rotate", post(sources::rotate))
        .route("/sources/{id}/disable", post(sources::disable))
        .route("/sources/{id}/enable", post(sources::enable))
        .route("/sources/{id}/settings", post(sources::set))
        .route("/sources/{id}/try", post(sources::attempt))
        .route("/channels", get(channels::list).post(channels::add))
        .route("/channels/new", get(channels::new))
        .route("/channels/{id}", get(channels::show))
        .route("/channels/{id}/settings", post(channels::set))
        .route("/channels/{id}/trust", post(channels::trust))
        .route("/channels/{id}/test", post(channels::test))
        .route("/channels/{id}/disable", post(channels::disable))
        .route("/channels/{id}/enable", post(channels::enable))
        .route("/chat", get(chat::list))
        .route("/chat/code", post(chat::code))
        .route("/chat/unlink", post(chat::unlink))
        .route("/pages", get(paging::list))
        .route("/pages/{id}", get(paging::show))
        .route("/pages/{id}/acknowledge", post(paging::acknowledge))
        .route("/contacts", get(contacts::list).post(contacts::add))
        .route("/contacts/quiet", post(contacts::quiet))
        .route("/contacts/{id}/verify", post(contacts::verify))
        .route("/contacts/{id}/code", post(contacts::code))
        .route("/contacts/{id}/first", post(contacts::first))
        .route("/contacts/{id}/remove", post(contacts::remove))
        .route("/acknowledge/{link}", get(acknowledge::show).post(acknowledge::redeem))
        .route("/plans", get(plans::current))
        .route("/plans/{version}", get(plans::version))
        .route("/record", get(record::list))
        .route("/report", get(report::form).post(report::report))
        .route("/work", get(work::show))
        .route("/board", get(board::show))
        .route("/figures", get(metrics::show))
        .route("/figures.csv", get(metrics::csv))
        .route("/settings", get(settings::show))
        .route("/people", get(people::list).post(people::add))
        .route("/people/{login}", get(people::show).post(people::change))
        .route("/people/{login}/role", post(people::role))
        .route("/people/{login}/disable", post(people::disable))
        .route("/people/{login}/enable", post(people::enable))
        .route("/teams", get(teams::list))
        .route("/teams/{team}/member", post(teams::member))
        .route("/tokens", get(tokens::list).post(tokens::add))
        .route("/tokens/{id}/revoke", post(tokens::revoke))
        .route("/search", get(search::search))
        .route("/sign-in", get(sign_in::form).post(sign_in::by_form))
        .route("/sign-in/passkey", post(sign_in::by_passkey))
        .route("/sign-in/passkey/ask", post(passkey::ask))
        .route("/sign-in/sign-on", get(sign_on::there))
        .route("/sign-in/sign-on/back", get(sign_on::back))
        .route("/sign-in/{link}", get(sign_in::link).post(sign_in::by_link))
        .route("/sign-out", post(sign_in::out))
        .route("/welcome/{link}", get(welcome::show).post(welcome::submit))
        .route("/welcome/{link}/passkey", post(welcome::ask))
        .route("/prove", get(prove::form).post(prove::submit))
        .route("/account", get(account::show))
        .route("/account/password", post(account::password))
        .route("/account/passkeys", post(account::passkey))
        .route("/account/passkeys/ask", post(passkey::ask_for_own))
        .route("/account/passkeys/{id}/remove", post(account::remove_passkey))
        .route("/account/sessions/{id}/end", post(account::end_session))
        .route("/account/sessions/end-others", post(account::end_others))
        .route("/account/sign-on", get(sign_on::connect))
        .route("/settings/sign-in", get(sign_in_settings::show).post(sign_in_settings::set))
        .route("/invitations", post(sign_in_settings::invite))
        .route("/invitations/{id}/renew", post(sign_in_settings::renew))
        .route("/invitations/{id}/revoke", post(sign_in_settings::revoke))
        .route("/recovery-links", post(sign_in_settings::recover))
        .route("/theme", post(sign_in::theme_form))
        .route("/live", get(live::stream))
        .route("/assets/{hash}/{name}", get(assets::serve))
        .fallback(not_found)
        .layer(from_fn(visit::around))
}

/// Answers for every address that is none.
async fn not_found() -> Failed {
    Failed::not_found()
}

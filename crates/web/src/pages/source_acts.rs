//! The pages and forms of sources, each one engine call.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use watchfire_core::access::Right;
use watchfire_core::alert::Observation;
use watchfire_core::source::{About, CredentialKind, Headers, Parsed, Settings};
use watchfire_engine::{Error, NewSource, SourceOverview};

use super::failed::refusal;
use super::form::Fields;
use super::frame::Room;
use super::setup;
use super::sources::{Detail, Family, Form, Fresh, Kind, Row, Setting, Shown, Sources, Tried, TriedAlert};
use super::visit::{Answer, Visit};

/// Answers with the list and nothing chosen, or the first source when there is one.
pub(crate) async fn list(visit: Visit) -> Answer {
    let room = build(&visit, None).await?;
    visit.show("Sources", Room::Sources, true, room).await
}

/// Answers with one source.
pub(crate) async fn show(visit: Visit, Path(id): Path<String>) -> Answer {
    let room = build(&visit, Some(&id)).await?;
    visit.show("Source", Room::Sources, true, room).await
}

/// Gathers the list and the chosen source.
///
/// # Errors
/// Not found, the role does not reach, or the store does not answer.
pub(crate) async fn build(visit: &Visit, id: Option<&str>) -> Result<Sources, Error> {
    let shown = match id {
        Some(id) => Shown::One(Box::new(detail(visit, id).await?)),
        None => Shown::Nothing,
    };
    room(visit, shown).await
}

/// Answers with the kinds to choose from, or the form of one.
pub(crate) async fn new(visit: Visit) -> Answer {
    visit.who.may(Right::Configure).map_err(Error::from)?;
    let shown = match visit.query.get("kind") {
        Some(kind) => Shown::New(form(&visit, kind, &Fields::default())?),
        None => Shown::Kinds(families(&visit.engine.source_kinds())),
    };
    let room = room(&visit, shown).await?;
    visit.show("Add a source", Room::Sources, false, room).await
}

/// Makes a source and shows its key and secret, this once.
pub(crate) async fn add(visit: Visit, fields: Fields) -> Answer {
    let (kind, settings) = (fields.get("kind"), settings_of(&fields));
    match visit.engine.add_source(&visit.who, kind, fields.get("name"), settings).await {
        Ok(made) => fresh(&visit, made).await,
        Err(error) => {
            let (status, message) = refusal(error)?;
            let mut form = form(&visit, kind, &fields)?;
            message.trim_end_matches('.').clone_into(&mut form.failed);
            let room = room(&visit, Shown::New(form)).await?;
            visit.show_as(status, "Add a source", Room::Sources, false, room).await
        }
    }
}

/// Makes a new secret and shows it, this once.
pub(crate) async fn rotate(visit: Visit, Path(id): Path<String>) -> Answer {
    let made = visit.engine.rotate_source(&visit.who, &id).await?;
    fresh(&visit, made).await
}

/// Turns a source off.
pub(crate) async fn disable(visit: Visit, Path(id): Path<String>) -> Answer {
    visit.engine.disable_source(&visit.who, &id).await?;
    Ok(back(&id))
}

/// Turns a source on.
pub(crate) async fn enable(visit: Visit, Path(id): Path<String>) -> Answer {
    visit.engine.enable_source(&visit.who, &id).await?;
    Ok(back(&id))
}

/// Replaces a source's settings.
pub(crate) async fn set(visit: Visit, Path(id): Path<String>, fields: Fields) -> Answer {
    match visit.engine.set_source(&visit.who, &id, settings_of(&fields)).await {
        Ok(_) => Ok(back(&id)),
        Err(error) => {
            let (status, message) = refusal(error)?;
            let mut detail = detail(&visit, &id).await?;
            message.trim_end_matches('.').clone_into(&mut detail.failed);
            keep(&mut detail.settings, &fields);
            one(&visit, status, detail).await
        }
    }
}

/// Shows what a body would become; stores nothing.
pub(crate) async fn attempt(visit: Visit, Path(id): Path<String>, fields: Fields) -> Answer {
    let source = visit.engine.source(&visit.who, &id).await?;
    let body = fields.raw("body");
    let headers = Headers::from_iter([("content-type", "application/json")]);
    let parsed = visit.engine.try_source(&visit.who, &source.kind, &source.settings, &headers, body.as_bytes());
    let tried = match parsed {
        Ok(parsed) => tried(parsed),
        Err(error) => Tried { alerts: Vec::new(), remark: refusal(error)?.1, failed: true },
    };
    let mut detail = detail(&visit, &id).await?;
    body.clone_into(&mut detail.try_body);
    detail.tried = Some(tried);
    one(&visit, StatusCode::OK, detail).await
}

async fn fresh(visit: &Visit, made: NewSource) -> Answer {
    let mut detail = detail(visit, &made.source.id.to_string()).await?;
    detail.setup = setup::blocks(&visit.engine.setup_text(&made));
    detail.fresh = Some(Fresh { url: made.url, key: made.key, secret: made.secret });
    one(visit, StatusCode::OK, detail).await
}

async fn one(visit: &Visit, status: StatusCode, detail: Detail) -> Answer {
    // The address of the answer to a form is not the source's own, which the live stream needs.
    let visit = Visit { path: format!("/sources/{}", detail.id), ..visit.clone() };
    let room = room(&visit, Shown::One(Box::new(detail))).await?;
    visit.show_as(status, "Source", Room::Sources, true, room).await
}

async fn room(visit: &Visit, shown: Shown) -> Result<Sources, Error> {
    let sources = visit.engine.sources(&visit.who).await?;
    let kinds = visit.engine.source_kinds();
    let current = match &shown {
        Shown::One(detail) => detail.id.clone(),
        _ => String::new(),
    };
    let row = |source: &SourceOverview| Row {
        id: source.id.to_string(),
        name: source.name.clone(),
        kind: title(&kinds, &source.kind),
        events: source.events,
        quarantined: source.quarantined,
        last_at: source.last_event_at,
        off: source.disabled_at.is_some(),
        current: source.id.to_string() == current,
    };
    let rows = sources.iter().map(row).collect();
    Ok(Sources { now: visit.now, rows, may_configure: visit.may(Right::Configure), shown })
}

async fn detail(visit: &Visit, id: &str) -> Result<Detail, Error> {
    let source = visit.engine.source(&visit.who, id).await?;
    let kinds = visit.engine.source_kinds();
    let about = kinds.iter().find(|about| about.kind == source.kind);
    let text = match about {
        Some(_) if visit.may(Right::Configure) => visit.engine.source_setup(&visit.who, &source.id.to_string()).await?,
        Some(about) => about.setup.to_owned(),
        None => String::new(),
    };
    Ok(Detail {
        id: source.id.to_string(),
        kind_title: title(&kinds, &source.kind),
        created_at: source.created_at,
        off: source.disabled_at.is_some(),
        last_at: source.last_event_at,
        events: source.events,
        quarantined: source.quarantined,
        setup: setup::blocks(&text),
        settings: about.map_or_else(Vec::new, |about| settings(about, &source.settings)),
        severities: about.map_or_else(Vec::new, |about| severities(about)),
        reference: about.map_or_else(String::new, |about| about.reference.to_owned()),
        fresh: None,
        try_body: String::new(),
        tried: None,
        failed: String::new(),
        name: source.name,
    })
}

fn form(visit: &Visit, kind: &str, fields: &Fields) -> Result<Form, Error> {
    let kinds = visit.engine.source_kinds();
    let about = kinds.iter().find(|about| about.kind == kind).ok_or(Error::NotFound("kind of source"))?;
    let mut settings = settings(about, &Settings::new());
    keep(&mut settings, fields);
    Ok(Form {
        kind: about.kind.to_owned(),
        title: about.title.to_owned(),
        summary: about.summary.to_owned(),
        credential: match about.credential {
            CredentialKind::Signature => "Deliveries are signed with a shared secret.",
            CredentialKind::Token => "Deliveries carry a shared token.",
            CredentialKind::Certificate => "Deliveries are signed with the sender’s certificate.",
            CredentialKind::Key => "Deliveries carry the source’s key in the sender’s own form.",
        },
        name: fields.get("name").to_owned(),
        settings,
        setup: setup::blocks(about.setup),
        failed: String::new(),
    })
}

fn settings(about: &About, values: &Settings) -> Vec<Setting> {
    let setting = |(name, words): &(&str, &str)| Setting {
        name: (*name).to_owned(),
        about: (*words).to_owned(),
        value: values.get(*name).cloned().unwrap_or_default(),
    };
    about.settings.iter().map(setting).collect()
}

fn settings_of(fields: &Fields) -> Settings {
    fields.under("setting.").collect()
}

/// Keeps what was typed when a form is shown again.
fn keep(settings: &mut [Setting], fields: &Fields) {
    let typed = settings_of(fields);
    for setting in settings {
        if let Some(value) = typed.get(&setting.name) {
            value.clone_into(&mut setting.value);
        }
    }
}

fn severities(about: &About) -> Vec<(String, String)> {
    about.severities.iter().map(|(theirs, ours)| ((*theirs).to_owned(), (*ours).to_owned())).collect()
}

fn families(kinds: &[&'static About]) -> Vec<Family> {
    let mut sorted = kinds.to_vec();
    sorted.sort_by_key(|about| (about.family, about.title));
    let mut families: Vec<Family> = Vec::new();
    for about in sorted {
        let title = about.family.title();
        if families.last().is_none_or(|family| family.title != title) {
            families.push(Family { title, kinds: Vec::new() });
        }
        if let Some(family) = families.last_mut() {
            family.kinds.push(Kind {
                kind: about.kind.to_owned(),
                title: about.title.to_owned(),
                summary: about.summary.to_owned(),
            });
        }
    }
    families
}

fn title(kinds: &[&'static About], kind: &str) -> String {
    kinds.iter().find(|about| about.kind == kind).map_or_else(|| kind.to_owned(), |about| about.title.to_owned())
}

fn tried(parsed: Parsed) -> Tried {
    let remark = match (&parsed.remark, parsed.observations.is_empty()) {
        (Some(remark), _) => format!("Nothing to alert about: {remark}."),
        (None, true) => "Nothing to alert about.".to_owned(),
        (None, false) => String::new(),
    };
    let alert = |observation: Observation| TriedAlert {
        title: observation.title,
        severity: observation.severity,
        source_severity: observation.source_severity.unwrap_or_default(),
        signal: format!("{:?}", observation.signal).to_lowercase(),
        dedup_key: observation.dedup_key.to_string(),
        resource: observation.resource.unwrap_or_default(),
    };
    let alerts = parsed.observations.into_iter().take(20).map(|observation| alert(observation.bounded())).collect();
    Tried { alerts, remark, failed: false }
}

fn back(id: &str) -> Response {
    Redirect::to(&format!("/sources/{}", super::query::encode(id))).into_response()
}

//! Why a page cannot be shown or a form was refused.

use askama::Template;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use watchfire_engine::Error;

use super::fault::Fault;
use super::frame::Plain;

/// A fault on the way to a page; answered as a page of its own.
#[derive(Debug)]
pub(crate) struct Failed {
    status: StatusCode,
    title: &'static str,
    text: String,
    id: String,
    /// Where to go instead of the list of incidents, and what that is called.
    way: Option<(&'static str, &'static str)>,
}

impl Failed {
    /// Says that there is nothing here, or nothing that is the reader's to see: the same answer.
    pub(crate) fn not_found() -> Self {
        let text = "There is nothing here, or it is not yours to see.".to_owned();
        Self { status: StatusCode::NOT_FOUND, title: "Not found", text, id: String::new(), way: None }
    }

    /// Returns the room alone, without the page around it.
    pub(crate) fn fragment(self) -> String {
        let room = Fault { title: self.title.to_owned(), text: self.text, id: self.id, way: self.way }.render();
        room.unwrap_or_else(|_| self.title.to_owned())
    }
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        let failed = |status, title, text: String| Self { status, title, text, id: String::new(), way: None };
        match error {
            Error::NotFound(_) => Self::not_found(),
            Error::Denied(denied) => failed(StatusCode::FORBIDDEN, "Not allowed", format!("{}.", capital(&denied.to_string()))),
            Error::Proof => {
                let text =
                    "This needs a proof from the last five minutes that it is you. Give it, then send the form again.".to_owned();
                let way = Some(("/prove", "Prove that it is you"));
                Self { status: StatusCode::FORBIDDEN, title: "Prove that it is you first", text, id: String::new(), way }
            }
            Error::Unavailable | Error::Overloaded => {
                let text = "The store does not answer. Nothing was changed; what was accepted is kept. Load the page again.";
                failed(StatusCode::SERVICE_UNAVAILABLE, "This page could not be loaded", text.to_owned())
            }
            Error::Internal(cause) => {
                let id = crate::limit::current_request_id().map_or_else(String::new, |id| id.to_string());
                tracing::error!(error = %cause, request.id = %id, "a page could not be shown");
                let text = "A fault in Watchfire or its store.".to_owned();
                Self { status: StatusCode::INTERNAL_SERVER_ERROR, title: "This page could not be loaded", text, id, way: None }
            }
            refused => failed(refusal_status(&refused), "This could not be done", format!("{}.", capital(&refused.to_string()))),
        }
    }
}

impl From<askama::Error> for Failed {
    fn from(error: askama::Error) -> Self {
        tracing::error!(%error, "a template did not render");
        let text = "The page could not be written.".to_owned();
        Self {
            status: StatusCode::INTERNAL_SERVER_ERROR,
            title: "This page could not be loaded",
            text,
            id: String::new(),
            way: None,
        }
    }
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        let content = Fault { title: self.title.to_owned(), text: self.text, id: self.id, way: self.way };
        let page = Plain { title: self.title, theme: super::visit::present_theme(), content }.render();
        let mut response = (self.status, Html(page.unwrap_or_else(|_| self.title.to_owned()))).into_response();
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(header::RETRY_AFTER, header::HeaderValue::from_static("5"));
        }
        response
    }
}

/// Tells an engine's refusal, which the form that caused it shows, from a fault that no form can mend.
///
/// # Errors
/// The fault.
pub(crate) fn refusal(error: Error) -> Result<(StatusCode, String), Failed> {
    match error {
        Error::Refused(_) | Error::Conflict | Error::Invalid { .. } | Error::Plans(_) => {
            let text = match &error {
                Error::Invalid { message, .. } => message.clone(),
                other => other.to_string(),
            };
            Ok((refusal_status(&error), capital(&text)))
        }
        fault => Err(fault.into()),
    }
}

fn refusal_status(error: &Error) -> StatusCode {
    match error {
        Error::Refused(_) | Error::Conflict => StatusCode::CONFLICT,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

fn capital(text: &str) -> String {
    super::filters::title(text)
}

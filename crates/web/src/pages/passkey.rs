//! What passkey forms have in common: the question, its cookie, the answer.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use watchfire_engine::sign_in::{Credential, PATIENCE, Question, SignInError};

use super::failed::Failed;
use super::form::Fields;
use super::visit::Visit;
use crate::AppState;
use crate::api::problem_of;
use crate::cookies::Secret;
use crate::limit::ClientAddress;
use crate::problem::Problem;

/// Asks whoever sits there to prove who they are; for signing in and for proving again.
pub(crate) async fn ask(State(state): State<AppState>, client: Result<ClientAddress, Problem>) -> Response {
    if let Err(problem) = client.and_then(|ClientAddress(address)| state.questions.check(&address).map_err(Problem::from)) {
        return problem.into_response();
    }
    question(&state, state.engine.ask_for_passkey().await)
}

/// Asks for a new passkey of one's own.
pub(crate) async fn ask_for_own(State(state): State<AppState>, visit: Visit) -> Response {
    question(&state, state.engine.ask_for_own_passkey(&visit.who).await)
}

/// Answers with a question and ties it to the browser.
pub(crate) fn question(state: &AppState, asked: Result<Question, SignInError>) -> Response {
    match asked {
        Ok(asked) => {
            let mut response = ([(header::CONTENT_TYPE, "application/json")], asked.options).into_response();
            let cookie = Secret::Question.set(state.is_https(), &asked.secret, PATIENCE.as_secs());
            response.headers_mut().extend(cookie.map(|cookie| (header::SET_COOKIE, cookie)));
            response
        }
        Err(SignInError::Engine(error)) => problem_of(error).into_response(),
        Err(told) => Problem::new(StatusCode::UNPROCESSABLE_ENTITY).kind("passkey").detail(told.to_string()).into_response(),
    }
}

/// Reads what is set up: a passkey where the browser answers a question, else a password that was typed twice.
///
/// # Errors
/// The two passwords differ, in words for the form.
pub(crate) fn credential(headers: &HeaderMap, fields: &Fields) -> Result<Credential, String> {
    match (fields.raw("answer"), Secret::Question.read(headers)) {
        ("", _) | (_, None) if fields.raw("password") != fields.raw("again") => Err("The two passwords differ.".to_owned()),
        ("", _) | (_, None) => Ok(Credential::Password(fields.raw("password").to_owned())),
        (answer, Some(question)) => {
            let name = fields.filled("passkey").unwrap_or_else(|| device(headers));
            Ok(Credential::Passkey { question: question.to_owned(), answer: answer.to_owned(), name })
        }
    }
}

/// Returns what a browser calls itself, in words that a person knows again.
pub(crate) fn device(headers: &HeaderMap) -> String {
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let first = |words: &[(&str, &'static str)]| words.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name);
    let browser =
        first(&[("Firefox/", "Firefox"), ("Edg/", "Edge"), ("OPR/", "Opera"), ("Chrome/", "Chrome"), ("Safari/", "Safari")]);
    let system = first(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => "unknown device".to_owned(),
    }
}

/// Tells words for a form from a fault that no form can mend.
///
/// # Errors
/// The fault.
pub(crate) fn told(error: SignInError) -> Result<(StatusCode, String), Failed> {
    let status = match &error {
        SignInError::Wrong => StatusCode::UNAUTHORIZED,
        SignInError::TooOften => StatusCode::TOO_MANY_REQUESTS,
        SignInError::Link => StatusCode::NOT_FOUND,
        SignInError::Weak(_) => StatusCode::UNPROCESSABLE_ENTITY,
        SignInError::Refused(_) => StatusCode::FORBIDDEN,
        SignInError::Engine(_) => StatusCode::OK,
    };
    match error {
        SignInError::Engine(error) => super::failed::refusal(error),
        told => Ok((status, format!("{}.", super::filters::title(&told.to_string())))),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn a_device_has_a_name_that_its_person_knows() {
        let named = |agent: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::USER_AGENT, HeaderValue::from_static(agent));
            device(&headers)
        };
        assert_eq!(
            named("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"),
            "Chrome on Linux"
        );
        assert_eq!(
            named("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1"),
            "Safari on iPhone"
        );
        assert_eq!(named("curl/8"), "unknown device");
        assert_eq!(device(&HeaderMap::new()), "unknown device");
    }
}

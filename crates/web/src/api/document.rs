//! The OpenAPI document.

use axum::Json;
use utoipa::OpenApi as _;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Content, Info, License, OpenApi, Ref, RefOr, ResponseBuilder, SecurityRequirement, Tag};

use super::router::operations;
use crate::problem::Problem;

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(Problem)))]
struct Base;

/// The groups of operations, in the order in which people look for them.
const TAGS: [(&str, &str); 19] = [
    ("incidents", "What people work on"),
    ("tasks", "Pieces of work within an incident"),
    ("updates", "What is said of an incident"),
    ("reports", "What somebody saw and said"),
    ("work", "What you owe, and what everybody may know"),
    ("alerts", "What sources say is wrong"),
    ("silences", "Alerts that raise nothing for a while"),
    ("events", "Deliveries as received, and what became of them"),
    ("channels", "Ways to reach people"),
    ("chat", "Your own chat accounts"),
    ("paging", "Who was told, and who answered"),
    ("sources", "Who sends events"),
    ("on-call", "Who holds which duty when"),
    ("plans", "What is decided before an incident"),
    ("record", "Everything that happened"),
    ("figures", "Counts and times"),
    ("access", "Who may see, work on and manage an incident"),
    ("people", "People, teams and the organisation"),
    ("tokens", "Credentials"),
];

/// Returns the document of the API: generated from the routes that are served.
pub fn openapi() -> OpenApi {
    let mut document = Base::openapi();
    document.merge(operations().into_openapi());
    document.info = Info::builder()
        .title("Watchfire")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some("Incident response from the first signal to the published postmortem. Lists are `{\"items\": [...], \"next\": cursor | null}`; errors are RFC 9457 problem details; writes take an `Idempotency-Key`."))
        .license(Some(License::builder().name("Apache-2.0").identifier(Some("Apache-2.0")).build()))
        .build();
    document.tags = Some(TAGS.iter().map(|(name, text)| Tag::builder().name(*name).description(Some(*text)).build()).collect());
    let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("a token of Watchfire").build();
    let components = document.components.get_or_insert_default();
    components.security_schemes.insert("token".to_owned(), RefOr::T(SecurityScheme::Http(scheme)));
    document.security = Some(vec![SecurityRequirement::new("token", Vec::<String>::new())]);
    for item in document.paths.paths.values_mut() {
        each_operation(item, |operation| {
            let content = Content::new(Some(RefOr::<utoipa::openapi::Schema>::Ref(Ref::from_schema_name("Problem"))));
            let problem = ResponseBuilder::new().description("A problem").content("application/problem+json", content).build();
            operation.responses.responses.insert("default".to_owned(), RefOr::T(problem));
        });
    }
    document
}

/// Serves the document; the one operation that needs no token.
pub(super) async fn serve() -> Json<OpenApi> {
    Json(openapi())
}

fn each_operation(item: &mut PathItem, mut change: impl FnMut(&mut Operation)) {
    for operation in [&mut item.get, &mut item.put, &mut item.post, &mut item.delete, &mut item.patch] {
        operation.iter_mut().for_each(&mut change);
    }
}

//! The console's own files: one style sheet, one script, one sprite, each under an address that holds its hash.

use std::io::Write;
use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};
use watchfire_core::text;

/// The parts of the style sheet in the order of the cascade; the layers make most of it independent of that.
const STYLES: [&str; 14] = [
    include_str!("../assets/css/tokens.css"),
    include_str!("../assets/css/base.css"),
    include_str!("../assets/css/frame.css"),
    include_str!("../assets/css/parts.css"),
    include_str!("../assets/css/due.css"),
    include_str!("../assets/css/list.css"),
    include_str!("../assets/css/timeline.css"),
    include_str!("../assets/css/form.css"),
    include_str!("../assets/css/oncall.css"),
    include_str!("../assets/css/rooms.css"),
    include_str!("../assets/css/work.css"),
    include_str!("../assets/css/doors.css"),
    include_str!("../assets/css/media.css"),
    include_str!("../assets/css/print.css"),
];
/// The parts of the script; the first holds what the others use, the last starts them.
const SCRIPTS: [&str; 12] = [
    include_str!("../assets/js/base.js"),
    include_str!("../assets/js/clock.js"),
    include_str!("../assets/js/focus.js"),
    include_str!("../assets/js/live.js"),
    include_str!("../assets/js/log.js"),
    include_str!("../assets/js/stream.js"),
    include_str!("../assets/js/keys.js"),
    include_str!("../assets/js/paged.js"),
    include_str!("../assets/js/composer.js"),
    include_str!("../assets/js/palette.js"),
    include_str!("../assets/js/passkeys.js"),
    include_str!("../assets/js/start.js"),
];

/// Everything that `/assets` serves.
static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| {
    vec![
        Asset::new("console.css", "text/css; charset=utf-8", STYLES.concat()),
        Asset::new(
            "console.js",
            "text/javascript; charset=utf-8",
            format!("\"use strict\";(()=>{{\n{}}})();\n", SCRIPTS.concat()),
        ),
        Asset::new("icons.svg", "image/svg+xml", include_str!("../assets/icons.svg").to_owned()),
        Asset::new("mark.svg", "image/svg+xml", include_str!("../assets/mark.svg").to_owned()),
    ]
});

/// One file as it is served.
pub(crate) struct Asset {
    pub(crate) name: &'static str,
    content_type: &'static str,
    pub(crate) text: String,
    /// The same by gzip: packed once, for a file is a secret to nobody. Pages are not packed: they hold what others wrote.
    packed: Vec<u8>,
    address: String,
}

impl Asset {
    fn new(name: &'static str, content_type: &'static str, text: String) -> Self {
        let hash = text::hex(&Sha256::digest(text.as_bytes()));
        let address = format!("/assets/{}/{name}", hash.get(..16).unwrap_or(&hash));
        Self { name, content_type, packed: gzip(text.as_bytes()).unwrap_or_default(), text, address }
    }
}

fn gzip(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    encoder.finish()
}

/// Tells whether the browser takes gzip; a weight of zero refuses it.
fn takes_gzip(headers: &HeaderMap) -> bool {
    let words = headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','));
    words.into_iter().any(|word| {
        let (coding, weight) = word.split_once(';').unwrap_or((word, ""));
        let refused = weight.trim().strip_prefix("q=").is_some_and(|weight| weight.parse() == Ok(0.0));
        coding.trim().eq_ignore_ascii_case("gzip") && !refused
    })
}

/// Returns the address of a file, which changes with its content; an unknown name gives an address that is not found.
pub(crate) fn address(name: &str) -> &'static str {
    ASSETS.iter().find(|asset| asset.name == name).map_or("/assets/-/-", |asset| asset.address.as_str())
}

/// Serves a file; an address with another version's hash gets the present file, unkept, so that a page that was
/// open during an upgrade does not lose its style.
pub(crate) async fn serve(Path((hash, name)): Path<(String, String)>, asked: HeaderMap) -> Response {
    let Some(asset) = ASSETS.iter().find(|asset| asset.name == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let present = asset.address.split('/').nth(2) == Some(hash.as_str());
    let cache = if present { "public, max-age=31536000, immutable" } else { "no-cache" };
    let headers = [(header::CONTENT_TYPE, asset.content_type), (header::CACHE_CONTROL, cache), (header::VARY, "accept-encoding")];
    if asset.packed.is_empty() || !takes_gzip(&asked) {
        return (headers, asset.text.as_str()).into_response();
    }
    let mut response = (headers, asset.packed.as_slice()).into_response();
    response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    response
}

#[cfg(test)]
pub(crate) fn all() -> &'static [Asset] {
    &ASSETS
}

#[cfg(test)]
mod tests;
